// One partition's fold on a disk of its own, which forgets what was not flushed when the fold is killed.
//
// Operation: RocksDB flushes when it is closed, which a process that is killed does not. So a flush puts a checkpoint aside,
// and a kill goes back to the last one.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <optional>

#include "fold/partition_fold.hpp"
#include "store/digest.hpp"
#include "tests/support/temp_dir.hpp"

namespace parley::fold {

inline constexpr codec::Control kControl{
    .format = 1, .partitions = 1, .rules_version = 1, .epoch = 7, .dedup_window_ms = std::int64_t{3600} * 1000};

inline std::unique_ptr<store::Store> open_store(const std::filesystem::path& dir) {
  auto store = store::Store::open(
      {.dir = dir, .write_buffer_bytes = 4 << 20, .block_cache_bytes = 1 << 20, .ordered = ordered_tables()});
  if (store) return std::move(*store);
  ADD_FAILURE() << store.error().what;
  std::abort();
}

using Digests = std::map<std::string_view, std::string>;  // by table
inline Digests digests(const store::Store& store) {
  Digests all;
  const auto snapshot = store.snapshot();
  for (const auto table : kTables) all[name(table)] = store::hex(store::digest(*snapshot, id(table)).value());
  return all;
}

class Partition {
 public:
  explicit Partition(const codec::Control& control = kControl, Projection* projection = nullptr,
                     const keys::KeyTable* keys = nullptr)
      : control_(control), projection_(projection), keys_(keys) {
    open();
  }

  // What became of each record. REQUIRES: the store takes it.
  std::vector<Step> fold(std::span<const eventlog::Record> records) {
    std::vector<Step> steps;
    const auto folded = fold_->fold(records, steps);
    EXPECT_TRUE(folded) << folded.error().what;
    return steps;
  }
  [[nodiscard]] const PartitionFold& operator*() const { return *fold_; }
  [[nodiscard]] const PartitionFold* operator->() const { return fold_.get(); }
  [[nodiscard]] store::Store& store() { return *store_; }

  // Ends in good order, and begins again.
  void restart() {
    close();
    open();
  }
  void flush() {
    const auto aside = dir_ / ("flushed-" + std::to_string(++flushes_));
    const auto made = store_->checkpoint(aside);
    ASSERT_TRUE(made) << made.error().what;
    if (flushed_) std::filesystem::remove_all(*flushed_);
    flushed_ = aside;
  }
  void kill() {
    close();
    std::filesystem::remove_all(live());
    if (flushed_) std::filesystem::copy(*flushed_, live(), std::filesystem::copy_options::recursive);
    open();
  }

 private:
  [[nodiscard]] std::filesystem::path live() const { return dir_ / "live"; }
  void close() {
    fold_.reset();
    store_.reset();
  }
  void open() {
    store_ = open_store(live());
    auto fold = PartitionFold::open(0, *store_, control_, projection_, keys_);
    ASSERT_TRUE(fold) << fold.error();
    fold_ = std::move(*fold);
  }

  testing::TempDir dir_{testing::memory_directory()};
  codec::Control control_;
  Projection* projection_;
  const keys::KeyTable* keys_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<PartitionFold> fold_;
  std::optional<std::filesystem::path> flushed_;
  int flushes_ = 0;
};

}  // namespace parley::fold
