#include "api/door.hpp"

#include <gmock/gmock.h>

#include "api/foreign.hpp"
#include "tests/unit/api/run.hpp"

namespace parley::api {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t kNow = 1'767'225'600'000;

class DoorTest : public ::testing::Test {
 protected:
  DoorTest() { answer(Route::GetInbox); }

  // A route that answers with the name of who asked.
  void answer(Route route) {
    door_.answer(route, [](Call call) -> boost::asio::awaitable<net::HttpResponse> {
      co_return json(200, call.caller.user.text + (call.caller.is_operator ? "!" : ""));
    });
  }
  net::HttpResponse ask(std::string method, std::string target, net::Headers headers = {}) {
    return run(door_.handle({.method = std::move(method), .target = std::move(target), .headers = std::move(headers)}));
  }
  [[nodiscard]] std::string bearer(const std::string& user, std::int64_t lives_ms = 60'000) const {
    return "Bearer " + auth::issue({.secret = kSecret},
                                   {.user = {user}, .issued_at_ms = clock_.now_ms(), .expires_at_ms = kNow + lives_ms});
  }
  static std::string header(const net::HttpResponse& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
      if (net::same_header_name(key, name)) return value;
    return "(none)";
  }

  inline static const std::string kSecret = "a secret that is long enough";
  runtime::ManualClock clock_{kNow};
  runtime::Metrics metrics_;
  auth::Verifier verifier_{{.secret = kSecret}};
  std::atomic<bool> open_ = true;
  Door door_{{.allowed_origins = {"https://chat.example.com"}, .operators = {"olga"}}, verifier_, clock_, metrics_, open_};
};

TEST_F(DoorTest, ARouteIsAnsweredForWhomTheTokenNames) {
  const auto response = ask("GET", "/v1/inbox?limit=1", {{"authorization", bearer("alice")}});
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.body, "alice");
}

TEST_F(DoorTest, TheSchemeIsSpeltInEitherCase) {
  auto token = bearer("alice");
  token.replace(0, 6, "bEaReR");
  EXPECT_EQ(ask("GET", "/v1/inbox", {{"Authorization", token}}).status, 200U);
}

TEST_F(DoorTest, WithoutASoundTokenTheAnswerIs401WithAChallenge) {
  const auto token = bearer("alice");
  for (const auto& wrong : {std::string(), std::string("Bearer"), std::string("Bearer "), "Basic " + token.substr(7),
                            token.substr(7), token + "x", "Bearer  " + token.substr(7), std::string("Bearer a.b.c")}) {
    const auto response = ask("GET", "/v1/inbox", {{"Authorization", wrong}});
    EXPECT_EQ(response.status, 401U) << wrong;
    EXPECT_EQ(header(response, "WWW-Authenticate"), "Bearer");
    EXPECT_EQ(header(response, "Content-Type"), "application/problem+json");
    EXPECT_THAT(response.body, HasSubstr(R"("code":"unauthenticated")"));
  }
  EXPECT_EQ(ask("GET", "/v1/inbox").status, 401U);
}

TEST_F(DoorTest, ATokenThatWasRememberedExpiresToTheMillisecond) {
  const auto token = bearer("alice", 5'000);
  EXPECT_EQ(ask("GET", "/v1/inbox", {{"Authorization", token}}).status, 200U);
  clock_.advance(4'999);
  EXPECT_EQ(ask("GET", "/v1/inbox", {{"Authorization", token}}).status, 200U);
  clock_.advance(1);
  EXPECT_EQ(ask("GET", "/v1/inbox", {{"Authorization", token}}).status, 401U);
}

TEST_F(DoorTest, BeforeItIsOpenOnlyWhatNeedsNoTokenIsAnswered) {
  open_ = false;
  door_.answer(Route::Health, [](Call) -> boost::asio::awaitable<net::HttpResponse> { co_return json(200, "{}"); });
  EXPECT_EQ(ask("GET", "/healthz").status, 200U);
  const auto refused = ask("GET", "/v1/inbox", {{"Authorization", bearer("alice")}});
  EXPECT_EQ(refused.status, 503U);
  EXPECT_EQ(header(refused, "Retry-After"), "1");
  EXPECT_THAT(refused.body, HasSubstr(R"("code":"not_caught_up")"));
  door_.admit([](const net::HttpRequest&, auth::Identity) { return net::Upgrade{}; }, [](auto) { return std::nullopt; });
  const net::HttpRequest upgrade{.method = "GET", .target = "/v1/ws", .headers = {{"Authorization", bearer("alice")}}};
  EXPECT_EQ(run(door_.upgrade(upgrade)).error().status, 503U);
  open_ = true;
  EXPECT_TRUE(run(door_.upgrade(upgrade)).has_value());
  EXPECT_EQ(ask("GET", "/v1/inbox", {{"Authorization", bearer("alice")}}).status, 200U);
}

TEST_F(DoorTest, UpgradesAreCountedWithTheRequests) {
  door_.admit([](const net::HttpRequest&, auth::Identity) { return net::Upgrade{}; }, [](auto) { return std::nullopt; });
  net::HttpRequest upgrade{.method = "GET", .target = "/v1/ws", .headers = {}};
  EXPECT_FALSE(run(door_.upgrade(upgrade)).has_value());
  upgrade.headers.emplace_back("Authorization", bearer("alice"));
  EXPECT_TRUE(run(door_.upgrade(upgrade)).has_value());
  EXPECT_THAT(metrics_.text(), HasSubstr("parley_http_requests_total{status=\"4xx\"} 1\n"));
  EXPECT_THAT(metrics_.text(), HasSubstr("parley_http_requests_total{status=\"1xx\"} 1\n"));
}

TEST_F(DoorTest, AnOperatorIsOneWhomTheOptionsName) {
  EXPECT_EQ(ask("GET", "/v1/inbox", {{"Authorization", bearer("olga")}}).body, "olga!");
}

TEST_F(DoorTest, WhatIsForOperatorsIsForbiddenToOthersAndNeedsATokenFirst) {
  answer(Route::DisconnectUser);
  const auto* const path = "/v1/admin/users/alice/disconnect";
  EXPECT_EQ(ask("POST", path, {{"Authorization", bearer("olga")}}).body, "olga!");
  const auto refused = ask("POST", path, {{"Authorization", bearer("alice")}});
  EXPECT_EQ(refused.status, 403U);
  EXPECT_THAT(refused.body, HasSubstr(R"("code":"forbidden")"));
  EXPECT_EQ(ask("POST", path).status, 401U);
  EXPECT_EQ(ask("GET", "/v1/admin/commands", {{"Authorization", bearer("alice")}}).status, 403U) << "whoever answers it";
  EXPECT_EQ(ask("PUT", path, {{"Authorization", bearer("alice")}}).status, 405U);
  EXPECT_EQ(ask("POST", "/v1/admin/nothing", {{"Authorization", bearer("alice")}}).status, 404U);
}

TEST_F(DoorTest, WhatIsNowhereIs404WithAndWithoutAToken) {
  for (const auto& headers : {net::Headers{}, net::Headers{{"Authorization", bearer("alice")}}}) {
    const auto response = ask("GET", "/v1/nothing", headers);
    EXPECT_EQ(response.status, 404U);
    EXPECT_THAT(response.body, HasSubstr(R"("code":"not_found")"));
  }
}

TEST_F(DoorTest, ARouteOfAnotherPartIs404Here) {
  EXPECT_EQ(ask("POST", "/v1/channels", {{"Authorization", bearer("alice")}}).status, 404U);
}

TEST_F(DoorTest, AWrongMethodIs405WithAllowBeforeAnyToken) {
  const auto response = ask("DELETE", "/v1/inbox");
  EXPECT_EQ(response.status, 405U);
  EXPECT_EQ(header(response, "Allow"), "GET, HEAD, OPTIONS");
  EXPECT_THAT(response.body, HasSubstr(R"("code":"method_not_allowed")"));
}

TEST_F(DoorTest, ABrokenPathIs400) {
  const auto response = ask("GET", "/v1/users/%zz");
  EXPECT_EQ(response.status, 400U);
  EXPECT_THAT(response.body, HasSubstr(R"("code":"invalid_argument")"));
}

TEST_F(DoorTest, HeadIsAnsweredAsGetIs) {
  EXPECT_EQ(ask("HEAD", "/v1/inbox", {{"Authorization", bearer("alice")}}).status, 200U);
}

TEST_F(DoorTest, AForeignOriginIsRefusedWhateverItAsks) {
  for (const auto* origin : {"https://evil.example.com", "null", "", "https://chat.example.com.evil.com",
                             "http://chat.example.com", "https://chat.example.com:8443"})
    for (const auto* method : {"GET", "OPTIONS"})
      EXPECT_EQ(
          ask(method, "/v1/inbox", {{"Authorization", bearer("alice")}, {"Host", "localhost:8080"}, {"Origin", origin}}).status,
          403U)
          << origin;
}

TEST_F(DoorTest, ItsOwnAndTheAllowedOriginsAreTakenAndTold) {
  for (const auto* origin : {"http://localhost:8080", "https://chat.example.com"}) {
    const auto response =
        ask("GET", "/v1/inbox", {{"Authorization", bearer("alice")}, {"Host", "localhost:8080"}, {"Origin", origin}});
    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(header(response, "Access-Control-Allow-Origin"), origin);
    EXPECT_EQ(header(response, "Vary"), "Origin");
  }
}

// A name that is pointed at this machine is a page's own (DNS rebinding): that Host says the same proves nothing.
TEST_F(DoorTest, ATokenForAnyNameIsForNoPageThatIsNeitherOfThisMachineNorAllowed) {
  answer(Route::CreateDevToken);
  const auto ask_from = [this](const std::string& host) {
    return ask("POST", "/v1/dev/tokens", {{"Host", host}, {"Origin", "http://" + host}});
  };
  for (const auto* host : {"evil.example:8080", "evil.example", "127.evil.example:80", "localhost.evil.example",
                           "[2001:db8::1]:80", "10.0.0.1", "127.0.0.1.evil.example", "::1", ""}) {
    const auto refused = ask_from(host);
    EXPECT_EQ(refused.status, 403U) << host;
    EXPECT_EQ(header(refused, "Access-Control-Allow-Origin"), "(none)") << host;
  }
  for (const auto* host : {"localhost:8080", "localhost", "127.0.0.1:80", "127.1.2.3", "[::1]:80", "[::1]"}) {
    EXPECT_EQ(ask_from(host).status, 200U) << host;
  }
  EXPECT_EQ(ask("POST", "/v1/dev/tokens", {{"Host", "evil.example"}}).status, 200U) << "no page sends it";
  EXPECT_EQ(ask("POST", "/v1/dev/tokens", {{"Host", "a.example"}, {"Origin", "https://chat.example.com"}}).status, 200U);
  const net::Headers rebound{{"Authorization", bearer("alice")}, {"Host", "a.example"}, {"Origin", "http://a.example"}};
  EXPECT_EQ(ask("GET", "/v1/inbox", rebound).status, 200U) << "whoever has a token may";
}

// Answers at /theirs, for pages of one origin besides the server's own.
class Theirs final : public Foreign {
 public:
  explicit Theirs(std::string method = "GET") : method_(std::move(method)) {}
  static constexpr auto kPage = "https://theirs.example.com";
  [[nodiscard]] bool is_at(std::string_view path) const override { return path == "/theirs"; }
  [[nodiscard]] std::vector<std::string> methods_at(std::string_view) const override { return {method_}; }
  [[nodiscard]] std::optional<std::string> token_of(const net::HttpRequest&) const override { return std::nullopt; }
  [[nodiscard]] bool allows_origin(const net::HttpRequest& request) const override {
    return *request.header("Origin") == kPage;
  }
  [[nodiscard]] net::HttpResponse preflight(const net::HttpRequest&, const std::vector<std::string>& methods,
                                            bool is_listed) const override {
    return {.status = is_listed ? 204U : 200U, .headers = {{"Methods", std::to_string(methods.size())}}};
  }
  boost::asio::awaitable<net::HttpResponse> handle(net::HttpRequest, runtime::TraceContext, Visit&) override {
    co_return net::HttpResponse{.headers = {{"access-control-allow-origin", "*"}}, .body = method_};
  }
  boost::asio::awaitable<net::Taken> upgrade(const net::HttpRequest&, Visit&) override { co_return net::Upgrade{}; }

 private:
  std::string method_;
};

TEST_F(DoorTest, SeveralMayAnswerAtOnePathEachToItsOwnMethods) {
  Theirs reads;
  Theirs writes("POST");
  door_.add(reads);
  door_.add(writes);
  EXPECT_EQ(ask("GET", "/theirs").body, "GET");
  EXPECT_EQ(ask("POST", "/theirs").body, "POST");
  const auto refused = ask("PUT", "/theirs");
  EXPECT_EQ(refused.status, 405U);
  EXPECT_EQ(header(refused, "Allow"), "GET, POST, OPTIONS");
  EXPECT_EQ(header(ask("OPTIONS", "/theirs"), "Methods"), "2");
}

TEST_F(DoorTest, WhoAnswersElsewhereMayAllowPagesThatTheServerDoesNotAndTellsThemHimself) {
  Theirs theirs;
  door_.add(theirs);
  const auto answer = ask("GET", "/theirs", {{"Origin", Theirs::kPage}});
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.headers.size(), 1U) << "nothing is told twice";
  EXPECT_EQ(ask("OPTIONS", "/theirs", {{"Origin", Theirs::kPage}}).status, 200U);
  EXPECT_EQ(ask("OPTIONS", "/theirs", {{"Origin", "https://chat.example.com"}}).status, 204U);
  EXPECT_EQ(ask("GET", "/theirs", {{"Origin", "https://evil.example.com"}}).status, 403U);
  EXPECT_EQ(ask("GET", "/v1/inbox", {{"Authorization", bearer("alice")}, {"Origin", Theirs::kPage}}).status, 403U);
  const auto upgrade = [&](const char* path, const char* origin) {
    const net::HttpRequest request{.method = "GET", .target = path, .headers = {{"Origin", origin}}};
    const auto taken = run(door_.upgrade(request));
    return taken ? 101U : taken.error().status;
  };
  EXPECT_EQ(upgrade("/theirs", Theirs::kPage), 101U);
  EXPECT_EQ(upgrade("/theirs", "https://evil.example.com"), 403U);
  EXPECT_EQ(upgrade("/v1/ws", Theirs::kPage), 403U);
}

TEST_F(DoorTest, APreflightIsToldTheMethodsOfThePath) {
  const auto response = ask("OPTIONS", "/v1/workspaces/w", {{"Origin", "https://chat.example.com"}});
  EXPECT_EQ(response.status, 204U);
  EXPECT_EQ(header(response, "Access-Control-Allow-Methods"), "GET, HEAD, PATCH, DELETE, OPTIONS");
  EXPECT_EQ(header(response, "Access-Control-Allow-Origin"), "https://chat.example.com");
  EXPECT_EQ(ask("OPTIONS", "/v1/nothing").status, 404U);
}

TEST_F(DoorTest, TheWebSocketsPathIs400WithoutAnUpgrade) {
  EXPECT_EQ(ask("GET", "/v1/ws", {{"Authorization", bearer("alice")}}).status, 400U);
}

TEST_F(DoorTest, WhatTheServerCouldNotReadIsAProblemWithItsStatus) {
  for (const unsigned status : {400U, 413U, 426U, 429U, 431U, 500U, 501U}) {
    const auto response = door_.refuse(status, "why");
    EXPECT_EQ(response.status, status);
    EXPECT_THAT(response.body, HasSubstr(R"("detail":"why")"));
    EXPECT_THAT(response.body, HasSubstr("\"status\":" + std::to_string(status)));
  }
}

class UpgradeTest : public DoorTest {
 protected:
  UpgradeTest() {
    door_.admit(
        [this](const net::HttpRequest&, auth::Identity who) -> net::Taken {
          admitted_ = who.user.text;
          return net::Upgrade{};
        },
        [this](std::string_view ticket) -> std::optional<auth::Identity> {
          if (ticket != "good ticket" || std::exchange(used_, true)) return std::nullopt;
          return auth::Identity{.user = {"tom"}};
        });
  }
  // Its status; 101: taken.
  unsigned upgrade(std::string target, net::Headers headers = {}) {
    const net::HttpRequest request{.method = "GET", .target = std::move(target), .headers = std::move(headers)};
    const auto result = run(door_.upgrade(request));
    return result ? 101U : result.error().status;
  }

  std::string admitted_;
  bool used_ = false;
};

TEST_F(UpgradeTest, IsTakenWithATokenInTheHeader) {
  EXPECT_EQ(upgrade("/v1/ws", {{"Authorization", bearer("alice")}}), 101U);
  EXPECT_EQ(admitted_, "alice");
}

TEST_F(UpgradeTest, IsTakenWithATicketOnce) {
  EXPECT_EQ(upgrade("/v1/ws?ticket=good%20ticket"), 101U);
  EXPECT_EQ(admitted_, "tom");
  EXPECT_EQ(upgrade("/v1/ws?ticket=good%20ticket"), 401U);
}

TEST_F(UpgradeTest, LooksAtTheHeaderFirstAndKeepsTheTicket) {
  EXPECT_EQ(upgrade("/v1/ws?ticket=good+ticket", {{"Authorization", "Bearer wrong"}}), 401U);
  EXPECT_EQ(upgrade("/v1/ws?ticket=good+ticket"), 101U);
}

TEST_F(UpgradeTest, IsRefusedWithNeither) {
  EXPECT_EQ(upgrade("/v1/ws"), 401U);
  EXPECT_EQ(upgrade("/v1/ws?ticket="), 401U);
  EXPECT_EQ(upgrade("/v1/ws?ticket=%zz"), 401U);
  EXPECT_EQ(admitted_, "");
}

TEST_F(UpgradeTest, IsRefusedElsewhereAndFromForeignOrigins) {
  EXPECT_EQ(upgrade("/v1/inbox", {{"Authorization", bearer("alice")}}), 404U);
  EXPECT_EQ(upgrade("/v1/ws/", {{"Authorization", bearer("alice")}}), 404U);
  EXPECT_EQ(upgrade("/v1/ws", {{"Authorization", bearer("alice")}, {"Origin", "https://evil.example.com"}}), 403U);
}

TEST_F(DoorTest, WhatNeedsTheLogIsRefusedUntilItIsOpenAndWhatNeedsNoneIsNot) {
  answer(Route::CreateAccount);
  answer(Route::CreateAccountToken);
  answer(Route::CreateDevToken);
  open_ = false;
  for (const auto* target : {"/v1/accounts", "/v1/accounts/token"}) EXPECT_EQ(ask("POST", target).status, 503U) << target;
  EXPECT_EQ(ask("POST", "/v1/dev/tokens").status, 200U);
  open_ = true;
  EXPECT_EQ(ask("POST", "/v1/accounts").status, 200U);
}

}  // namespace
}  // namespace parley::api
