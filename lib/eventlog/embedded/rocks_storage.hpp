// The embedded log's records in RocksDB.
//
// Operation: a group is one WriteBatch written with sync, so all of it survives a power cut or none of it. When the process
// dies, RocksDB recovers to a point in time: only the tail that was never synced, and so never acked, can be lost.
// Errors: a failed write leaves its group unknown, since its bytes may be in the write-ahead log. It has healed once
// RocksDB has resumed and a write of its own has shown that it works: a full disk that has room again heals by itself; after
// other I/O errors RocksDB stays read-only until it is opened anew. A damaged block at a partition's end is no end of it.
#pragma once

#include <rocksdb/write_batch.h>

#include "eventlog/embedded/log_database.hpp"
#include "eventlog/local/storage.hpp"

namespace parley::eventlog {

class RocksStorage final : public Storage {
 public:
  explicit RocksStorage(LogDatabase database) : database_(std::move(database)) {}

  std::expected<Offset, ReadError> end(Partition partition) override;
  void add(Partition partition, Offset offset, const NewRecord& record) override;
  std::expected<void, AppendError> commit() override;
  std::expected<std::vector<Record>, ReadError> read(Partition partition, Offset from, Offset end,
                                                     std::size_t max_records) override;
  bool heal() override;

 private:
  LogDatabase database_;
  rocksdb::WriteBatch batch_;
  std::string head_;  // of the record being added; kept for its capacity
};

}  // namespace parley::eventlog
