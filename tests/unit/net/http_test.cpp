#include "net/http.hpp"

#include <gtest/gtest.h>

namespace parley::net {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

TEST(HttpRequest, FindsAHeaderWhateverItsCase) {
  const HttpRequest request{"GET", "/", {{"Content-Type", "a"}, {"X", "b"}, {"x", "c"}}, "", ""};
  ASSERT_NE(request.header("content-type"), nullptr);
  EXPECT_EQ(*request.header("CONTENT-TYPE"), "a");
  EXPECT_EQ(*request.header("x"), "b");
  EXPECT_EQ(request.header("content-typ"), nullptr);
}

TEST(HttpRequest, SplitsItsTargetAtTheFirstQuestionMark) {
  const HttpRequest request{"GET", "/a%20b?x=1?y", {}, "", ""};
  EXPECT_EQ(request.path(), "/a%20b");
  EXPECT_EQ(request.query(), "x=1?y");
  const HttpRequest bare{"GET", "/a", {}, "", ""};
  EXPECT_EQ(bare.path(), "/a");
  EXPECT_EQ(bare.query(), "");
}

TEST(PercentDecode, DecodesAndLeavesAPlusAlone) {
  EXPECT_EQ(percent_decode("a%20b+c%C3%A4%f0%9f%91%8d"), "a b+cä👍");
  EXPECT_EQ(percent_decode(""), "");
}

TEST(PercentDecode, RefusesWhatIsBroken) {
  for (const auto* broken : {"%", "%4", "a%4", "%zz", "%4g", "%%41"}) EXPECT_FALSE(percent_decode(broken)) << broken;
}

TEST(PercentDecode, RefusesWhatIsNotUtf8) {
  for (const auto* broken : {"%ff", "%c3", "%c0%80", "%e0%80%80", "%ed%a0%80", "%f4%90%80%80", "%f5%80%80%80", "\x80"}) {
    EXPECT_FALSE(percent_decode(broken)) << broken;
  }
}

TEST(ParseQuery, GivesDecodedPairsInOrder) {
  EXPECT_EQ(parse_query("q=a+b%2Bc&limit=5&q=&flag"), (Pairs{{"q", "a b+c"}, {"limit", "5"}, {"q", ""}, {"flag", ""}}));
  EXPECT_EQ(parse_query("a=b=c&&"), (Pairs{{"a", "b=c"}}));
  EXPECT_EQ(parse_query(""), Pairs{});
}

TEST(ParseQuery, RefusesABrokenNameOrValue) {
  EXPECT_FALSE(parse_query("a=%"));
  EXPECT_FALSE(parse_query("a=1&%ff=2"));
}

}  // namespace
}  // namespace parley::net
