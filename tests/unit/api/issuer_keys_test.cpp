// The door of a site whose tokens come from an issuer that publishes its keys, and changes them.
#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "api/door.hpp"
#include "tests/unit/api/run.hpp"
#include "tests/unit/auth/issuer_key.hpp"
#include "tests/unit/auth/provider.hpp"

namespace parley::api {
namespace {

using auth::IssuerKey;
using auth::until;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

constexpr milliseconds kNever = std::chrono::hours(1);

class IssuerKeysTest : public ::testing::Test {
 protected:
  void begin(milliseconds cooldown = milliseconds(1), milliseconds key_wait = milliseconds(10'000)) {
    keys_ = std::make_unique<auth::KeyRing>(provider_.fetch(), auth::KeyRingOptions{kNever, cooldown}, metrics_);
    verifier_ = std::make_unique<auth::Verifier>(auth::VerifierOptions{}, keys_.get());
    door_ = std::make_unique<Door>(DoorOptions{.allowed_origins = {}, .operators = {}, .key_wait = key_wait}, *verifier_,
                                   clock_, metrics_, open_);
    door_->answer(Route::GetInbox,
                  [](Call call) -> boost::asio::awaitable<net::HttpResponse> { co_return json(200, call.caller.user.text); });
    door_->admit([](const net::HttpRequest&, auth::Identity) { return net::Upgrade{}; }, [](auto) { return std::nullopt; });
    ASSERT_TRUE(until([&] { return keys_->keys() != nullptr; }));
  }
  static std::string bearer(const std::string& kid, const IssuerKey& key = IssuerKey::an_ec()) {
    return "Bearer " + key.sign(R"({"alg":"ES256","kid":")" + kid + "\"}", R"({"sub":"alice","exp":1767225660})");
  }
  static std::string published(const std::string& kid) { return auth::key_set({IssuerKey::an_ec().jwk({{"kid", kid}})}); }

  unsigned ask(const std::string& authorization) {
    return run(door_->handle({.method = "GET", .target = "/v1/inbox", .headers = {{"Authorization", authorization}}})).status;
  }
  // Its status; 101: taken.
  unsigned upgrade(const std::string& authorization) {
    const net::HttpRequest request{.method = "GET", .target = "/v1/ws", .headers = {{"Authorization", authorization}}};
    const auto taken = run(door_->upgrade(request));
    return taken ? 101 : taken.error().status;
  }

  runtime::ManualClock clock_{1'767'225'600'000};
  runtime::Metrics metrics_;
  auth::Provider provider_{published("one")};
  std::atomic<bool> open_ = true;
  std::unique_ptr<auth::KeyRing> keys_;
  std::unique_ptr<auth::Verifier> verifier_;
  std::unique_ptr<Door> door_;
};

TEST_F(IssuerKeysTest, ATokenOfTheIssuerNamesItsUser) {
  begin();
  EXPECT_EQ(ask(bearer("one")), 200U);
  EXPECT_EQ(upgrade(bearer("one")), 101U);
}

TEST_F(IssuerKeysTest, ARequestWithANewKeyIsServedOnceTheKeyIsFetched) {
  begin();
  provider_.answer(published("two"));
  EXPECT_EQ(ask(bearer("two")), 200U);
}

TEST_F(IssuerKeysTest, ASocketWithANewKeyIsTakenOnceTheKeyIsFetched) {
  begin();
  provider_.answer(published("two"));
  EXPECT_EQ(upgrade(bearer("two")), 101U);
}

TEST_F(IssuerKeysTest, AKeyThatWasPublishedDuringAFetchIsFoundByTheNext) {
  begin();
  provider_.hang(true);
  ASSERT_TRUE(until([&] { return keys_->ask(kNever, [] {}) && provider_.asked() == 2; }));
  provider_.answer(published("two"));
  boost::asio::io_context context;
  unsigned status = 0;
  boost::asio::co_spawn(context,
                        door_->handle({.method = "GET", .target = "/v1/inbox", .headers = {{"Authorization", bearer("two")}}}),
                        [&](const std::exception_ptr&, const net::HttpResponse& response) { status = response.status; });
  boost::asio::post(context, [&] { provider_.hang(false); });  // once the request waits
  context.run();
  EXPECT_EQ(status, 200U);
}

TEST_F(IssuerKeysTest, AMadeUpKeyIsRefusedAfterAFetchAndThenAtOnce) {
  begin(kNever, milliseconds(1000));
  std::ignore = ask(bearer("made up"));  // may meet the end of the first fetch
  const auto before = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(ask(bearer("made up " + std::to_string(i))), 401U);
  EXPECT_LT(std::chrono::steady_clock::now() - before, milliseconds(10'000));
  EXPECT_EQ(provider_.asked(), 1);
}

TEST_F(IssuerKeysTest, AKeyThatDoesNotComeIsNotWaitedForTooLong) {
  begin(milliseconds(1), milliseconds(50));
  provider_.answer(published("two"));
  provider_.hang(true);
  EXPECT_EQ(ask(bearer("two")), 401U);
  EXPECT_EQ(upgrade(bearer("two")), 401U);
}

TEST_F(IssuerKeysTest, AWithdrawnKeysTokensAreRefusedThoughTheyWereVerifiedBefore) {
  begin();
  EXPECT_EQ(ask(bearer("one")), 200U);
  const auto token = bearer("one");
  EXPECT_EQ(ask(token), 200U);
  provider_.answer(published("two"));
  EXPECT_EQ(ask(bearer("two")), 200U);
  EXPECT_EQ(ask(token), 401U);
}

TEST_F(IssuerKeysTest, WhyATokenIsRefusedIsCounted) {
  begin(kNever, milliseconds(0));
  ask(bearer("one", IssuerKey::ec()));
  ask("Bearer a.b.c");
  ask("Bearer a.b.c");
  EXPECT_THAT(metrics_.text(), HasSubstr("parley_auth_refused_total{reason=\"bad_signature\"} 1\n"));
  EXPECT_THAT(metrics_.text(), HasSubstr("parley_auth_refused_total{reason=\"malformed\"} 2\n"));
  EXPECT_THAT(metrics_.text(), HasSubstr("parley_auth_refused_total{reason=\"expired\"} 0\n"));
}

}  // namespace
}  // namespace parley::api
