#include "store/digest.hpp"

#include <gmock/gmock.h>

#include "tests/support/temp_dir.hpp"

namespace parley::store {
namespace {

using ::testing::Optional;

constexpr TableId kRows = 1;
constexpr TableId kOthers = 2;

class DigestTest : public ::testing::Test {
 protected:
  static void put(Store& store, TableId table, std::string_view key, std::string_view value) {
    Batch batch;
    batch.put(table, key, value);
    ASSERT_TRUE(store.write(batch));
  }
  std::unique_ptr<Store> open(const std::string& name) { return std::move(*Store::open({.dir = dir_ / name})); }
  std::string digest_of(const Store& store) { return hex(*digest(*store.snapshot(), kRows)); }

  testing::TempDir dir_;
  std::unique_ptr<Store> a_ = open("a");
  std::unique_ptr<Store> b_ = open("b");
};

TEST_F(DigestTest, OfAnEmptyTableIsThatOfNoBytes) {
  EXPECT_EQ(digest_of(*a_), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_F(DigestTest, DoesNotDependOnTheOrderOfWritesNorOnOtherTables) {
  put(*a_, kRows, "x", "1");
  put(*a_, kRows, "y", "2");
  put(*b_, kRows, "y", "old");
  put(*b_, kRows, "y", "2");
  put(*b_, kRows, "x", "1");
  put(*b_, kOthers, "z", "3");
  EXPECT_EQ(digest_of(*a_), digest_of(*b_));
  EXPECT_EQ(*first_difference(*a_, *b_, kRows), std::nullopt);
}

TEST_F(DigestTest, TellsWhereAKeyEndsAndItsValueBegins) {
  put(*a_, kRows, "ab", "c");
  put(*b_, kRows, "a", "bc");
  EXPECT_NE(digest_of(*a_), digest_of(*b_));
}

TEST_F(DigestTest, TheFirstDifferenceIsTheLowestKey) {
  put(*a_, kRows, "same", "");
  put(*b_, kRows, "same", "");
  put(*a_, kRows, "x", "1");
  put(*b_, kRows, "x", "2");
  put(*b_, kRows, "y", "");
  const auto difference = *first_difference(*a_, *b_, kRows);
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->key, "x");
  EXPECT_THAT(difference->in_a, Optional(std::string("1")));
  EXPECT_THAT(difference->in_b, Optional(std::string("2")));
}

TEST_F(DigestTest, AKeyThatOneSideLacksIsADifference) {
  put(*a_, kRows, "x", "1");
  auto difference = *first_difference(*a_, *b_, kRows);
  ASSERT_TRUE(difference);
  EXPECT_THAT(difference->in_a, Optional(std::string("1")));
  EXPECT_EQ(difference->in_b, std::nullopt);

  difference = *first_difference(*b_, *a_, kRows);
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->in_a, std::nullopt);
  EXPECT_THAT(difference->in_b, Optional(std::string("1")));
}

TEST_F(DigestTest, ADifferenceFarIntoLargeTablesIsFound) {
  Batch in_a;
  Batch in_b;
  for (int i = 0; i < 5000; ++i) {
    const auto key = std::to_string(100000 + i);
    in_a.put(kRows, key, "same");
    in_b.put(kRows, key, "same");
  }
  in_b.put(kRows, "104999\x01", "after the last one of the other");
  ASSERT_TRUE(a_->write(in_a));
  ASSERT_TRUE(b_->write(in_b));
  const auto difference = *first_difference(*a_, *b_, kRows);
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->key, "104999\x01");
}

}  // namespace
}  // namespace parley::store
