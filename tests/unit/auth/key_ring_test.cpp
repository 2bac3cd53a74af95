#include "auth/key_ring.hpp"

#include <gmock/gmock.h>

#include "tests/unit/auth/issuer_key.hpp"
#include "tests/unit/auth/provider.hpp"

namespace parley::auth {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

constexpr milliseconds kNever = hours(1);
constexpr milliseconds kSoon{5};

std::string keys_named(const std::string& kid) { return key_set({IssuerKey::an_ec().jwk({{"kid", kid}})}); }

class KeyRingTest : public ::testing::Test {
 protected:
  void begin(milliseconds refresh, milliseconds cooldown) {
    ring_ = std::make_unique<KeyRing>(provider_.fetch(), KeyRingOptions{refresh, cooldown}, metrics_);
  }
  [[nodiscard]] bool has(const std::string& kid) const {
    const auto keys = ring_->keys();
    return keys && keys->find(Algorithm::Es256, kid) != nullptr;
  }
  bool ask(milliseconds within = kNever) {
    return ring_->ask(within, [this] { ++answered_; });
  }

  runtime::Metrics metrics_;
  Provider provider_{keys_named("one")};
  std::atomic<int> answered_ = 0;
  std::unique_ptr<KeyRing> ring_;  // last: its thread uses the others
};

TEST_F(KeyRingTest, FetchesTheKeysAtStart) {
  begin(kNever, kNever);
  EXPECT_TRUE(until([&] { return has("one"); }));
  EXPECT_EQ(ring_->generation(), 1U);
}

TEST_F(KeyRingTest, FetchesThemAgainAndAgain) {
  begin(kSoon, milliseconds(1));
  ASSERT_TRUE(until([&] { return has("one"); }));
  provider_.answer(keys_named("two"));
  EXPECT_TRUE(until([&] { return has("two"); }));
  EXPECT_FALSE(has("one")) << "a key that was withdrawn is not known any more";
}

TEST_F(KeyRingTest, TheGenerationGrowsWithOtherKeysAlone) {
  begin(kSoon, milliseconds(1));
  ASSERT_TRUE(until([&] { return provider_.asked() >= 5; }));
  EXPECT_EQ(ring_->generation(), 1U);
  provider_.answer(keys_named("two"));
  EXPECT_TRUE(until([&] { return ring_->generation() == 2; }));
}

TEST_F(KeyRingTest, FetchesAheadOfTimeWhenAskedTo) {
  begin(kNever, milliseconds(1));
  ASSERT_TRUE(until([&] { return has("one"); }));
  provider_.answer(keys_named("two"));
  EXPECT_TRUE(ask());
  EXPECT_TRUE(until([&] { return answered_ == 1; }));
  EXPECT_TRUE(has("two"));
}

TEST_F(KeyRingTest, ManyWhoAskAreAnsweredByOneFetch) {
  provider_.hang(true);
  begin(kNever, kNever);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(ask(milliseconds(0))) << "one is under way";
  provider_.hang(false);
  EXPECT_TRUE(until([&] { return answered_ == 100; }));
  EXPECT_EQ(provider_.asked(), 1);
}

TEST_F(KeyRingTest, WhoAsksSoonAfterAFetchIsToldThatNoneComesInTime) {
  begin(kNever, kNever / 2);
  ASSERT_TRUE(until([&] { return has("one"); }));
  int waiting = 0;  // the fetch may just be ending
  while (ask(milliseconds(1000))) ++waiting;
  ASSERT_TRUE(until([&] { return answered_ == waiting; }));
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(ask(milliseconds(1000)));
  EXPECT_EQ(provider_.asked(), 1) << "made-up keys do not hammer the issuer";
  EXPECT_EQ(answered_, waiting);
}

TEST_F(KeyRingTest, WhatWasAskedForTooSoonIsFetchedOnceItMay) {
  begin(kNever, milliseconds(300));
  ASSERT_TRUE(until([&] { return has("one"); }));
  provider_.answer(keys_named("two"));
  ask(milliseconds(0));
  EXPECT_TRUE(until([&] { return has("two"); }));
  EXPECT_EQ(provider_.asked(), 2);
}

TEST_F(KeyRingTest, WhileTheIssuerIsAwayTheKeysGoOn) {
  begin(kSoon, kSoon);
  ASSERT_TRUE(until([&] { return has("one"); }));
  for (const auto& bad : {Provider::Answer(std::unexpected("connection refused")), Provider::Answer("<html>"),
                          Provider::Answer(R"({"keys":[]})"), Provider::Answer("")}) {
    provider_.answer(bad);
    const auto asked = provider_.asked();
    ASSERT_TRUE(until([&] { return provider_.asked() > asked + 2; }));
    EXPECT_TRUE(has("one"));
    EXPECT_EQ(ring_->generation(), 1U);
  }
  provider_.answer(keys_named("two"));
  EXPECT_TRUE(until([&] { return has("two"); }));
}

TEST_F(KeyRingTest, AnIssuerThatIsNotThereYetIsTriedAgainAfterTheCooldown) {
  provider_.answer(std::unexpected("connection refused"));
  begin(kNever, kSoon);
  ASSERT_TRUE(until([&] { return provider_.asked() > 2; }));
  EXPECT_EQ(ring_->keys(), nullptr);
  EXPECT_EQ(ring_->generation(), 0U);
  provider_.answer(keys_named("one"));
  EXPECT_TRUE(until([&] { return has("one"); }));
}

TEST_F(KeyRingTest, WhoWaitsIsToldOfAFetchThatFailedToo) {
  provider_.hang(true);
  provider_.answer(std::unexpected("connection refused"));
  begin(kNever, kNever);
  EXPECT_TRUE(ask());
  provider_.hang(false);
  EXPECT_TRUE(until([&] { return answered_ == 1; }));
}

TEST_F(KeyRingTest, AtMostSoManyWait) {
  provider_.hang(true);
  begin(kNever, kNever);
  for (std::size_t i = 0; i < KeyRing::kMaxWaiting; ++i) ASSERT_TRUE(ask());
  EXPECT_FALSE(ask());
}

TEST_F(KeyRingTest, StopsInTheMiddleOfAFetchAndTellsNobody) {
  provider_.hang(true);
  begin(kNever, kNever);
  EXPECT_TRUE(ask());
  ring_->stop();
  EXPECT_EQ(answered_, 0);
  ring_->stop();
}

TEST_F(KeyRingTest, StopsWhileItWaits) {
  begin(kNever, kNever);
  ASSERT_TRUE(until([&] { return has("one"); }));
  ring_->stop();
  EXPECT_TRUE(has("one"));
}

TEST_F(KeyRingTest, CountsItsFetchesAndItsKeys) {
  begin(kNever, kSoon);
  ASSERT_TRUE(until([&] { return has("one"); }));
  provider_.answer(std::unexpected("connection refused"));
  ASSERT_TRUE(ask());
  ASSERT_TRUE(until([&] { return answered_ == 1; }));
  ring_->stop();
  const auto text = metrics_.text();
  EXPECT_THAT(text, HasSubstr("parley_auth_keys 1\n"));
  EXPECT_THAT(text, HasSubstr("parley_auth_key_fetches_total{result=\"ok\"} 1\n"));
  EXPECT_THAT(text, ::testing::ContainsRegex("parley_auth_key_fetches_total.result=.failed.. [1-9]"));
  EXPECT_THAT(text, ::testing::ContainsRegex("parley_auth_keys_fetched_timestamp_seconds 1[0-9]{9}"));
}

}  // namespace
}  // namespace parley::auth
