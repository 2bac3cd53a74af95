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

TEST(Scheduling, WhatMayBeLateMakesWayForWhateverWakes) {
  std::jthread([] {
    schedule_behind_others();
    EXPECT_EQ(sched_getscheduler(0), SCHED_IDLE) << "one of SCHED_BATCH that wakes waits for a thread of any other policy";
  });
}

}  // namespace
}  // namespace parley::runtime
