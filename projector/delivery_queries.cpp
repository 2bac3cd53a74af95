// When messages were first delivered and first read. What a cursor has passed it has reached, so one row, where it stopped,
// says it of every message back to the row before.
#include <algorithm>

#include "projector/queries.hpp"

namespace parley::projector {

using fold::Table;

namespace {

struct Window {
  std::uint64_t first = 1;
  std::uint64_t last = 0;  // less than `first`: nothing
  bool has_more = false;
};

Window window_of(const pb::ListDeliveries& query, std::uint64_t last_seq) {
  const std::uint64_t limit = query.limit();
  const auto begin = std::min(query.after(), last_seq) + 1;
  const auto end = query.has_before() ? std::min(query.before() - 1, last_seq) : last_seq;
  if (begin > end) return {};
  const bool is_whole = end - begin < limit;
  if (is_whole) return {begin, end, false};
  return query.has_after() ? Window{begin, begin + limit - 1, true} : Window{end - limit + 1, end, true};
}

}  // namespace

Queries::Status Queries::deliveries(const pb::ListDeliveries& query, pb::DeliveriesAnswer& out) {
  rows::Channel head;
  bool joined = false;
  if (!see_channel(query.channel(), head, joined)) return kNotFound;
  const auto [first, last, has_more] = window_of(query, head.last_seq());
  out.set_has_more(has_more);
  for (auto seq = first; seq <= last; ++seq) out.add_deliveries()->set_seq(seq);
  const auto of = [&out, from = first](std::uint64_t seq) { return out.mutable_deliveries(static_cast<int>(seq - from)); };
  reached(query.channel(), core::CursorKind::Delivered, first, last,
          [&of](std::uint64_t seq, std::int64_t at_ms) { of(seq)->set_delivered_at_ms(at_ms); });
  reached(query.channel(), core::CursorKind::Read, first, last,
          [&of](std::uint64_t seq, std::int64_t at_ms) { of(seq)->set_read_at_ms(at_ms); });
  return kOk;
}

void Queries::reached(std::string_view channel, core::CursorKind kind, std::uint64_t first, std::uint64_t last,
                      const FirstOf& first_of) {
  if (first > last) return;
  const auto id = *core::ChannelId::from_bytes(channel);
  const auto from = fold::reached_key(id, kind, {first});
  const auto of_kind = from.view().substr(0, core::Uuid::kBytes + 1);
  auto seq = first;
  scan(Table::Reached, of_kind, from, [&](std::string_view key, std::string_view value) {
    rows::Reached row;
    parse(value, row);
    const auto up_to = std::min(last, fold::number_at_end(key, 8));
    while (seq <= up_to) first_of(seq++, row.at_ms());
    return seq <= last;
  });
}

}  // namespace parley::projector
