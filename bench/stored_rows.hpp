// The rows that a partition's projection left in its store, to be written again by nothing but RocksDB: the bound that a
// rebuild is held against.
//
// Concurrency: read() and sort() one thread; after that immutable. Limits: all in memory, about 400 bytes a post.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "store/store.hpp"

namespace parley::bench {

class StoredRows {
 public:
  // In the order of their keys. The error is a sentence.
  static std::expected<StoredRows, std::string> read(const store::Store& store);
  // Puts them into the order in which the fold wrote them: by the time of the command that made them. Rows without one, which
  // are few (heads and cursors, rewritten with every batch), come last.
  void sort_by_command();

  [[nodiscard]] std::size_t count() const { return rows_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_.size(); }  // of keys and values
  // Writes the rows [first, last) as one batch.
  store::Stored<void> write(std::size_t first, std::size_t last, store::Store& to) const;

 private:
  struct Row {
    std::int64_t command_ms;
    std::size_t at;  // in bytes_: the key, then the value
    std::uint32_t key_bytes;
    std::uint32_t value_bytes;
    store::TableId table;
  };
  std::string bytes_;
  std::vector<Row> rows_;
};

}  // namespace parley::bench
