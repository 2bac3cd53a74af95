// Tells RocksDB which keys arrive in order, so that it remembers where the last one of their kind went into the memtable
// instead of searching for the place.
#pragma once

#include <rocksdb/slice_transform.h>

#include <array>

#include "store/store.hpp"

namespace parley::store {

class InsertHint final : public rocksdb::SliceTransform {
 public:
  explicit InsertHint(const std::vector<OrderedTable>& tables) {
    for (const auto& [table, prefix] : tables) bytes_[table] = static_cast<std::uint8_t>(prefix + 1);  // and the table's own
  }
  [[nodiscard]] const char* Name() const override { return "parley.insert_hint"; }
  [[nodiscard]] rocksdb::Slice Transform(const rocksdb::Slice& key) const override { return {key.data(), bytes_of(key)}; }
  [[nodiscard]] bool InDomain(const rocksdb::Slice& key) const override {
    return !key.empty() && bytes_of(key) > 0 && key.size() > bytes_of(key);
  }

 private:
  [[nodiscard]] std::size_t bytes_of(const rocksdb::Slice& key) const { return bytes_[static_cast<std::uint8_t>(key[0])]; }
  std::array<std::uint8_t, 256> bytes_{};  // 0: no order is known
};

}  // namespace parley::store
