#include "runtime/shards.hpp"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <future>
#include <set>

namespace parley::runtime {
namespace {

std::thread::id thread_of(boost::asio::io_context& shard) {
  std::promise<std::thread::id> promise;
  boost::asio::post(shard, [&] { promise.set_value(std::this_thread::get_id()); });
  return promise.get_future().get();
}

TEST(Shards, RunEachOnOneThreadOfItsOwn) {
  Shards shards(3);
  shards.start();
  std::set<std::thread::id> threads;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const auto thread = thread_of(shards[i]);
    EXPECT_EQ(thread, thread_of(shards[i]));
    threads.insert(thread);
  }
  EXPECT_EQ(threads.size(), 3U);
  EXPECT_FALSE(threads.contains(std::this_thread::get_id()));
}

TEST(Shards, StopWithWorkStillWaitingAndMayBeStoppedTwice) {
  Shards shards(1);
  boost::asio::post(shards[0], [] {});
  shards.stop();
  shards.stop();
}

TEST(Shards, DropWhatWaitsBeforeTheyEnd) {
  Shards shards(1);
  shards.start();
  auto held = std::make_shared<int>(7);
  const std::weak_ptr<int> watched = held;
  boost::asio::steady_timer never(shards[0], boost::asio::steady_timer::time_point::max());
  never.async_wait([held = std::move(held)](const boost::system::error_code&) { ADD_FAILURE() << "it never comes"; });
  shards.stop();
  EXPECT_FALSE(watched.expired());
  shards.drop();
  EXPECT_TRUE(watched.expired());
  boost::asio::post(shards[0], [] { ADD_FAILURE() << "nobody runs it"; });
}

TEST(Shards, AreAtLeastOne) { EXPECT_EQ(Shards(0).size(), 1U); }

TEST(AvailableCpus, FollowsTheAffinityOfTheProcess) {
  cpu_set_t before;
  ASSERT_EQ(sched_getaffinity(0, sizeof(before), &before), 0);
  EXPECT_EQ(available_cpus(), static_cast<std::size_t>(CPU_COUNT(&before)));
  std::jthread([&] {
    int first = 0;
    while (!CPU_ISSET(first, &before)) ++first;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
    EXPECT_EQ(available_cpus(), 1U);
  }).join();
}

}  // namespace
}  // namespace parley::runtime
