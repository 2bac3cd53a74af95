#include "runtime/inbox.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>

namespace parley::runtime {
namespace {

TEST(Inbox, AsksForOneWakeUpForABurst) {
  Inbox<int> inbox;
  EXPECT_TRUE(inbox.push(1));
  EXPECT_FALSE(inbox.push(2));
  std::vector<int> got;
  inbox.take(got);
  EXPECT_EQ(got, (std::vector<int>{1, 2}));
  EXPECT_TRUE(inbox.push(3));
}

TEST(Inbox, GivesNothingTwice) {
  Inbox<int> inbox;
  ASSERT_TRUE(inbox.push(1));
  std::vector<int> got;
  inbox.take(got);
  inbox.take(got);
  EXPECT_TRUE(got.empty());
}

TEST(Inbox, TakesManyAtOnceInOrderAndLeavesTheirVectorEmpty) {
  Inbox<std::unique_ptr<int>> inbox;
  ASSERT_TRUE(inbox.push(std::make_unique<int>(0)));
  std::vector<std::unique_ptr<int>> more;
  EXPECT_FALSE(inbox.push_all(more));
  more.push_back(std::make_unique<int>(1));
  more.push_back(std::make_unique<int>(2));
  EXPECT_FALSE(inbox.push_all(more));
  EXPECT_TRUE(more.empty());
  std::vector<std::unique_ptr<int>> got;
  inbox.take(got);
  ASSERT_EQ(got.size(), 3U);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(*got[static_cast<std::size_t>(i)], i);
}

TEST(Inbox, AnEmptyPushWakesNobody) {
  Inbox<int> inbox;
  std::vector<int> none;
  EXPECT_FALSE(inbox.push_all(none));
  EXPECT_TRUE(inbox.push(1));
}

TEST(Inbox, LosesNothingBetweenThreadsAndWakesForEverything) {
  constexpr int kEach = 20000;
  Inbox<int> inbox;
  std::atomic<int> wakes{0};
  auto produce = [&] {
    for (int i = 0; i < kEach; ++i) {
      if (inbox.push(1)) {
        wakes.fetch_add(1);
        wakes.notify_one();
      }
    }
  };
  std::jthread one(produce);
  std::jthread two(produce);
  int total = 0;
  int handled = 0;
  std::vector<int> got;
  while (total < 2 * kEach) {
    wakes.wait(handled);  // a take without a wake-up still to come would hang here
    ++handled;
    inbox.take(got);
    total += static_cast<int>(got.size());
  }
  EXPECT_EQ(total, 2 * kEach);
}

}  // namespace
}  // namespace parley::runtime
