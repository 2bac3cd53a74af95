#include "net/request_target.hpp"

#include <gtest/gtest.h>

namespace parley::net {
namespace {

// The headers of what becomes of it, with the target behind them; none: it is refused.
Headers origin_form(const std::string& target, Headers headers) {
  HttpRequest request{"GET", target, std::move(headers), "", ""};
  if (!to_origin_form(request)) return {};
  request.headers.emplace_back("", request.target);
  return request.headers;
}

TEST(ToOriginForm, LeavesWhatIsInItAlready) {
  for (const auto* target : {"/", "/a?b=http://c", "//a/b", "*", "http:/a", "ftp://a/b", ""}) {
    EXPECT_EQ(origin_form(target, {{"Host", "x"}, {"A", "1"}}), (Headers{{"Host", "x"}, {"A", "1"}, {"", target}})) << target;
  }
}

TEST(ToOriginForm, TakesTheHostOfAnAbsoluteTargetForTheOneThatIsMeant) {
  EXPECT_EQ(origin_form("http://a:81/b?c", {{"host", "x"}, {"A", "1"}}), (Headers{{"A", "1"}, {"Host", "a:81"}, {"", "/b?c"}}));
  EXPECT_EQ(origin_form("HTTPS://[::1]", {}), (Headers{{"Host", "[::1]"}, {"", "/"}}));
  EXPECT_EQ(origin_form("http://a?b=/c", {}), (Headers{{"Host", "a"}, {"", "/?b=/c"}}));
}

TEST(ToOriginForm, RefusesAnAbsoluteTargetWithoutAHostOrWithAUser) {
  for (const auto* target : {"http://", "http:///a", "http://?a", "http://u@a/", "https://u:p@a"}) {
    EXPECT_EQ(origin_form(target, {{"Host", "x"}}), Headers{}) << target;
  }
}

}  // namespace
}  // namespace parley::net
