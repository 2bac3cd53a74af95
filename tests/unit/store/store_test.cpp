#include "store/store.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include "tests/support/temp_dir.hpp"

namespace parley::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;

constexpr TableId kOffsets = 0;
constexpr TableId kRows = 1;
constexpr TableId kNeighbour = 2;
constexpr TableId kLast = 254;

std::unique_ptr<Store> open_store(const std::filesystem::path& dir) {
  auto store = Store::open({.dir = dir, .write_buffer_bytes = 1 << 20, .block_cache_bytes = 1 << 20});
  if (!store) ADD_FAILURE() << store.error().what;
  return std::move(*store);
}

void put(Store& store, TableId table, std::string_view key, std::string_view value) {
  Batch batch;
  batch.put(table, key, value);
  ASSERT_TRUE(store.write(batch));
}

std::vector<std::string> keys_of(const Store& store, TableId table, std::string_view prefix = {}, std::string_view from = {}) {
  std::vector<std::string> keys;
  const auto visit = [&](std::string_view key, std::string_view) { return keys.emplace_back(key), true; };
  EXPECT_TRUE(store.snapshot()->scan(table, prefix, from, visit));
  return keys;
}

std::vector<std::string> keys_back(const Store& store, TableId table, std::string_view prefix, std::string_view below) {
  std::vector<std::string> keys;
  const auto visit = [&](std::string_view key, std::string_view) { return keys.emplace_back(key), true; };
  EXPECT_TRUE(store.snapshot()->scan_back(table, prefix, below, visit));
  return keys;
}

class StoreTest : public ::testing::Test {
 protected:
  testing::TempDir dir_;
  std::unique_ptr<Store> store_ = open_store(dir_ / "store");
};

TEST_F(StoreTest, WhatIsWrittenIsRead) {
  put(*store_, kRows, "a", "1");
  EXPECT_THAT(*store_->get(kRows, "a"), Optional(std::string("1")));
  EXPECT_EQ(*store_->get(kRows, "b"), std::nullopt);
}

TEST_F(StoreTest, TheSameKeyInTwoTablesIsTwoThings) {
  put(*store_, kRows, "a", "1");
  put(*store_, kNeighbour, "a", "2");
  EXPECT_THAT(*store_->get(kRows, "a"), Optional(std::string("1")));
  EXPECT_THAT(*store_->get(kNeighbour, "a"), Optional(std::string("2")));
}

TEST_F(StoreTest, KeysAndValuesAreBytes) {
  const std::string bytes("\x00\xff\x00", 3);
  put(*store_, kLast, bytes, bytes);
  put(*store_, kLast, "", "empty key");
  EXPECT_THAT(*store_->get(kLast, bytes), Optional(bytes));
  EXPECT_THAT(keys_of(*store_, kLast), ElementsAre("", bytes));
}

TEST_F(StoreTest, AWrittenBatchIsEmptyAgain) {
  Batch batch;
  EXPECT_TRUE(batch.empty());
  batch.put(kRows, "a", "1");
  EXPECT_FALSE(batch.empty());
  EXPECT_GT(batch.bytes(), 2U);
  ASSERT_TRUE(store_->write(batch));
  EXPECT_TRUE(batch.empty());
}

TEST_F(StoreTest, ASnapshotDoesNotSeeWhatCameLater) {
  put(*store_, kRows, "a", "1");
  const auto before = store_->snapshot();
  put(*store_, kRows, "a", "2");
  put(*store_, kRows, "b", "2");
  EXPECT_THAT(*before->get(kRows, "a"), Optional(std::string("1")));
  EXPECT_EQ(*before->get(kRows, "b"), std::nullopt);
  std::vector<std::string> values;
  ASSERT_TRUE(before->scan(kRows, {}, {}, [&](auto, auto value) { return values.emplace_back(value), true; }));
  EXPECT_THAT(values, ElementsAre("1"));
}

TEST_F(StoreTest, AScanGoesUpwardsFromItsStartWithinItsPrefix) {
  for (const auto* key : {"a1", "b1", "b2", "b3", "c1"}) put(*store_, kRows, key, "");
  put(*store_, kNeighbour, "b9", "");
  EXPECT_THAT(keys_of(*store_, kRows), ElementsAre("a1", "b1", "b2", "b3", "c1"));
  EXPECT_THAT(keys_of(*store_, kRows, "b"), ElementsAre("b1", "b2", "b3"));
  EXPECT_THAT(keys_of(*store_, kRows, "b", "b2"), ElementsAre("b2", "b3"));
  EXPECT_THAT(keys_of(*store_, kRows, "b", "a"), ElementsAre("b1", "b2", "b3"));
  EXPECT_THAT(keys_of(*store_, kRows, "b", "c"), IsEmpty());
}

TEST_F(StoreTest, AScanBackGoesDownwardsFromBelowItsBoundWithinItsPrefix) {
  for (const auto* key : {"a1", "b1", "b2", "b3", "c1"}) put(*store_, kRows, key, "");
  put(*store_, kOffsets, "b0", "");
  EXPECT_THAT(keys_back(*store_, kRows, "", ""), ElementsAre("c1", "b3", "b2", "b1", "a1"));
  EXPECT_THAT(keys_back(*store_, kRows, "b", ""), ElementsAre("b3", "b2", "b1"));
  EXPECT_THAT(keys_back(*store_, kRows, "b", "b3"), ElementsAre("b2", "b1"));
  EXPECT_THAT(keys_back(*store_, kRows, "b", "c1"), ElementsAre("b3", "b2", "b1"));
  EXPECT_THAT(keys_back(*store_, kRows, "b", "b1"), IsEmpty());
  EXPECT_THAT(keys_back(*store_, kRows, "b", "a"), IsEmpty());
}

TEST_F(StoreTest, APrefixOfHighestBytesEndsWhereItsTableEnds) {
  put(*store_, kRows, "\xff\xff", "");
  put(*store_, kRows, "\xff\xff\x01", "");
  put(*store_, kRows, "\xfe", "");
  put(*store_, kNeighbour, "", "");
  EXPECT_THAT(keys_of(*store_, kRows, "\xff\xff"), ElementsAre("\xff\xff", "\xff\xff\x01"));
  EXPECT_THAT(keys_back(*store_, kRows, "\xff", ""), ElementsAre("\xff\xff\x01", "\xff\xff"));
  put(*store_, kLast, "\xff", "");
  EXPECT_THAT(keys_of(*store_, kLast, "\xff"), ElementsAre("\xff"));
  EXPECT_THAT(keys_back(*store_, kLast, "", ""), ElementsAre("\xff"));
}

TEST_F(StoreTest, AScanStopsWhenItsVisitorHasEnough) {
  for (const auto* key : {"a", "b", "c"}) put(*store_, kRows, key, "");
  int visits = 0;
  ASSERT_TRUE(store_->snapshot()->scan(kRows, {}, {}, [&](auto, auto) { return ++visits < 2; }));
  EXPECT_EQ(visits, 2);
}

TEST_F(StoreTest, ARemovedKeyIsGone) {
  put(*store_, kRows, "a", "1");
  Batch batch;
  batch.remove(kRows, "a");
  ASSERT_TRUE(store_->write(batch));
  EXPECT_EQ(*store_->get(kRows, "a"), std::nullopt);
}

TEST_F(StoreTest, ARemovedRangeTakesItsStartAndLeavesItsEnd) {
  for (const auto* key : {"a", "b", "c", "d"}) put(*store_, kRows, key, "");
  Batch batch;
  batch.remove_range(kRows, "b", "d");
  batch.put(kRows, "c", "put after the removal, in the same batch");
  ASSERT_TRUE(store_->write(batch));
  EXPECT_THAT(keys_of(*store_, kRows), ElementsAre("a", "c", "d"));
}

TEST_F(StoreTest, ARangeWithoutAnEndTakesTheTableAndNoOther) {
  for (const auto table : {kOffsets, kRows, kNeighbour, kLast}) put(*store_, table, "a", "");
  Batch batch;
  batch.remove_range(kRows, "", "");
  ASSERT_TRUE(store_->write(batch));
  EXPECT_THAT(keys_of(*store_, kRows), IsEmpty());
  EXPECT_THAT(keys_of(*store_, kOffsets), ElementsAre("a"));
  EXPECT_THAT(keys_of(*store_, kNeighbour), ElementsAre("a"));
}

TEST_F(StoreTest, TheLastTableCanBeEmptiedToo) {
  put(*store_, kLast, "\xff\xff", "");
  put(*store_, kRows, "a", "");
  Batch batch;
  batch.remove_range(kLast, "", "");
  ASSERT_TRUE(store_->write(batch));
  EXPECT_THAT(keys_of(*store_, kLast), IsEmpty());
  EXPECT_THAT(keys_of(*store_, kRows), ElementsAre("a"));
}

TEST_F(StoreTest, ClosingKeepsEverything) {
  put(*store_, kRows, "a", "1");
  store_.reset();
  store_ = open_store(dir_ / "store");
  EXPECT_THAT(*store_->get(kRows, "a"), Optional(std::string("1")));
}

TEST_F(StoreTest, ASecondWriterOfADirectoryIsRefused) {
  const auto second = Store::open({.dir = dir_ / "store"});
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().what, HasSubstr("lock"));
}

TEST_F(StoreTest, AReaderBesideTheWriterSeesWhatWasFlushed) {
  put(*store_, kRows, "a", "1");
  ASSERT_TRUE(store_->flush());
  const auto reader = Store::open({.dir = dir_ / "store", .read_only = true});
  ASSERT_TRUE(reader) << reader.error().what;
  EXPECT_THAT(*(*reader)->get(kRows, "a"), Optional(std::string("1")));
  Batch batch;
  batch.put(kRows, "b", "2");
  EXPECT_FALSE((*reader)->write(batch));
}

TEST_F(StoreTest, ACheckpointIsAStoreOfThatMoment) {
  put(*store_, kRows, "a", "1");
  ASSERT_TRUE(store_->checkpoint(dir_ / "copy"));
  put(*store_, kRows, "b", "2");
  const auto copy = open_store(dir_ / "copy");
  EXPECT_THAT(keys_of(*copy, kRows), ElementsAre("a"));
  EXPECT_FALSE(store_->checkpoint(dir_ / "copy")) << "the directory exists";
}

// Writes batches of an offset and the rows that belong to it, flushes early, and is killed much later.
[[noreturn]] void write_until_killed(const std::filesystem::path& dir) {
  const auto store = open_store(dir);
  for (int offset = 1;; ++offset) {
    Batch batch;
    const auto text = std::to_string(offset);
    batch.put(kOffsets, "next", text);
    batch.put(kRows, text, std::string(500, 'x'));
    batch.put(kNeighbour, "latest", text);
    if (!store->write(batch)) _exit(1);
    if (offset == 10 && !store->flush()) _exit(1);
    if (offset == 20000) ::raise(SIGKILL);
  }
}

TEST(KilledStoreTest, LeavesAnEarlierStateInWhichTablesAndOffsetAgree) {
  // The child is this test begun anew in a fresh process: where to write reaches it through the environment.
  constexpr const char* kDir = "PARLEY_TEST_KILLED_STORE";
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  std::optional<testing::TempDir> dir;
  if (::getenv(kDir) == nullptr) ::setenv(kDir, dir.emplace().path().c_str(), 1);
  const std::filesystem::path killed = ::getenv(kDir);
  ASSERT_EXIT(write_until_killed(killed), ::testing::KilledBySignal(SIGKILL), "");

  const auto store = open_store(killed);
  const auto next = *store->get(kOffsets, "next");
  ASSERT_TRUE(next) << "what was flushed is lost";
  EXPECT_GE(std::stoi(*next), 10);
  EXPECT_EQ(*store->get(kNeighbour, "latest"), next);
  EXPECT_EQ(keys_of(*store, kRows).size(), std::stoul(*next));
}

}  // namespace
}  // namespace parley::store
