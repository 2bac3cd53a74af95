#include "limit/bucket.hpp"

#include <gtest/gtest.h>

#include <random>
#include <thread>
#include <vector>

namespace parley::limit {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Time kStart = std::chrono::hours(1);
constexpr Rate kRate{10, 5};

std::uint64_t take_all(Bucket& bucket, const Rate& rate, Time now) {
  std::uint64_t taken = 0;
  while (!bucket.take(rate, 1, now)) ++taken;
  return taken;
}

TEST(Bucket, GivesItsBurstAtOnceAndNoMore) {
  Bucket bucket;
  EXPECT_EQ(bucket.tokens(kRate, kStart), 5U);
  EXPECT_EQ(take_all(bucket, kRate, kStart), 5U);
  EXPECT_EQ(bucket.tokens(kRate, kStart), 0U);
}

TEST(Bucket, SaysHowLongToWaitAndHasATokenThen) {
  Bucket bucket;
  take_all(bucket, kRate, kStart);
  EXPECT_EQ(bucket.take(kRate, 1, kStart), milliseconds(100));
  EXPECT_EQ(bucket.take(kRate, 3, kStart), milliseconds(300));
  EXPECT_TRUE(bucket.take(kRate, 1, kStart + milliseconds(100) - Time(1)));
  EXPECT_FALSE(bucket.take(kRate, 1, kStart + milliseconds(100)));
}

TEST(Bucket, WhatIsRefusedCostsNothing) {
  Bucket bucket;
  take_all(bucket, kRate, kStart);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(bucket.take(kRate, 1, kStart));
  EXPECT_EQ(take_all(bucket, kRate, kStart + milliseconds(200)), 2U);
}

TEST(Bucket, GivesItsRateInTheLongRun) {
  Bucket bucket;
  std::uint64_t taken = 0;
  for (int ms = 0; ms < 10'000; ++ms) taken += take_all(bucket, kRate, kStart + milliseconds(ms));
  EXPECT_EQ(taken, 5U + 99U);
}

TEST(Bucket, IsNeverFullerThanItsBurst) {
  Bucket bucket;
  take_all(bucket, kRate, kStart);
  EXPECT_EQ(bucket.until_full(kStart), milliseconds(500));
  EXPECT_EQ(take_all(bucket, kRate, kStart + seconds(100)), 5U);
}

TEST(Bucket, WaitsAsIfOneWereTaken) {
  Bucket bucket;
  EXPECT_FALSE(bucket.wait(kRate, 1, kStart));
  take_all(bucket, kRate, kStart);
  EXPECT_EQ(bucket.wait(kRate, 1, kStart), milliseconds(100));
  EXPECT_EQ(bucket.wait(kRate, 3, kStart), milliseconds(300));
  EXPECT_FALSE(bucket.wait(kRate, 0, kStart)) << "nothing is there always";
}

TEST(Bucket, TakesMoreThanItsBurstFromAFullBucketAndOwesTheRest) {
  Bucket bucket;
  EXPECT_FALSE(bucket.take(kRate, 50, kStart));
  EXPECT_EQ(bucket.tokens(kRate, kStart), 0U);
  EXPECT_EQ(bucket.take(kRate, 1, kStart), milliseconds(4600));
  EXPECT_EQ(bucket.take(kRate, 50, kStart), seconds(5));
  EXPECT_FALSE(bucket.take(kRate, 50, kStart + seconds(5)));
}

TEST(Bucket, IsChargedWhateverItHasAndOwesTheRest) {
  Bucket bucket;
  take_all(bucket, kRate, kStart);
  bucket.charge(kRate, 2, kStart);
  EXPECT_EQ(bucket.take(kRate, 1, kStart), milliseconds(300));
  bucket.charge(Rate{}, 2, kStart);
  EXPECT_EQ(bucket.take(kRate, 1, kStart), milliseconds(300));
}

TEST(Bucket, OfNoRateGivesWhateverIsAsked) {
  Bucket bucket;
  EXPECT_FALSE(bucket.take(Rate{}, 1'000'000, kStart));
  EXPECT_FALSE(bucket.wait(Rate{}, 1, kStart));
  EXPECT_EQ(bucket.until_full(kStart), Time(0));
}

TEST(Bucket, CountsToTheLargestFiguresThereMayBe) {
  Bucket bucket;
  const Rate slow{1, Rate::kMost};
  EXPECT_FALSE(bucket.take(slow, Rate::kMost, kStart));
  EXPECT_EQ(bucket.take(slow, 1, kStart), seconds(1));
  Bucket other;
  const Rate quick{Rate::kMost, Rate::kMost};
  EXPECT_EQ(other.tokens(quick, kStart), Rate::kMost);
  EXPECT_FALSE(other.take(quick, 1 << 30, kStart));
  EXPECT_TRUE(other.take(quick, 1 << 30, kStart));
}

// The tokens that are told are the ones that can be taken, whatever the rate.
TEST(Bucket, TellsTheTokensThatItHas) {
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    const Rate rate{1 + random() % 1000, 1 + random() % 1000};
    Bucket bucket;
    bucket.take(rate, 1 + random() % rate.burst, kStart);
    const auto now = kStart + milliseconds(random() % 500);
    const auto told = bucket.tokens(rate, now);
    EXPECT_EQ(take_all(bucket, rate, now), told) << rate.per_second << "/" << rate.burst;
  }
}

TEST(Bucket, GivesEachTokenOnceToThreadsThatTakeTogether) {
  Bucket bucket;
  const Rate rate{1, 100'000};
  std::vector<std::uint64_t> taken(4);
  {
    std::vector<std::jthread> threads;
    for (auto& mine : taken) threads.emplace_back([&] { mine = take_all(bucket, rate, kStart); });
  }
  EXPECT_EQ(taken[0] + taken[1] + taken[2] + taken[3], 100'000U);
}

}  // namespace
}  // namespace parley::limit
