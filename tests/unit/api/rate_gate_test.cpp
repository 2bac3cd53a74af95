#include "api/rate_gate.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "api/door.hpp"
#include "api/foreign.hpp"
#include "tests/unit/api/run.hpp"

namespace parley::api {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t kNow = 1'767'225'600'000;

// Takes sockets at one path, of nobody that it finds.
class Strangers final : public Foreign {
 public:
  [[nodiscard]] bool is_at(std::string_view path) const override { return path == "/strange"; }
  [[nodiscard]] std::vector<std::string> methods_at(std::string_view) const override { return {}; }
  [[nodiscard]] std::optional<std::string> token_of(const net::HttpRequest&) const override { return std::nullopt; }
  [[nodiscard]] bool allows_origin(const net::HttpRequest&) const override { return false; }
  [[nodiscard]] net::HttpResponse preflight(const net::HttpRequest&, const std::vector<std::string>&, bool) const override {
    return {.status = 204};
  }
  boost::asio::awaitable<net::HttpResponse> handle(net::HttpRequest, runtime::TraceContext, Visit&) override {
    co_return net::HttpResponse{.status = 404};
  }
  boost::asio::awaitable<net::Taken> upgrade(const net::HttpRequest&, Visit&) override {
    ++looked_up;
    co_return std::unexpected(net::HttpResponse{.status = 401});
  }
  int looked_up = 0;
};

class RateGateTest : public ::testing::Test {
 protected:
  RateGateTest() {
    for (const auto route : {Route::GetInbox, Route::PostMessage, Route::PutMe, Route::Health})
      door_.answer(route, [](Call) -> boost::asio::awaitable<net::HttpResponse> { co_return json(200, "{}"); });
    door_.admit([](const net::HttpRequest&, auth::Identity) { return net::Upgrade{}; }, [](auto) { return std::nullopt; });
  }
  net::HttpRequest request(std::string method, std::string target, const std::string& user = "", std::string body = "") {
    net::HttpRequest made{.method = std::move(method), .target = std::move(target), .body = std::move(body), .remote = remote_};
    if (!user.empty())
      made.headers.emplace_back(
          "Authorization",
          "Bearer " + auth::issue({.secret = kSecret}, {.user = {user}, .issued_at_ms = kNow, .expires_at_ms = kNow + 60'000}));
    return made;
  }
  net::HttpResponse ask(std::string method, std::string target, const std::string& user = "", std::string body = "") {
    return run(door_.handle(request(std::move(method), std::move(target), user, std::move(body))));
  }
  static std::string header(const net::HttpResponse& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
      if (net::same_header_name(key, name)) return value;
    return "(none)";
  }

  static constexpr const char* kMessages = "/v1/channels/c/messages";
  inline static const std::string kSecret = "a secret that is long enough";
  std::string remote_ = "192.0.2.1";
  runtime::ManualClock clock_{kNow};
  runtime::Metrics metrics_;
  auth::Verifier verifier_{{.secret = kSecret}};
  std::atomic<bool> open_ = true;
  RateGate gate_{{.user = {.messages = {1, 2}, .commands = {1, 4}, .reads = {1, 3}, .bytes = {10, 100}},
                  .address = {.messages = {1, 100}, .commands = {1, 5}, .reads = {1, 5}, .bytes = {10, 1000}}},
                 net::TrustedProxies::parse({"10.0.0.0/8"}).value(),
                 clock_,
                 metrics_};
  Door door_{{}, verifier_, clock_, metrics_, open_, &gate_};
};

TEST_F(RateGateTest, AnAnswerTellsHowItsUserStands) {
  const auto response = ask("GET", "/v1/inbox", "ann");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(header(response, "RateLimit-Limit"), "3");
  EXPECT_EQ(header(response, "RateLimit-Remaining"), "2");
  EXPECT_EQ(header(response, "RateLimit-Reset"), "1");
  EXPECT_EQ(header(response, "Retry-After"), "(none)");
}

TEST_F(RateGateTest, WhoIsNoOperatorIsChargedForAskingAllTheSame) {
  for (int i = 0; i < 4; ++i) EXPECT_EQ(ask("POST", "/v1/admin/users/bob/disconnect", "ann").status, 403U);
  EXPECT_EQ(ask("POST", "/v1/admin/users/bob/disconnect", "ann").status, 429U);
}

TEST_F(RateGateTest, TooManyAre429WithWhenToComeBack) {
  for (int i = 0; i < 2; ++i) EXPECT_EQ(ask("POST", kMessages, "ann").status, 200U);
  const auto response = ask("POST", kMessages, "ann");
  EXPECT_EQ(response.status, 429U);
  EXPECT_THAT(response.body, HasSubstr(R"("code":"rate_limited")"));
  EXPECT_THAT(response.body, HasSubstr("too many messages of this user; try again in 1000 ms"));
  EXPECT_EQ(header(response, "Retry-After"), "1");
  EXPECT_EQ(header(response, "RateLimit-Limit"), "2");
  EXPECT_EQ(header(response, "RateLimit-Remaining"), "0");
  EXPECT_EQ(header(response, "RateLimit-Reset"), "2");
  EXPECT_EQ(ask("PUT", "/v1/users/me", "ann").status, 200U) << "another kind of command";
  clock_.advance(1000);
  EXPECT_EQ(ask("POST", kMessages, "ann").status, 200U);
}

TEST_F(RateGateTest, RetryAfterIsAsLongAsItTakes) {
  EXPECT_EQ(ask("PUT", "/v1/users/me", "ann", std::string(100, 'x')).status, 200U);
  const auto response = ask("PUT", "/v1/users/me", "ann", std::string(35, 'x'));
  EXPECT_EQ(response.status, 429U);
  EXPECT_EQ(header(response, "Retry-After"), "4");
  EXPECT_EQ(header(response, "RateLimit-Limit"), "100") << "of bytes";
}

TEST_F(RateGateTest, WhoHasNoTokenIsLimitedByHisAddress) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask("GET", "/v1/inbox").status, 401U);
  EXPECT_EQ(ask("GET", "/v1/inbox").status, 429U);
  EXPECT_EQ(ask("GET", "/v1/nothing").status, 429U);
  EXPECT_EQ(ask("GET", "/v1/inbox", "ann").status, 429U) << "and those with one, who share it";
  remote_ = "192.0.2.2";
  EXPECT_EQ(ask("GET", "/v1/inbox", "ann").status, 200U);
}

TEST_F(RateGateTest, WhatIsNowhereCostsToo) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask("POST", "/v1/nothing").status, 404U);
  EXPECT_EQ(ask("DELETE", "/v1/inbox").status, 429U);
  EXPECT_EQ(ask("OPTIONS", "/v1/inbox").status, 429U);
}

TEST_F(RateGateTest, TheUsersOfATrustedProxyAreToldApart) {
  remote_ = "10.1.2.3";
  const auto from = [&](std::string address) {
    auto asked = request("GET", "/v1/ws");
    asked.headers.emplace_back("X-Forwarded-For", std::move(address));
    return run(door_.upgrade(asked)).error().status;
  };
  for (int i = 0; i < 5; ++i) EXPECT_EQ(from("192.0.2.1"), 401U);
  EXPECT_EQ(from("192.0.2.1"), 429U);
  EXPECT_EQ(from("192.0.2.2"), 401U);
}

TEST_F(RateGateTest, ASocketCostsACommand) {
  const auto asked = request("GET", "/v1/ws", "ann");
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(run(door_.upgrade(asked)).has_value());
  const auto refused = run(door_.upgrade(asked));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().status, 429U);
}

TEST_F(RateGateTest, ASocketThatIsRefusedCostsTheAddressThoughItTakesALookUp) {
  Strangers strangers;
  door_.add(strangers);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(run(door_.upgrade(request("GET", "/strange"))).error().status, 401U);
  EXPECT_EQ(strangers.looked_up, 5);
  EXPECT_EQ(run(door_.upgrade(request("GET", "/strange"))).error().status, 429U);
  EXPECT_EQ(strangers.looked_up, 5) << "the address is looked at first";
  EXPECT_EQ(run(door_.upgrade(request("GET", "/v1/ws", "ann"))).error().status, 429U);
  EXPECT_THAT(metrics_.text(), HasSubstr("parley_auth_refused_total{reason=\"malformed\"} 0\n"));
}

TEST_F(RateGateTest, ASocketWhereThereIsNoneCostsToo) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(run(door_.upgrade(request("GET", "/v1/nothing"))).error().status, 404U);
  EXPECT_EQ(run(door_.upgrade(request("GET", "/v1/nothing"))).error().status, 429U);
}

TEST_F(RateGateTest, ARefusalTellsOnceHowItsUserStands) {
  door_.admit(
      [](const net::HttpRequest&, auth::Identity) -> net::Taken {
        return std::unexpected(too_many({.what = limit::What::Connections, .quota = {.limit = 7}}, "trace"));
      },
      [](auto) { return std::nullopt; });
  const auto refused = run(door_.upgrade(request("GET", "/v1/ws", "ann"))).error();
  EXPECT_EQ(header(refused, "RateLimit-Limit"), "7");
  EXPECT_EQ(std::ranges::count(refused.headers, "RateLimit-Limit", &std::pair<std::string, std::string>::first), 1);
}

TEST_F(RateGateTest, WhatAnAddressSendsIsLookedAtBeforeWhoSendsIt) {
  for (int i = 0; i < 2; ++i) EXPECT_EQ(ask("PUT", "/v1/users/me", "", std::string(500, 'x')).status, 401U);
  EXPECT_EQ(ask("PUT", "/v1/users/me", "", "x").status, 429U);
  EXPECT_EQ(ask("GET", "/v1/inbox", "ann").status, 200U) << "without a byte";
}

TEST_F(RateGateTest, HowTheProcessIsMayAlwaysBeAsked) {
  for (int i = 0; i < 100; ++i) EXPECT_EQ(ask("GET", "/healthz").status, 200U);
  EXPECT_EQ(header(ask("GET", "/healthz"), "RateLimit-Limit"), "(none)");
}

}  // namespace
}  // namespace parley::api
