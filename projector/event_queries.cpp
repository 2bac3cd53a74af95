// The accepted changes of a channel in order, as they were pushed: for those who ask, and for those who were away.
#include <algorithm>

#include "projector/queries.hpp"

namespace parley::projector {

using fold::Table;

Queries::Status Queries::events(const pb::ListEvents& query, pb::EventsAnswer& out) {
  rows::Channel head;
  bool joined = false;
  if (!see_channel(query.channel(), head, joined)) return kNotFound;
  const auto last = add_events(query.channel(), head, query.after(), head.version(), query.limit(), *out.mutable_events());
  out.set_has_more(last < head.version());
  out.set_version(head.version());
  return kOk;
}

std::uint64_t Queries::add_events(std::string_view channel, const rows::Channel& head, std::uint64_t after, std::uint64_t up_to,
                                  std::uint32_t limit, Pushes& out) {
  if (after >= up_to) return after;
  const auto last = std::min(up_to, after + limit);
  std::vector<std::pair<std::uint64_t, rows::Event>> kept;  // those asked for, and the next behind them
  scan(Table::Events, channel, numbered_key(channel, after + 1), [&](std::string_view key, std::string_view value) {
    auto& [version, row] = kept.emplace_back();
    version = fold::number_at_end(key, 8);
    parse(value, row);
    return version <= last;
  });
  if (kept.empty() || kept.back().first <= last) {
    auto& [version, end] = kept.emplace_back();
    version = head.version() + 1;
    end.set_last_seq(head.last_seq());
  }
  auto version = after + 1;
  for (const auto& [at, row] : kept) {
    const auto posts_end = std::min(at, last + 1);  // whatever is before it is a post
    if (version < posts_end) {
      const auto first_seq = row.last_seq() - (at - 1 - version);
      add_posts(channel, version, first_seq, first_seq + (posts_end - 1 - version), out);
      version = posts_end;
    }
    if (version > last) break;
    add_event(channel, row, *out.Add());
    ++version;
  }
  return last;
}

// The posts `first` to `last`, of which the first made `version`.
void Queries::add_posts(std::string_view channel, std::uint64_t version, std::uint64_t first, std::uint64_t last, Pushes& out) {
  auto expected = first;
  scan(Table::Messages, channel, numbered_key(channel, first), [&](std::string_view key, std::string_view value) {
    const auto seq = fold::number_at_end(key, 8);
    if (seq != expected) throw Unreadable{};
    auto& push = *out.Add();
    auto& change = *push.mutable_change();
    auto& message = *change.mutable_message_posted()->mutable_row();
    parse(value, message);
    rewind(channel, seq, version, seq, message);
    change.mutable_message_posted()->set_seq(seq);
    push.set_offset(message.offset());
    change.set_channel(channel.data(), channel.size());
    change.set_version(version);
    change.set_at_ms(message.posted_at_ms());
    change.set_actor(message.author());
    ++version;
    return expected++ < last;
  });
  if (expected <= last) throw Unreadable{};
}

void Queries::add_event(std::string_view channel, const rows::Event& row, pb::Push& out) {
  out.set_offset(row.offset());
  auto& change = *out.mutable_change();
  parse(row.change(), change);
  auto* told = change.has_message_edited()      ? change.mutable_message_edited()
               : change.has_message_retracted() ? change.mutable_message_retracted()
                                                : nullptr;
  if (told == nullptr) return;
  rows::Message message;
  if (!this->row(Table::Messages, numbered_key(channel, told->seq()), message)) throw Unreadable{};
  rewind(channel, told->seq(), change.version(), row.last_seq(), message);
  *told->mutable_row() = std::move(message);
}

Queries::Status Queries::resume(const pb::Resume& query, std::uint64_t attached, pb::ResumeAnswer& out) {
  auto left = query.limit();
  for (const auto& asked : query.channels()) {
    auto& one = *out.add_channels();
    one.set_id(asked.id());
    if (left == 0)
      one.set_has_more(true);
    else if (asked.up_to() == 0)
      resume_departed(asked, attached, left, one);
    else
      resume_joined(asked, left, one);
    left -= std::min(left, static_cast<std::uint32_t>(one.events_size()));
  }
  return kOk;
}

// What he was in when he attached; since then he may have left, of which he hears live.
void Queries::resume_joined(const pb::Resume::Channel& asked, std::uint32_t limit, pb::ResumeAnswer::Channel& out) {
  rows::Channel head;
  rows::Departed departed;
  const bool there = row(Table::Channels, asked.id(), head) && !head.deleted() && head.version() >= asked.up_to();
  const bool was_in = has_row(Table::ChannelMembers, asked.id(), me_) ? me_.joined_version() <= asked.after()
                      : has_row(Table::Departed, asked.id(), departed)
                          ? departed.joined_version() <= asked.after() && departed.version() > asked.up_to()
                          : false;
  if (!there || !was_in || asked.after() > asked.up_to()) return out.set_reset(true);
  sees_retracted_.reset();
  out.set_has_more(add_events(asked.id(), head, asked.after(), asked.up_to(), limit, *out.mutable_events()) < asked.up_to());
  out.set_own(sees_retracted_.value_or(false));
}

// The last that he sees is his own leaving, or the channel's end. If he came back since he attached, he has heard of it live,
// and of his leaving again too: what was before that is not known here any more.
void Queries::resume_departed(const pb::Resume::Channel& asked, std::uint64_t attached, std::uint32_t limit,
                              pb::ResumeAnswer::Channel& out) {
  rows::Channel head;
  rows::Departed departed;
  if (!row(Table::Channels, asked.id(), head) || !has_row(Table::Departed, asked.id(), departed)) return out.set_reset(true);
  if (departed.offset() >= attached) return out.set_reset(true);
  if (departed.version() <= asked.after()) return;  // he has seen it
  sees_retracted_.reset();
  if (!head.deleted() && departed.joined_version() <= asked.after()) {
    const auto last = add_events(asked.id(), head, asked.after(), departed.version(), limit, *out.mutable_events());
    return out.set_has_more(last < departed.version());
  }
  auto& push = *out.add_events();
  push.set_offset(departed.offset());
  parse(departed.change(), *push.mutable_change());
  out.set_reset(true);
}

}  // namespace parley::projector
