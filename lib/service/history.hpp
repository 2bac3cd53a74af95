// A page of history, from what a client asked to what codec writes as JSON: over HTTP and over the socket alike.
#pragma once

#include <vector>

#include "codec/change_codec.hpp"
#include "codec/client_json.hpp"
#include "codec/client_query.hpp"
#include "codec/client_text.hpp"
#include "parley/internal/v1/read_model.pb.h"

namespace parley::service {

inline internal::v1::ReadRequest history_request(const core::ChannelId& channel, const codec::PageQuery& page) {
  internal::v1::ReadRequest request;
  auto& query = *request.mutable_get_messages();
  query.set_channel(std::string(channel.bytes()));
  if (page.before) query.set_before(page.before->value);
  if (page.after) query.set_after(page.after->value);
  if (page.around) query.set_around(page.around->value);
  if (page.since) query.set_since(page.since->value);
  if (page.until) query.set_until(page.until->value);
  if (page.reply_to) query.set_reply_to(page.reply_to->value);
  query.set_limit(page.limit);
  return request;
}

// Where a log is cut, and which it is.
struct LogShape {
  std::uint32_t partitions = 0;  // 0: not known yet
  std::uint64_t epoch = 0;
};

// Asks `request` for what was there `as_of`, in this slot's partition; it waits until that is folded.
inline codec::Parsed<void> ask_as_of(internal::v1::ReadRequest& request, internal::v1::AsOf& out, const codec::AsOf& as_of,
                                     core::Slot slot, const LogShape& log) {
  if (const auto* time = std::get_if<core::TimeMs>(&as_of)) {
    out.set_at_ms(time->value);
    return {};
  }
  const auto partition = core::partition_of(slot, log.partitions);
  for (const auto& position : std::get<std::vector<codec::Position>>(as_of)) {
    if (position.epoch != log.epoch || position.partition != partition) continue;
    out.set_next_offset(position.next);
    request.set_min_next_offset(std::max(request.min_next_offset(), position.next));
    return {};
  }
  return std::unexpected(codec::InvalidInput{codec::Problem::InvalidArgument,
                                             "as_of names no position of the channel's partition",
                                             {{"as_of", "names no position of the channel's partition"}}});
}

// An event as clients read it; false when it is damaged, and `out` is then as before.
[[nodiscard]] inline bool append_event(std::string& out, const internal::v1::Push& event, core::Slot slot,
                                       const LogShape& log) {
  const auto change = codec::from_proto(event.change());
  if (!change || !codec::is_client_change(*change)) return false;
  codec::append_event(out, *change,
                      codec::Position{log.epoch, core::partition_of(slot, log.partitions), event.offset() + 1}.text());
  return true;
}

// REQUIRES: `message` outlives it.
inline codec::MessageEntry entry_of(const internal::v1::MessageEntry& message) {
  codec::MessageEntry entry{{message.seq()}, message.row(), {}};
  for (const auto& kind : message.reactions())
    entry.reactions.push_back({kind.emoji(), kind.count(), {kind.users().begin(), kind.users().end()}});
  return entry;
}

// REQUIRES: `answer` outlives it.
class History {
 public:
  History(const core::ChannelId& channel, const codec::PageQuery& asked, const internal::v1::MessagesAnswer& answer) {
    entries_.reserve(static_cast<std::size_t>(answer.messages_size()));
    for (const auto& message : answer.messages()) entries_.push_back(entry_of(message));
    const bool forward = asked.after || asked.since;
    page_ = {.channel = channel,
             .messages = entries_,
             .has_more = asked.around ? answer.has_before() || answer.has_after()
                         : forward    ? answer.has_after()
                                      : answer.has_before(),
             .has_before = answer.has_before(),
             .has_after = answer.has_after(),
             .last_seq = {answer.last_seq()},
             .version = {answer.version()}};
  }
  History(const History&) = delete;
  History& operator=(const History&) = delete;
  [[nodiscard]] const codec::HistoryPage& page() const { return page_; }

 private:
  std::vector<codec::MessageEntry> entries_;
  codec::HistoryPage page_;
};

}  // namespace parley::service
