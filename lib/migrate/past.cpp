#include "migrate/past.hpp"

#include "codec/message_row.hpp"

namespace parley::migrate {

std::optional<core::Seq> Past::seq_of(const core::ChannelId& channel, eventlog::Offset offset, core::Seq last) const {
  const auto partition = core::partition_of(channel.slot(), pipeline_.control().partitions);
  const auto& store = pipeline_.store(partition);
  std::uint64_t low = 1;
  for (auto high = last.value; low <= high;) {
    const auto middle = low + (high - low) / 2;
    const auto row = store.get(fold::id(fold::Table::Messages), fold::message_key(channel, {middle}));
    if (!row) return std::nullopt;
    const auto message = *row ? codec::decode_message(channel, {middle}, **row) : std::nullopt;
    if (*row && !message) return std::nullopt;
    if (message && message->offset == offset) return message->seq;
    if (message && message->offset < offset)
      low = middle + 1;
    else
      high = middle - 1;
  }
  return std::nullopt;
}

}  // namespace parley::migrate
