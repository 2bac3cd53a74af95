#include "store/store.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>

#include <chrono>
#include <thread>

#include "store/batch.hpp"
#include "store/insert_hint.hpp"
#include "store/quiet_logger.hpp"
#include "store/snapshot.hpp"

namespace parley::store {
namespace {

constexpr double kBloomBitsPerKey = 10;
constexpr double kMemtableBloomShare = 0.02;  // of the write buffer

rocksdb::BlockBasedTableOptions table_options(const StoreOptions& options) {
  rocksdb::BlockBasedTableOptions table;
  table.format_version = 5;
  table.block_cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  table.whole_key_filtering = true;
  table.optimize_filters_for_memory = true;
  return table;
}

rocksdb::Options rocksdb_options(const StoreOptions& options) {
  rocksdb::Options o;
  o.create_if_missing = options.create;
  o.compression = rocksdb::kLZ4Compression;
  o.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table_options(options)));
  o.memtable_prefix_bloom_size_ratio = kMemtableBloomShare;
  o.memtable_whole_key_filtering = true;
  o.allow_concurrent_memtable_write = false;  // one writer
  if (!options.ordered.empty())
    o.memtable_insert_with_hint_prefix_extractor = std::make_shared<const InsertHint>(options.ordered);
  o.write_buffer_size = options.write_buffer_bytes;
  o.level_compaction_dynamic_level_bytes = true;
  o.max_background_jobs = options.background_threads;
  o.info_log = std::make_shared<QuietLogger>();
  o.stats_dump_period_sec = 0;
  o.stats_persist_period_sec = 0;
  return o;
}

Stored<void> stored(const rocksdb::Status& status) {
  if (!status.ok()) return std::unexpected(error_of(status));
  return {};
}

}  // namespace

class RocksStore final : public Store {
 public:
  explicit RocksStore(std::unique_ptr<rocksdb::DB> db) : db_(std::move(db)) {}

  // No write-ahead log: the memtable is flushed whole and in order, so what a crash leaves is an earlier state.
  Stored<void> write(Batch& batch) override {
    rocksdb::WriteOptions options;
    options.disableWAL = true;
    const auto status = db_->Write(options, &batch.impl_->changes);
    if (status.ok()) batch.clear();
    return stored(status);
  }

  Stored<std::optional<std::string>> get(TableId table, std::string_view key) const override {
    return get_from(*db_, {}, table, key);
  }

  [[nodiscard]] std::unique_ptr<Snapshot> snapshot(Reach reach) const override {
    return std::make_unique<RocksSnapshot>(*db_, reach);
  }

  Stored<void> flush() override { return stored(db_->Flush({})); }

  Stored<void> compact() override {
    const auto written = db_->GetLatestSequenceNumber();
    if (!await_snapshots(written)) return std::unexpected(StoreError{"a read of long ago still holds what is to go"});
    auto status = db_->Flush({});
    rocksdb::CompactRangeOptions all;
    all.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    if (status.ok()) status = db_->CompactRange(all, nullptr, nullptr);
    return stored(status);
  }

  Stored<void> checkpoint(const std::filesystem::path& dir) override {
    rocksdb::Checkpoint* made = nullptr;
    auto status = rocksdb::Checkpoint::Create(db_.get(), &made);
    const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
    if (status.ok()) status = db_->Flush({});  // what has no write-ahead log is copied only as files
    if (status.ok()) status = checkpoint->CreateCheckpoint(dir.string());
    return stored(status);
  }

 private:
  // What an older snapshot sees can't be dropped. False: one stays for too long.
  [[nodiscard]] bool await_snapshots(rocksdb::SequenceNumber newer) const {
    constexpr std::chrono::milliseconds kLook{5};
    constexpr int kLooks = 2000;
    for (int look = 0; look < kLooks; ++look) {
      std::uint64_t oldest = 0;  // 0: there is none
      db_->GetIntProperty(rocksdb::DB::Properties::kOldestSnapshotSequence, &oldest);
      if (oldest == 0 || oldest >= newer) return true;
      std::this_thread::sleep_for(kLook);
    }
    return false;
  }

  std::unique_ptr<rocksdb::DB> db_;
};

Stored<std::unique_ptr<Store>> Store::open(const StoreOptions& options) {
  const auto rocksdb = rocksdb_options(options);
  std::error_code made;
  if (!options.read_only && options.create) std::filesystem::create_directories(options.dir, made);
  if (made) return std::unexpected(StoreError{options.dir.string() + ": " + made.message()});
  rocksdb::DB* db = nullptr;
  const auto status = options.read_only ? rocksdb::DB::OpenForReadOnly(rocksdb, options.dir.string(), &db)
                                        : rocksdb::DB::Open(rocksdb, options.dir.string(), &db);
  if (!status.ok()) return std::unexpected(StoreError{options.dir.string() + ": " + status.ToString()});
  return std::make_unique<RocksStore>(std::unique_ptr<rocksdb::DB>(db));
}

}  // namespace parley::store
