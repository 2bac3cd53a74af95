#include "api/request_input.hpp"

#include <gtest/gtest.h>

namespace parley::api {
namespace {

net::HttpRequest with(net::Headers headers, std::string target = "/") {
  return {.method = "GET", .target = std::move(target), .headers = std::move(headers), .body = {}, .remote = {}};
}

TEST(RequestInput, AHeaderThatSaysOneThingMayStandOnce) {
  EXPECT_EQ(only_header(with({{"a", "1"}}), "Key"), std::nullopt);
  EXPECT_EQ(only_header(with({{"a", "1"}, {"kEY", "2"}}), "Key"), "2");
  for (const auto* second : {"2", "3"}) {
    const auto twice = only_header(with({{"Key", "2"}, {"key", second}}), "Key");
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().code, codec::Problem::InvalidArgument);
    EXPECT_EQ(twice.error().errors, (std::vector<codec::FieldError>{{"Key", "stands twice"}}));
  }
}

TEST(RequestInput, OfAHeaderThatIsAListAllLinesCount) {
  EXPECT_EQ(listed_header(with({{"a", "1"}}), "List"), std::nullopt);
  EXPECT_EQ(listed_header(with({{"List", "1, 2"}, {"a", "x"}, {"list", ""}, {"LIST", "3"}}), "List"), "1, 2,,3");
}

TEST(RequestInput, OfABrokenQueryIsSaidThatItIsTheQuery) {
  const auto broken = query_of(with({}, "/x?a=%zz"));
  ASSERT_FALSE(broken);
  ASSERT_EQ(broken.error().errors.size(), 1);
  EXPECT_EQ(broken.error().errors[0].field, "query");
  EXPECT_FALSE(no_query(with({}, "/x?a=%zz")));
}

TEST(RequestInput, WhereNoParameterIsTakenAnyIsRefused) {
  EXPECT_TRUE(no_query(with({}, "/x")));
  EXPECT_TRUE(no_query(with({}, "/x?")));
  const auto unknown = no_query(with({}, "/x?a=1"));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().errors, (std::vector<codec::FieldError>{{"a", "is unknown"}}));
}

}  // namespace
}  // namespace parley::api
