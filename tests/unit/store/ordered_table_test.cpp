#include <gtest/gtest.h>

#include "store/store.hpp"
#include "tests/support/temp_dir.hpp"

namespace parley::store {
namespace {

constexpr TableId kOrdered = 7;
constexpr std::size_t kPrefixBytes = 4;

class OrderedTableTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = Store::open({.dir = dir_.path(), .ordered = {{kOrdered, kPrefixBytes}}});
    ASSERT_TRUE(opened);
    store_ = std::move(*opened);
  }
  void put(std::string_view key) {
    Batch batch;
    batch.put(kOrdered, key, "row");
    ASSERT_TRUE(store_->write(batch));
  }
  std::vector<std::string> keys() {
    std::vector<std::string> found;
    EXPECT_TRUE(store_->snapshot()->scan(kOrdered, {}, {}, [&](std::string_view key, std::string_view) {
      found.emplace_back(key);
      return true;
    }));
    return found;
  }

  parley::testing::TempDir dir_;
  std::unique_ptr<Store> store_;
};

TEST_F(OrderedTableTest, KeysThatComeInOrderOrNotAreAllFoundInOrder) {
  for (const auto* key : {"bbbb2", "aaaa1", "aaaa2", "bbbb1", "aaaa3", "bbbb3"}) put(key);
  EXPECT_EQ(keys(), (std::vector<std::string>{"aaaa1", "aaaa2", "aaaa3", "bbbb1", "bbbb2", "bbbb3"}));
}

TEST_F(OrderedTableTest, ARangeBehindItsPrefixCanBeRemovedBetweenWrites) {
  put("aaaa1");
  put("aaaa2");
  put("bbbb1");
  Batch batch;
  batch.remove_range(kOrdered, "aaaa", "aaaa\xff");
  ASSERT_TRUE(store_->write(batch));
  EXPECT_EQ(keys(), std::vector<std::string>{"bbbb1"});
  put("aaaa3");
  EXPECT_EQ(keys(), (std::vector<std::string>{"aaaa3", "bbbb1"}));
}

}  // namespace
}  // namespace parley::store
