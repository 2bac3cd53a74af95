#include "store/batch.hpp"

#include <array>

#include "store/key.hpp"

namespace parley::store {
namespace {

// A key in its table without a copy; the parts must outlive it.
class KeyParts {
 public:
  KeyParts(TableId table, std::string_view key)
      : table_(static_cast<char>(table)), slices_{rocksdb::Slice(&table_, 1), rocksdb::Slice(key)} {}
  KeyParts(const KeyParts&) = delete;
  KeyParts& operator=(const KeyParts&) = delete;
  [[nodiscard]] rocksdb::SliceParts parts() const { return {slices_.data(), static_cast<int>(slices_.size())}; }

 private:
  char table_;
  std::array<rocksdb::Slice, 2> slices_;
};

}  // namespace

// The changes can't fail: a WriteBatch without a size limit refuses nothing.
Batch::Batch() : impl_(std::make_unique<Impl>()) {}
Batch::~Batch() = default;

void Batch::put(TableId table, std::string_view key, std::string_view value) {
  const KeyParts in_table(table, key);
  const rocksdb::Slice bytes(value);
  impl_->changes.Put(in_table.parts(), rocksdb::SliceParts(&bytes, 1)).PermitUncheckedError();
}

void Batch::remove(TableId table, std::string_view key) {
  impl_->changes.Delete(KeyParts(table, key).parts()).PermitUncheckedError();
}

void Batch::remove_range(TableId table, std::string_view from, std::string_view to) {
  const auto end = to.empty() ? end_of_prefix(key_in(table, {})) : key_in(table, to);
  impl_->changes.DeleteRange(key_in(table, from), end).PermitUncheckedError();
}

bool Batch::empty() const { return impl_->changes.Count() == 0; }
std::size_t Batch::bytes() const { return impl_->changes.GetDataSize(); }
void Batch::clear() { impl_->changes.Clear(); }

}  // namespace parley::store
