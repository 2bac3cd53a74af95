#include "api/routes.hpp"

#include <gmock/gmock.h>

#include <set>

namespace parley::api {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The pattern with `value` in the place of every parameter.
std::string path_of(const RouteInfo& info, std::string_view value) {
  std::string path;
  for (std::string_view rest = info.pattern; !rest.empty();) {
    const auto brace = std::min(rest.find('{'), rest.size());
    path += rest.substr(0, brace);
    rest.remove_prefix(brace);
    if (rest.empty()) break;
    path += value;
    rest.remove_prefix(rest.find('}') + 1);
  }
  return path;
}

std::optional<Found> found(std::string_view method, std::string_view path) {
  auto routed = find_route(method, path);
  auto* at = std::get_if<Found>(&routed);
  return at == nullptr ? std::nullopt : std::optional(std::move(*at));
}

std::string allowed(std::string_view method, std::string_view path) {
  const auto routed = find_route(method, path);
  const auto* wrong = std::get_if<WrongMethod>(&routed);
  return wrong == nullptr ? "(no WrongMethod)" : wrong->allow;
}

bool is_nowhere(std::string_view path) { return std::holds_alternative<NoRoute>(find_route("GET", path)); }
bool is_broken(std::string_view path) { return std::holds_alternative<BadEncoding>(find_route("GET", path)); }

TEST(Routes, EachStandsInTheTableOnce) {
  std::set<Route> seen;
  for (const auto& info : routes()) EXPECT_TRUE(seen.insert(info.route).second) << info.pattern;
  EXPECT_EQ(seen.size(), kRoutes);
}

TEST(Routes, EachIsFoundByItsMethodAndPathWithItsParametersDecoded) {
  for (const auto& info : routes()) {
    const auto route = found(info.method, path_of(info, "a%20b"));
    ASSERT_TRUE(route) << info.method << " " << info.pattern;
    EXPECT_EQ(route->route, info.route) << info.pattern;
    EXPECT_EQ(route->needs_token, info.needs_token);
    EXPECT_EQ(static_cast<long>(route->params.size()), std::ranges::count(info.pattern, '{'));
    EXPECT_THAT(route->params, ::testing::Each("a b"));
  }
}

TEST(Routes, ParametersComeInTheirOrder) {
  EXPECT_THAT(found("PUT", "/v1/channels/one/members/two")->params, ElementsAre("one", "two"));
}

TEST(Routes, OnlyDocumentsHealthMetricsAccountsAndDevelopmentTokensNeedNoToken) {
  std::set<Route> open;
  for (const auto& info : routes())
    if (!info.needs_token) open.insert(info.route);
  EXPECT_EQ(open, (std::set{Route::CreateAccount, Route::CreateAccountToken, Route::CreateDevToken, Route::OpenApi,
                            Route::AsyncApi, Route::Docs, Route::Health, Route::Ready, Route::Metrics}));
}

TEST(Routes, AllBelowAdminAndNothingElseIsForOperators) {
  for (const auto& info : routes())
    EXPECT_EQ(found(info.method, path_of(info, "x"))->for_operators, info.pattern.starts_with("/v1/admin/")) << info.pattern;
}

TEST(Routes, WhatIsNotInTheTableIsNowhere) {
  for (const auto* path :
       {"/", "/v1", "/v2/users/me", "/v1/user", "/v1/users/me/more", "/v1/channelsx", "/V1/inbox", "/v1/Inbox", "/healthz/x",
        "/v1/channels/c/messages/1/revisions/x", "/v1/channels/c/messages/1/reactions", "/v1/channels/c/messages/1/pins"})
    EXPECT_TRUE(is_nowhere(path)) << path;
}

TEST(Routes, APathThatDoesNotBeginWithASlashIsNowhere) {
  for (const auto* path : {"", "*", "v1/inbox", "http://host/v1/inbox", "%2Fv1/inbox"}) EXPECT_TRUE(is_nowhere(path)) << path;
}

TEST(Routes, SlashesAreCounted) {
  for (const auto* path : {"/v1/inbox/", "//v1/inbox", "/v1//inbox", "/v1/users/", "/v1/users//", "/v1/channels//messages",
                           "/v1/channels/c/messages/", "/v1/channels/c//messages/1"})
    EXPECT_TRUE(is_nowhere(path)) << path;
}

TEST(Routes, DotSegmentsAreNamesLikeAnyOther) {
  EXPECT_TRUE(is_nowhere("/v1/./inbox"));
  EXPECT_TRUE(is_nowhere("/v1/users/../inbox"));
  EXPECT_THAT(found("GET", "/v1/users/..")->params, ElementsAre(".."));
}

TEST(Routes, AWordOfTheTableGoesBeforeAParameter) {
  EXPECT_EQ(found("GET", "/v1/users/me")->route, Route::GetMe);
  EXPECT_THAT(found("GET", "/v1/users/me")->params, IsEmpty());
  EXPECT_EQ(found("GET", "/v1/users/Me")->route, Route::GetUser);
}

TEST(Routes, AUserWhoIsCalledMeIsReachedByEncodingHim) {
  const auto route = found("GET", "/v1/users/%6De");
  EXPECT_EQ(route->route, Route::GetUser);
  EXPECT_THAT(route->params, ElementsAre("me"));
}

TEST(Routes, WordsOfTheTableAreNotDecoded) { EXPECT_TRUE(is_nowhere("/v1/%69nbox")); }

TEST(Routes, AnEncodedSlashPartsNothing) {
  EXPECT_THAT(found("GET", "/v1/users/a%2Fb")->params, ElementsAre("a/b"));
  EXPECT_TRUE(is_nowhere("/v1%2Finbox"));
  EXPECT_TRUE(is_nowhere("/v1/users%2Fme"));
}

TEST(Routes, AParameterIsDecodedOnce) {
  EXPECT_THAT(found("GET", "/v1/users/%2541")->params, ElementsAre("%41"));
  EXPECT_THAT(found("GET", "/v1/users/a+b")->params, ElementsAre("a+b"));
  EXPECT_THAT(found("GET", "/v1/users/%c3%a9%E2%82%ac")->params, ElementsAre("é€"));
  EXPECT_THAT(found("GET", "/v1/users/%00")->params, ElementsAre(std::string(1, '\0')));
  EXPECT_THAT(found("GET", "/v1/users/a%3Fb%23c")->params, ElementsAre("a?b#c"));
}

TEST(Routes, ABrokenEncodingIsToldWhereverItStands) {
  for (const auto* wrong : {"%", "%4", "%zz", "%4g", "%-1", "% 1", "a%", "%%41", "%u0041"}) {
    EXPECT_TRUE(is_broken("/v1/users/" + std::string(wrong))) << wrong;
    EXPECT_TRUE(is_broken("/" + std::string(wrong))) << wrong;
  }
}

TEST(Routes, WhatIsNoUtf8OnceDecodedIsBroken) {
  for (const auto* wrong : {"%ff", "%c3", "%c0%af", "%ed%a0%80", "%f4%90%80%80", "%80"})
    EXPECT_TRUE(is_broken("/v1/users/" + std::string(wrong))) << wrong;
  EXPECT_TRUE(is_broken("/v1/channels/%c3/members/%a9")) << "the halves of a character";
}

TEST(Routes, AWrongMethodIsToldWhichAreTaken) {
  EXPECT_EQ(allowed("POST", "/v1/inbox"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(allowed("GET", "/v1/tickets"), "POST, OPTIONS");
  EXPECT_EQ(allowed("PUT", "/v1/workspaces/w"), "GET, HEAD, PATCH, DELETE, OPTIONS");
  EXPECT_EQ(allowed("PUT", "/v1/users/bob"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(allowed("DELETE", "/v1/channels/c/messages"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(allowed("POST", "/v1/channels/c/read"), "PUT, OPTIONS");
}

TEST(Routes, AMethodIsNamedOnceThoughTwoPatternsTakeIt) {
  EXPECT_EQ(allowed("PATCH", "/v1/users/me"), "GET, HEAD, PUT, DELETE, OPTIONS");
}

TEST(Routes, MethodsAreSpeltAsInTheTable) {
  for (const auto* method : {"get", "Get", "", "GET ", "OPTIONS", "TRACE", "CONNECT", "BREW"})
    EXPECT_EQ(allowed(method, "/v1/inbox"), "GET, HEAD, OPTIONS") << method;
}

TEST(Routes, HeadIsServedWhereGetIs) {
  for (const auto& info : routes()) {
    const auto path = path_of(info, "x");
    const auto get = found("GET", path);
    const auto head = found("HEAD", path);
    ASSERT_EQ(get.has_value(), head.has_value()) << path;
    if (get) {
      EXPECT_EQ(get->route, head->route);
    } else {
      EXPECT_EQ(allowed("HEAD", path), allowed("GET", path));
    }
  }
}

}  // namespace
}  // namespace parley::api
