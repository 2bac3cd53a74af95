// Other systems' calls at a door: which of several is asked, and a socket that is refused after a look-up.
#include "api/foreign.hpp"

#include <gmock/gmock.h>

#include "api/door.hpp"
#include "tests/unit/api/run.hpp"

namespace parley::api {
namespace {

using ::testing::HasSubstr;

// Takes one method at "/there", and says which; no socket.
class One final : public Foreign {
 public:
  explicit One(std::string method) : method_(std::move(method)) {}
  [[nodiscard]] bool is_at(std::string_view path) const override { return path == "/there"; }
  [[nodiscard]] std::vector<std::string> methods_at(std::string_view path) const override {
    return is_at(path) ? std::vector{method_} : std::vector<std::string>{};
  }
  [[nodiscard]] std::optional<std::string> token_of(const net::HttpRequest&) const override { return std::nullopt; }
  [[nodiscard]] bool allows_origin(const net::HttpRequest&) const override { return false; }
  [[nodiscard]] net::HttpResponse preflight(const net::HttpRequest&, const std::vector<std::string>&, bool) const override {
    return {.status = 204};
  }
  boost::asio::awaitable<net::HttpResponse> handle(net::HttpRequest request, runtime::TraceContext, Visit&) override {
    co_return net::HttpResponse{.status = 200, .body = method_ + " of " + request.method};
  }
  boost::asio::awaitable<net::Taken> upgrade(const net::HttpRequest& request, Visit&) override {
    ++looked_up;
    if (request.header("Known") != nullptr) co_return net::Upgrade{};
    co_return std::unexpected(net::HttpResponse{.status = 401, .body = "an unknown user"});
  }

  int looked_up = 0;

 private:
  std::string method_;
};

class ForeignTest : public ::testing::Test {
 protected:
  ForeignTest() {
    door_.add(reads_);
    door_.add(writes_);
  }
  net::HttpResponse ask(std::string method) {
    return run(door_.handle({.method = std::move(method), .target = "/there", .headers = {}}));
  }
  net::Taken upgrade(net::Headers headers) {
    const net::HttpRequest request{.method = "GET", .target = "/there", .headers = std::move(headers)};
    return run(door_.upgrade(request));
  }

  One reads_{"GET"};
  One writes_{"POST"};
  runtime::ManualClock clock_{1'767'225'600'000};
  runtime::Metrics metrics_;
  auth::Verifier verifier_{{.secret = "a secret that is long enough"}};
  std::atomic<bool> open_ = true;
  Door door_{{.allowed_origins = {"https://chat.example.com"}}, verifier_, clock_, metrics_, open_};
};

TEST_F(ForeignTest, OfSeveralAtAPathTheOneThatTakesTheMethodIsAsked) {
  EXPECT_EQ(ask("GET").body, "GET of GET");
  EXPECT_EQ(ask("POST").body, "POST of POST");
}

TEST_F(ForeignTest, AMethodThatNoneTakesIsToldThoseOfAll) {
  const auto refused = ask("PUT");
  EXPECT_EQ(refused.status, 405U);
  ASSERT_EQ(refused.headers.back().first, "Allow");
  EXPECT_EQ(refused.headers.back().second, "GET, POST, OPTIONS");
}

TEST_F(ForeignTest, ASocketIsRefusedAfterALookUpAndThatIsCounted) {
  EXPECT_TRUE(upgrade({{"Known", "yes"}}));
  const auto taken = upgrade({});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().body, "an unknown user");
  EXPECT_EQ(reads_.looked_up, 2);
  EXPECT_THAT(metrics_.text(), HasSubstr("parley_http_requests_total{status=\"1xx\"} 1\n"));
  EXPECT_THAT(metrics_.text(), HasSubstr("parley_http_requests_total{status=\"4xx\"} 1\n"));
}

TEST_F(ForeignTest, NothingIsLookedUpForAPageThatMayNotAskNorBeforeTheDoorIsOpen) {
  EXPECT_EQ(upgrade({{"Origin", "https://evil.example"}}).error().status, 403U);
  open_ = false;
  EXPECT_EQ(upgrade({}).error().status, 503U);
  EXPECT_EQ(reads_.looked_up, 0);
}

}  // namespace
}  // namespace parley::api
