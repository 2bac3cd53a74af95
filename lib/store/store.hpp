// A projection's store: one RocksDB of one partition, in which tables and the consumed offset move together in one batch.
//
// Operation: a table is a one-byte prefix of the keys of a single column family, so a batch is atomic without a WAL: the log
// is the WAL. What was not flushed when the process died is folded again from the offset that was.
// Concurrency: one writer (the fold); readers on any thread through Snapshot. Ownership: opens and locks its directory.
// Errors: a StoreError with RocksDB's words; a full or broken disk is a result, not an abort.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::store {

struct StoreError {
  std::string what;
  bool not_in_memory = false;  // a Reach::Memory read would have had to wait for the disk
};
template <class T>
using Stored = std::expected<T, StoreError>;

using TableId = std::uint8_t;  // 0 … 254: above every table there is a key that ends it

// A table whose keys arrive upwards behind a prefix of `prefix_bytes` (at most 254): messages behind their channel, say.
// Writing to it is cheaper for the store's knowing.
struct OrderedTable {
  TableId table = 0;
  std::size_t prefix_bytes = 0;
};

struct StoreOptions {
  std::filesystem::path dir;
  std::size_t write_buffer_bytes = 64 << 20;
  std::size_t block_cache_bytes = 64 << 20;
  bool read_only = false;
  bool create = true;  // when it is not there
  int background_threads = 2;
  std::vector<OrderedTable> ordered;
};

// Changes that become visible together. One thread.
class Batch {
 public:
  Batch();
  ~Batch();
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  void put(TableId table, std::string_view key, std::string_view value);
  void remove(TableId table, std::string_view key);
  // Every key of the table in [from, to); an empty `to` is the table's end. REQUIRES: in an ordered table `from` is no longer
  // than the prefix.
  void remove_range(TableId table, std::string_view from, std::string_view to);
  [[nodiscard]] bool empty() const;
  [[nodiscard]] std::size_t bytes() const;
  void clear();

 private:
  friend class RocksStore;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// How far a snapshot's reads go: what is in memory (the write buffer, the block cache) never waits for the disk.
enum class Reach : std::uint8_t { Memory, Disk };

// The store as it was at one moment. Any thread; must not outlive the Store.
class Snapshot {
 public:
  virtual ~Snapshot() = default;
  virtual Stored<std::optional<std::string>> get(TableId table, std::string_view key) const = 0;
  // Calls `visit(key, value)` for the keys of the table that begin with `prefix`, upwards from `from` (inclusive, the whole key
  // without the table byte) until it returns false. The views are valid during the call.
  using Visit = std::function<bool(std::string_view key, std::string_view value)>;
  virtual Stored<void> scan(TableId table, std::string_view prefix, std::string_view from, const Visit& visit) const = 0;
  // The same downwards, from the last key below `below` (exclusive); an empty `below` is the prefix's end.
  virtual Stored<void> scan_back(TableId table, std::string_view prefix, std::string_view below, const Visit& visit) const = 0;
};

class Store {
 public:
  static Stored<std::unique_ptr<Store>> open(const StoreOptions& options);
  virtual ~Store() = default;
  virtual Stored<void> write(Batch& batch) = 0;  // and clears it, once it is written
  virtual Stored<std::optional<std::string>> get(TableId table, std::string_view key) const = 0;
  [[nodiscard]] virtual std::unique_ptr<Snapshot> snapshot(Reach reach = Reach::Disk) const = 0;
  // Everything written so far is on disk when it returns.
  virtual Stored<void> flush() = 0;
  // What was overwritten or removed before the call is on the disk no longer when it returns: every file is rewritten. Beside
  // writes, on another thread than theirs if need be. An error when a snapshot holds on to it for too long: try again.
  virtual Stored<void> compact() = 0;
  // A copy of what is there now (hard links), openable as a Store. `dir` must not exist.
  virtual Stored<void> checkpoint(const std::filesystem::path& dir) = 0;
};

}  // namespace parley::store
