// The RocksDB of an embedded log: opened or made, with its column families and the number of partitions it was made with.
#pragma once

#include <rocksdb/db.h>

#include "eventlog/embedded/embedded_log.hpp"

namespace parley::eventlog {

// What is wrong with a log that can't be opened, in words for an operator.
std::string sentence(const EmbeddedOptions& options, const std::string& what);

class LogDatabase {
 public:
  // `env` is RocksDB's way to the file system; null: the usual one.
  static std::expected<LogDatabase, std::string> open(const EmbeddedOptions& options, rocksdb::Env* env);
  ~LogDatabase();
  LogDatabase(LogDatabase&&) = default;
  LogDatabase& operator=(LogDatabase&&) = delete;

  rocksdb::DB* operator->() const { return db_.get(); }
  [[nodiscard]] std::uint32_t partitions() const { return static_cast<std::uint32_t>(families_.size() - 1); }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* partition(Partition partition) const { return families_[partition + 1]; }
  // After a write that failed: do writes work again?
  bool heal();

 private:
  using Problem = std::optional<std::string>;
  Problem open_files(const EmbeddedOptions& options, const rocksdb::Options& rocksdb);
  // Reads the number of partitions, or writes it into a new log, and makes the column families that a crash prevented.
  Problem settle_partitions(const EmbeddedOptions& options, const rocksdb::Options& rocksdb);
  std::expected<std::uint32_t, std::string> recorded_partitions(const EmbeddedOptions& options);
  [[nodiscard]] rocksdb::ColumnFamilyHandle* meta() const { return families_.front(); }
  // A write among what the log knows about itself, to see whether writes work.
  rocksdb::Status write_probe(const rocksdb::WriteOptions& options) { return db_->Put(options, meta(), "probe", ""); }

  LogDatabase() = default;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;  // default (what the log knows about itself), p0000, p0001, …
};

}  // namespace parley::eventlog
