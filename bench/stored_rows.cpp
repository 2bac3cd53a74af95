#include "bench/stored_rows.hpp"

#include <algorithm>
#include <limits>

#include "codec/rows.hpp"
#include "fold/tables.hpp"

namespace parley::bench {
namespace {

constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();

std::int64_t command_ms(fold::Table table, std::string_view key, std::string_view value) {
  switch (table) {
    case fold::Table::Messages:
      if (const auto message = codec::MessageView::parse(value)) return message->posted_at.value;
      return kLast;
    case fold::Table::Commands:  // hour, command
      if (const auto id = core::CommandId::from_bytes(key.substr(key.size() - core::Uuid::kBytes)))
        return core::time_of(*id).value;
      return kLast;
    case fold::Table::Keys:
      if (const auto earlier = codec::decode_key(value)) return earlier->at.value;
      return kLast;
    default:
      return kLast;
  }
}

}  // namespace

std::expected<StoredRows, std::string> StoredRows::read(const store::Store& store) {
  StoredRows read;
  const auto snapshot = store.snapshot();
  for (const auto table : fold::kTables) {
    const auto scanned = snapshot->scan(fold::id(table), {}, {}, [&](std::string_view key, std::string_view value) {
      read.rows_.push_back({.command_ms = command_ms(table, key, value),
                            .at = read.bytes_.size(),
                            .key_bytes = static_cast<std::uint32_t>(key.size()),
                            .value_bytes = static_cast<std::uint32_t>(value.size()),
                            .table = fold::id(table)});
      read.bytes_.append(key).append(value);
      return true;
    });
    if (!scanned) return std::unexpected(scanned.error().what);
  }
  return read;
}

void StoredRows::sort_by_command() {
  std::ranges::sort(rows_, {}, [](const Row& row) { return std::pair(row.command_ms, row.at); });
}

store::Stored<void> StoredRows::write(std::size_t first, std::size_t last, store::Store& to) const {
  store::Batch batch;
  for (auto i = first; i < last; ++i) {
    const auto& row = rows_[i];
    const std::string_view bytes(bytes_.data() + row.at, row.key_bytes + row.value_bytes);
    batch.put(row.table, bytes.substr(0, row.key_bytes), bytes.substr(row.key_bytes));
  }
  return to.write(batch);
}

}  // namespace parley::bench
