#include "runtime/scheduling.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <boost/asio/post.hpp>
#include <future>
#include <thread>

#include "runtime/shards.hpp"

namespace parley::runtime {
namespace {

TEST(Scheduling, WhatAThreadMakesWorksAsItDoesAndShardsArePromptAllTheSame) {
  std::jthread([] {
    schedule_in_batches();
    EXPECT_EQ(sched_getscheduler(0), SCHED_BATCH);
    std::jthread([] { EXPECT_EQ(sched_getscheduler(0), SCHED_BATCH); });
    Shards shards(1);
    shards.start();
    std::promise<int> policy;
    boost::asio::post(shards[0], [&] { policy.set_value(sched_getscheduler(0)); });
    EXPECT_EQ(policy.get_future().get(), SCHED_OTHER);
    schedule_promptly();
    EXPECT_EQ(sched_getscheduler(0), SCHED_OTHER);
  });
}

// --- what makes way: it has worked for 2 ms of 10, and of these the others for so and so many
std::chrono::nanoseconds rest_after(std::int64_t others_ms, unsigned processors) {
  constexpr std::int64_t kMs = 1'000'000;
  return rest_due({100 * kMs, 50 * kMs, 7 * kMs}, {110 * kMs, (52 + others_ms) * kMs, 9 * kMs}, processors);
}

TEST(GiveWay, RestsWhileTheOthersHaveUseForHalfOfTheProcessors) {
  EXPECT_EQ(rest_after(0, 1), std::chrono::nanoseconds(0));
  EXPECT_EQ(rest_after(4, 1), std::chrono::nanoseconds(0));
  EXPECT_EQ(rest_after(5, 1), std::chrono::milliseconds(38));
  EXPECT_EQ(rest_after(5, 2), std::chrono::nanoseconds(0));
  EXPECT_EQ(rest_after(10, 2), std::chrono::milliseconds(38));
}

TEST(GiveWay, RestsForASecondAtMost) {
  EXPECT_EQ(rest_due({}, {1'000'000'000, 1'000'000'000, 500'000'000}, 1), std::chrono::seconds(1));
}

TEST(GiveWay, DoesNotRestOnceItIsToStop) {
  std::stop_source stop;
  stop.request_stop();
  const auto begun = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - begun < std::chrono::milliseconds(5)) give_way(stop.get_token());
}

}  // namespace
}  // namespace parley::runtime
