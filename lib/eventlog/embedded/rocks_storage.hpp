// The embedded log's records in RocksDB.
//
// Operation: a group is one WriteBatch written with sync, so all of it survives a power cut or none of it. When the process
// dies, RocksDB recovers to a point in time: only the tail that was never synced, and so never acked, can be lost.
// Errors: a failed write leaves its group unknown, since its bytes may be in the write-ahead log. From then on commits are
// Unavailable until RocksDB has resumed and a write of its own has shown that it works: a full disk that has room again heals
// by itself; after other I/O errors RocksDB stays read-only until it is opened anew.
#pragma once

#include <rocksdb/write_batch.h>

#include <atomic>

#include "eventlog/embedded/log_database.hpp"
#include "eventlog/local/storage.hpp"

namespace parley::eventlog {

class RocksStorage final : public Storage {
 public:
  explicit RocksStorage(LogDatabase database) : database_(std::move(database)) {}

  Offset end(Partition partition) override;
  void add(Partition partition, Offset offset, const NewRecord& record) override;
  std::expected<void, AppendError> commit() override;
  std::expected<std::vector<Record>, ReadError> read(Partition partition, Offset from, Offset end,
                                                     std::size_t max_records) override;
  void heal() override;
  [[nodiscard]] bool healthy() const override { return healthy_; }

 private:
  LogDatabase database_;
  rocksdb::WriteBatch batch_;
  std::string head_;  // of the record being added; kept for its capacity
  std::atomic<bool> healthy_ = true;
};

}  // namespace parley::eventlog
