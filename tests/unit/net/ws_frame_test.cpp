#include "net/ws_frame.hpp"

#include <gtest/gtest.h>

namespace parley::net {
namespace {

using namespace std::string_literals;

std::string messages(const std::vector<SharedFrame>& frames, bool batch) {
  std::string out;
  append_messages(frames, batch, out);
  return out;
}

TEST(Frame, HoldsItsTextBehindTheShortestHeader) {
  EXPECT_EQ(make_frame("hi")->message(), "\x81\x02hi");
  EXPECT_EQ(make_frame("hi")->text(), "hi");
  EXPECT_EQ(make_frame("")->message(), "\x81\x00"s);
  EXPECT_EQ(make_frame(std::string(125, 'a'))->message().substr(0, 3), "\x81\x7d\x61");
  EXPECT_EQ(make_frame(std::string(126, 'a'))->message().substr(0, 5), "\x81\x7e\x00\x7e\x61"s);
  EXPECT_EQ(make_frame(std::string(65535, 'a'))->message().substr(0, 4), "\x81\x7e\xff\xff");
  EXPECT_EQ(make_frame(std::string(65536, 'a'))->message().substr(0, 10), "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"s);
}

TEST(Frame, SaysWhenItIsBinary) { EXPECT_EQ(Frame("x", MessageKind::Binary).message(), "\x82\x01x"); }

TEST(CloseFrame, HoldsCodeAndReason) {
  EXPECT_EQ(close_frame(1000, ""), "\x88\x02\x03\xe8");
  EXPECT_EQ(close_frame(4408, "slow"), "\x88\x06\x11\x38slow");
}

TEST(CloseFrame, CutsAReasonThatIsTooLongAtACharacter) {
  const std::string frame = close_frame(1000, std::string(122, 'a') + "ä");
  EXPECT_EQ(frame.size(), 2U + 2U + 122U);
  EXPECT_EQ(close_frame(1000, std::string(200, 'a')).size(), 2U + 125U);
}

TEST(AppendMessages, GivesEachFrameItsMessage) {
  EXPECT_EQ(messages({make_frame("a"), make_frame("b")}, false), "\x81\x01\x61\x81\x01\x62");
}

TEST(AppendMessages, LetsABatchShareAMessageALineEach) {
  EXPECT_EQ(messages({make_frame("a"), make_frame("bc"), make_frame("d")}, true), "\x81\x06\x61\nbc\nd");
  EXPECT_EQ(messages({}, true), "");
}

TEST(AppendMessages, BeginsAMessageWhereABatchWouldGrowTooLong) {
  const auto half = make_frame(std::string(kMaxBatchBytes / 2, 'h'));
  const auto rest = make_frame(std::string(kMaxBatchBytes / 2 - 1, 'r'));
  EXPECT_EQ(messages({half, rest}, true).size(), 10 + kMaxBatchBytes);
  EXPECT_EQ(messages({half, half}, true).size(), 2 * half->message().size());
}

TEST(AppendMessages, GivesAFrameThatIsLongerThanABatchAMessageOfItsOwn) {
  const auto longer = make_frame(std::string(kMaxBatchBytes + 1, 'l'));
  const auto small = make_frame("s");
  EXPECT_EQ(messages({small, longer, small}, true),
            std::string(small->message()) + std::string(longer->message()) + std::string(small->message()));
}

}  // namespace
}  // namespace parley::net
