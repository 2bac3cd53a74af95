#include "eventlog/embedded/log_database.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "eventlog/embedded/quiet_logger.hpp"

namespace parley::eventlog {
namespace {

constexpr std::size_t kAllWriteBuffersBytes = 256 << 20;
constexpr std::size_t kWalBytes = 256 << 20;
constexpr std::size_t kBlockCacheBytes = 8 << 20;
constexpr int kOpensBesideWriter = 10;
constexpr std::string_view kPartitionsKey = "partitions";

std::string family_name(Partition partition) {
  char name[16];
  std::snprintf(name, sizeof name, "p%04u", partition);
  return name;
}

rocksdb::Options rocksdb_options(const EmbeddedOptions& options, rocksdb::Env* env) {
  rocksdb::Options o;
  if (env != nullptr) o.env = env;
  o.create_if_missing = true;
  // One thread writes: nothing to share the memtable with, so the cheap insertion that goes on where the last one ended.
  o.allow_concurrent_memtable_write = false;
  o.enable_pipelined_write = false;
  o.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  // A partition that is seldom written holds back the write-ahead log of all: beyond this its memtable is flushed.
  o.max_total_wal_size = kWalBytes;
  o.write_buffer_size = options.write_buffer_bytes;
  o.max_write_buffer_number = 4;
  o.db_write_buffer_size = kAllWriteBuffersBytes;
  o.max_background_jobs = 2;
  // Files never overlap, so compaction moves them; nothing may rewrite them for their age.
  o.level_compaction_dynamic_level_bytes = true;
  o.ttl = 0;
  o.periodic_compaction_seconds = 0;
  o.compression = rocksdb::kLZ4Compression;
  o.info_log = std::make_shared<QuietLogger>();
  o.stats_dump_period_sec = 0;
  o.stats_persist_period_sec = 0;
  rocksdb::BlockBasedTableOptions table;
  table.block_size = 32 << 10;  // read from end to end, never by key
  table.format_version = 5;
  table.block_cache = rocksdb::NewLRUCache(kBlockCacheBytes);
  o.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return o;
}

rocksdb::WriteOptions synced() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

std::string cannot_open(const EmbeddedOptions& options, const rocksdb::Status& status) {
  const auto words = status.ToString();
  if (status.IsIOError() && (words.contains("While lock file") || words.contains("lock hold by")))
    return sentence(options, "is in use by another writer: " + words);
  return sentence(options, "can't be opened: " + words);
}

std::vector<std::string> existing_families(const EmbeddedOptions& options, const rocksdb::Options& rocksdb) {
  std::vector<std::string> names;
  const auto status = rocksdb::DB::ListColumnFamilies(rocksdb, options.dir.string(), &names);
  if (!status.ok()) return {rocksdb::kDefaultColumnFamilyName};  // a new one, or open() says what is wrong
  std::ranges::sort(names);                                      // default, p0000, …
  return names;
}

}  // namespace

std::string sentence(const EmbeddedOptions& options, const std::string& what) {
  return "the log in " + options.dir.string() + " " + what;
}

std::expected<LogDatabase, std::string> LogDatabase::open(const EmbeddedOptions& options, rocksdb::Env* env) {
  std::error_code error;
  if (!options.read_only) std::filesystem::create_directories(options.dir, error);
  if (error) return std::unexpected(sentence(options, "can't be made: " + error.message()));
  if (!std::filesystem::exists(options.dir, error)) return std::unexpected(sentence(options, "isn't there"));
  const auto rocksdb = rocksdb_options(options, env);
  LogDatabase database;
  auto problem = database.open_files(options, rocksdb);
  if (!problem) problem = database.settle_partitions(options, rocksdb);
  if (problem) return std::unexpected(std::move(*problem));
  if (!options.read_only)
    if (const auto written = database.write_probe(synced()); !written.ok())
      return std::unexpected(sentence(options, "can't be written: " + written.ToString()));
  return database;
}

// To a write-ahead log that failed nothing can be added: RocksDB aborts. When it resumes it begins a new one, but only if there
// is something in memory to flush. So there is, from the start, and again before the new one can fail.
bool LogDatabase::heal() {
  rocksdb::WriteOptions unlogged;
  unlogged.disableWAL = true;
  return db_->Resume().ok() && write_probe(unlogged).ok() && write_probe(synced()).ok();
}

LogDatabase::~LogDatabase() {
  if (!db_) return;
  for (auto* family : families_) db_->DestroyColumnFamilyHandle(family);
  db_->Close().PermitUncheckedError();
}

LogDatabase::Problem LogDatabase::open_files(const EmbeddedOptions& options, const rocksdb::Options& rocksdb) {
  rocksdb::DB* db = nullptr;
  rocksdb::Status status;
  // Beside a writer, a file may be gone between the moment it was listed and the moment it is opened.
  for (int attempt = 0; attempt < (options.read_only ? kOpensBesideWriter : 1); ++attempt) {
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (auto& name : existing_families(options, rocksdb)) families.emplace_back(std::move(name), rocksdb);
    status = options.read_only ? rocksdb::DB::OpenForReadOnly(rocksdb, options.dir.string(), families, &families_, &db)
                               : rocksdb::DB::Open(rocksdb, options.dir.string(), families, &families_, &db);
    if (status.ok()) break;
  }
  if (!status.ok()) return cannot_open(options, status);
  db_.reset(db);
  return std::nullopt;
}

std::expected<std::uint32_t, std::string> LogDatabase::recorded_partitions(const EmbeddedOptions& options) {
  std::string text;
  auto status = db_->Get({}, meta(), rocksdb::Slice(kPartitionsKey), &text);
  if (status.IsNotFound()) {
    const bool is_new = families_.size() == 1 && db_->GetLatestSequenceNumber() == 0;
    if (!is_new || options.read_only) return std::unexpected(sentence(options, "is no log of Parley's"));
    if (options.partitions == 0)
      return std::unexpected(sentence(options, "doesn't exist, and how many partitions it should get isn't said"));
    text = std::to_string(options.partitions);
    status = db_->Put(synced(), meta(), rocksdb::Slice(kPartitionsKey), text);
  }
  if (!status.ok()) return std::unexpected(cannot_open(options, status));
  std::uint32_t recorded = 0;
  std::from_chars(text.data(), text.data() + text.size(), recorded);
  return recorded;
}

LogDatabase::Problem LogDatabase::settle_partitions(const EmbeddedOptions& options, const rocksdb::Options& rocksdb) {
  const auto recorded = recorded_partitions(options);
  if (!recorded) return recorded.error();
  if (options.partitions != 0 && options.partitions != *recorded) {
    return sentence(options, "has " + std::to_string(*recorded) + " partitions and keeps them: it can't be opened with " +
                                 std::to_string(options.partitions));
  }
  while (partitions() < *recorded) {
    rocksdb::ColumnFamilyHandle* family = nullptr;
    const auto status = db_->CreateColumnFamily(rocksdb, family_name(partitions()), &family);
    if (!status.ok()) return cannot_open(options, status);
    families_.push_back(family);
  }
  return std::nullopt;
}

}  // namespace parley::eventlog
