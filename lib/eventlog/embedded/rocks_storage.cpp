#include "eventlog/embedded/rocks_storage.hpp"

#include <algorithm>

#include "eventlog/embedded/record_format.hpp"

namespace parley::eventlog {
namespace {

constexpr std::size_t kReadBytes = 1 << 20;         // of values in one batch
constexpr std::size_t kReadAheadBytes = 256 << 10;  // of the files
constexpr std::size_t kKeptBatchBytes = 8 << 20;    // of memory between groups

std::unique_ptr<rocksdb::Iterator> open_iterator(const LogDatabase& database, Partition partition) {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  options.readahead_size = kReadAheadBytes;
  return std::unique_ptr<rocksdb::Iterator>(database->NewIterator(options, database.partition(partition)));
}

rocksdb::WriteOptions synced() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

ReadError read_error(const rocksdb::Status& status) {
  return status.IsCorruption() || status.ok() ? ReadError::Corrupt : ReadError::Unavailable;
}

}  // namespace

std::expected<Offset, ReadError> RocksStorage::end(Partition partition) {
  const auto it = open_iterator(database_, partition);
  it->SeekToLast();
  if (!it->status().ok()) return std::unexpected(read_error(it->status()));
  if (!it->Valid()) return 0;
  const auto last = offset_of(it->key().ToStringView());
  if (!last) return std::unexpected(ReadError::Corrupt);
  return *last + 1;
}

void RocksStorage::add(Partition partition, Offset offset, const NewRecord& record) {
  head_.clear();
  encode_head(record.event.type, record.key, head_);
  const auto key_bytes = offset_key(offset);
  const rocksdb::Slice key(key_bytes.data(), key_bytes.size());
  const std::array<rocksdb::Slice, 2> value{head_, record.value};
  batch_.Put(database_.partition(partition), rocksdb::SliceParts(&key, 1), rocksdb::SliceParts(value.data(), value.size()))
      .PermitUncheckedError();  // a batch without a size limit has no reason to fail
}

std::expected<void, AppendError> RocksStorage::commit() {
  const bool written = database_->Write(synced(), &batch_).ok();
  batch_.Clear();
  if (batch_.Data().capacity() > kKeptBatchBytes) batch_ = rocksdb::WriteBatch();
  if (!written) return std::unexpected(AppendError::Unknown);
  return {};
}

bool RocksStorage::heal() { return database_.heal(); }

std::expected<std::vector<Record>, ReadError> RocksStorage::read(Partition partition, Offset from, Offset end,
                                                                 std::size_t max_records) {
  const auto it = open_iterator(database_, partition);
  const auto first = offset_key(from);
  const auto last = std::min<Offset>(end, from + std::max<std::size_t>(max_records, 1));
  std::vector<Record> records;
  std::size_t bytes = 0;
  it->Seek({first.data(), first.size()});
  for (Offset offset = from; offset < last && bytes < kReadBytes; ++offset, it->Next()) {
    if (!it->Valid() || offset_of(it->key().ToStringView()) != offset) return std::unexpected(read_error(it->status()));
    auto record = decode_record(offset, it->value().ToStringView());
    if (!record) return std::unexpected(ReadError::Corrupt);
    bytes += record->key.size() + record->value.size();
    records.push_back(std::move(*record));
  }
  return records;
}

}  // namespace parley::eventlog
