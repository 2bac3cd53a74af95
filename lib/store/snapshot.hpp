// A Snapshot on a RocksDB snapshot.
#pragma once

#include <rocksdb/db.h>

#include "store/store.hpp"

namespace parley::store {

class RocksSnapshot final : public Snapshot {
 public:
  RocksSnapshot(rocksdb::DB& db, Reach reach) : db_(db), reach_(reach), snapshot_(db.GetSnapshot()) {}
  ~RocksSnapshot() override { db_.ReleaseSnapshot(snapshot_); }
  RocksSnapshot(const RocksSnapshot&) = delete;
  RocksSnapshot& operator=(const RocksSnapshot&) = delete;

  Stored<std::optional<std::string>> get(TableId table, std::string_view key) const override;
  Stored<void> scan(TableId table, std::string_view prefix, std::string_view from, const Visit& visit) const override;
  Stored<void> scan_back(TableId table, std::string_view prefix, std::string_view below, const Visit& visit) const override;

 private:
  [[nodiscard]] rocksdb::ReadOptions read_options() const;

  rocksdb::DB& db_;
  Reach reach_;
  const rocksdb::Snapshot* snapshot_;
};

// Shared with Store::get.
Stored<std::optional<std::string>> get_from(rocksdb::DB& db, const rocksdb::ReadOptions& options, TableId table,
                                            std::string_view key);
StoreError error_of(const rocksdb::Status& status);

}  // namespace parley::store
