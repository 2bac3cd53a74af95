#include "net/response_head.hpp"

#include <gtest/gtest.h>

namespace parley::net {
namespace {

std::string head(const HttpResponse& response, const ResponseOptions& options = {}) {
  std::string out = "what was there before";
  write_response_head(response, options, "D", out);
  return out;
}

TEST(ResponseHead, TellsStatusHeadersAndLength) {
  EXPECT_EQ(head({201, {{"Location", "/x"}}, "12345"}),
            "HTTP/1.1 201 Created\r\nServer: parley\r\nDate: D\r\nLocation: /x\r\nContent-Length: 5\r\n\r\n");
}

TEST(ResponseHead, TellsNoLengthWhereThereIsNoContent) {
  EXPECT_EQ(head({204, {}, ""}), "HTTP/1.1 204 No Content\r\nServer: parley\r\nDate: D\r\n\r\n");
  EXPECT_EQ(head({304, {}, ""}).find("Content-Length"), std::string::npos);
}

TEST(ResponseHead, SaysWhatBecomesOfTheConnection) {
  EXPECT_NE(head({200, {}, ""}, {.keep_alive = false}).find("Connection: close\r\n"), std::string::npos);
  EXPECT_NE(head({200, {}, ""}, {.http_1_0 = true}).find("Connection: keep-alive\r\n"), std::string::npos);
  EXPECT_EQ(head({200, {}, ""}).find("Connection"), std::string::npos);
}

TEST(ResponseHead, LetsNoValueEndItsLine) {
  EXPECT_NE(head({200, {{"X", "a\r\nSet-Cookie: b\t\x7f"}}, ""}).find("X: a  Set-Cookie: b\t \r\n"), std::string::npos);
}

TEST(DateText, IsAnHttpDate) {
  DateText date;
  const std::string text(date.now());
  ASSERT_EQ(text.size(), 29U);
  EXPECT_EQ(text.substr(3, 2), ", ");
  EXPECT_EQ(text.substr(25), " GMT");
}

}  // namespace
}  // namespace parley::net
