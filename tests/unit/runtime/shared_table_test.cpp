#include "runtime/shared_table.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace parley::runtime {
namespace {

struct Value {
  std::atomic<int> count{0};
  std::atomic<bool> idle{false};
};

class SharedTableTest : public ::testing::Test {
 protected:
  std::shared_ptr<Value> find(const std::string& name) {
    return table_.find(name, [] { return std::make_shared<Value>(); }, [](const Value& value) { return value.idle.load(); });
  }
  SharedTable<Value> table_{6400};
};

TEST_F(SharedTableTest, GivesTheSameValueForTheSameName) {
  const auto first = find("a");
  EXPECT_EQ(find("a"), first);
  EXPECT_NE(find("b"), first);
  EXPECT_EQ(table_.size(), 2U);
}

TEST_F(SharedTableTest, KeepsWhatIsNotIdleThoughNobodyHoldsIt) {
  find("a")->count = 7;
  for (int i = 0; i < 5000; ++i) find(std::to_string(i))->idle = true;
  EXPECT_EQ(find("a")->count, 7);
}

TEST_F(SharedTableTest, KeepsWhatIsHeldThoughItIsIdle) {
  const auto held = find("a");
  held->idle = true;
  for (int i = 0; i < 5000; ++i) find(std::to_string(i))->idle = true;
  EXPECT_EQ(find("a"), held);
}

TEST_F(SharedTableTest, ForgetsTheRestBeforeItGrows) {
  for (int i = 0; i < 100'000; ++i) find(std::to_string(i))->idle = true;
  EXPECT_LE(table_.size(), 64U * 17U);
}

TEST_F(SharedTableTest, HasNoRoomForMoreThanItsBound) {
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) refused += find(std::to_string(i)) == nullptr ? 1 : 0;
  EXPECT_LE(table_.size(), 6400U);
  EXPECT_EQ(refused, 20'000 - static_cast<int>(table_.size()));
}

TEST_F(SharedTableTest, IsSharedByThreads) {
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 20'000; ++i) {
          find("all")->count.fetch_add(1);
          find(std::to_string(i))->idle = true;
        }
      });
  }
  EXPECT_EQ(find("all")->count, 80'000);
}

}  // namespace
}  // namespace parley::runtime
