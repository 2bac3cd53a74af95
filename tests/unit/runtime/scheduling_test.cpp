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

}  // namespace
}  // namespace parley::runtime
