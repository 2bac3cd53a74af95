#include "api/rate_gate.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "api/door.hpp"

namespace parley::api {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t kNow = 1'767'225'600'000;

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
    boost::asio::io_context context;
    net::HttpResponse response;
    boost::asio::co_spawn(context, door_.handle(request(std::move(method), std::move(target), user, std::move(body))),
                          [&](const std::exception_ptr& thrown, net::HttpResponse answered) {
                            EXPECT_FALSE(thrown);
                            response = std::move(answered);
                          });
    context.run();
    return response;
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
                  .address = {.messages = {1, 100}, .commands = {1, 5}, .reads = {1, 5}}},
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
    return door_.upgrade(asked).error().status;
  };
  for (int i = 0; i < 5; ++i) EXPECT_EQ(from("192.0.2.1"), 401U);
  EXPECT_EQ(from("192.0.2.1"), 429U);
  EXPECT_EQ(from("192.0.2.2"), 401U);
}

TEST_F(RateGateTest, ASocketCostsACommand) {
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(door_.upgrade(request("GET", "/v1/ws", "ann")).has_value());
  const auto refused = door_.upgrade(request("GET", "/v1/ws", "ann"));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().status, 429U);
}

TEST_F(RateGateTest, HowTheProcessIsMayAlwaysBeAsked) {
  for (int i = 0; i < 100; ++i) EXPECT_EQ(ask("GET", "/healthz").status, 200U);
  EXPECT_EQ(header(ask("GET", "/healthz"), "RateLimit-Limit"), "(none)");
}

}  // namespace
}  // namespace parley::api
