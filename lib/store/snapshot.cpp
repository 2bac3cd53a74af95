#include "store/snapshot.hpp"

#include <algorithm>

#include "store/key.hpp"

namespace parley::store {
namespace {

Stored<void> status_of(const rocksdb::Iterator& it) {
  const auto status = it.status();
  if (!status.ok()) return std::unexpected(error_of(status));
  return {};
}

bool visit_at(const rocksdb::Iterator& it, const Snapshot::Visit& visit) {
  return visit(it.key().ToStringView().substr(1), it.value().ToStringView());
}

// The keys of a scan: [lower, upper), RocksDB's iterator kept inside of them.
class Bounds {
 public:
  Bounds(std::string lower, std::string upper) : lower_(std::move(lower)), upper_(std::move(upper)) {}
  Bounds(const Bounds&) = delete;
  Bounds& operator=(const Bounds&) = delete;

  std::unique_ptr<rocksdb::Iterator> open(rocksdb::DB& db, rocksdb::ReadOptions options) {
    options.iterate_lower_bound = &lower_slice_;
    if (!upper_.empty()) options.iterate_upper_bound = &upper_slice_;
    return std::unique_ptr<rocksdb::Iterator>(db.NewIterator(options));
  }
  [[nodiscard]] bool none() const { return !upper_.empty() && lower_ >= upper_; }

 private:
  std::string lower_;
  std::string upper_;  // empty: none
  rocksdb::Slice lower_slice_{lower_};
  rocksdb::Slice upper_slice_{upper_};
};

std::string lesser_end(std::string a, std::string b) {
  if (a.empty() || b.empty()) return a + b;  // an empty one bounds nothing
  return std::min(std::move(a), std::move(b));
}

}  // namespace

StoreError error_of(const rocksdb::Status& status) { return {status.ToString(), status.IsIncomplete()}; }

Stored<std::optional<std::string>> get_from(rocksdb::DB& db, const rocksdb::ReadOptions& options, TableId table,
                                            std::string_view key) {
  std::string value;
  const auto status = db.Get(options, key_in(table, key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return std::unexpected(error_of(status));
  return value;
}

Stored<std::optional<std::string>> RocksSnapshot::get(TableId table, std::string_view key) const {
  return get_from(db_, read_options(), table, key);
}

rocksdb::ReadOptions RocksSnapshot::read_options() const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot_;
  if (reach_ == Reach::Memory) options.read_tier = rocksdb::kBlockCacheTier;
  return options;
}

Stored<void> RocksSnapshot::scan(TableId table, std::string_view prefix, std::string_view from, const Visit& visit) const {
  const auto begin = key_in(table, prefix);
  Bounds bounds(std::max(begin, key_in(table, from)), end_of_prefix(begin));
  if (bounds.none()) return {};
  const auto it = bounds.open(db_, read_options());
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    if (!visit_at(*it, visit)) break;
  }
  return status_of(*it);
}

Stored<void> RocksSnapshot::scan_back(TableId table, std::string_view prefix, std::string_view below,
                                      const Visit& visit) const {
  const auto begin = key_in(table, prefix);
  Bounds bounds(begin, lesser_end(end_of_prefix(begin), below.empty() ? std::string() : key_in(table, below)));
  if (bounds.none()) return {};
  const auto it = bounds.open(db_, read_options());
  for (it->SeekToLast(); it->Valid(); it->Prev()) {
    if (!visit_at(*it, visit)) break;
  }
  return status_of(*it);
}

}  // namespace parley::store
