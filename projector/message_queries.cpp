// The reads of messages: pages, threads, one message, what it said before.
#include <algorithm>
#include <unordered_set>

#include "codec/message_row.hpp"
#include "projector/page_window.hpp"
#include "projector/queries.hpp"

namespace parley::projector {

using fold::Key;
using fold::Table;

Queries::Status Queries::messages(const pb::GetMessages& query, pb::MessagesAnswer& out) {
  rows::Channel head;
  bool joined = false;
  if (!see_channel(query.channel(), head, joined)) return kNotFound;
  if (query.has_since() || query.has_until()) return messages(by_seq(query, head.last_seq()), out);
  if (query.has_as_of()) {
    const auto version = version_at(query.channel(), head, query.as_of());
    past_ = {version, version == 0 ? 0 : moment(query.channel(), head, version).last_seq};
    head.set_version(past_->version);
    head.set_last_seq(past_->last_seq);
  }
  out.set_channel(query.channel());
  out.set_last_seq(head.last_seq());
  out.set_version(head.version());
  if (query.has_reply_to()) {
    thread(query, out);
    return kOk;
  }
  const auto asked = page_window(query, head.last_seq(), me_.hidden_seq());
  auto window = asked;
  page(query.channel(), window.first, window.last, out);
  // A page that is hidden whole would leave its reader nowhere to go on from.
  const auto look_on = [&](bool forward) {
    window = asked;
    while (window.first <= window.last && out.messages_size() == 0 && (forward ? window.has_after : window.has_before)) {
      auto next = query;
      next.clear_around();
      forward ? next.set_after(window.last) : next.set_before(window.first);
      window = page_window(next, head.last_seq(), me_.hidden_seq());
      page(query.channel(), window.first, window.last, out);
    }
  };
  look_on(query.has_after());
  if (query.has_around() && out.messages_size() == 0) look_on(true);
  out.set_has_before(window.has_before);
  out.set_has_after(window.has_after);
  return kOk;
}

pb::GetMessages Queries::by_seq(const pb::GetMessages& query, std::uint64_t last_seq) {
  auto found = query;
  found.clear_since();
  found.clear_until();
  if (query.has_since())
    found.set_after(first_seq_since(query.channel(), query.since(), last_seq) - 1);
  else
    found.set_before(first_seq_since(query.channel(), query.until() + 1, last_seq));
  return found;
}

// Behind the last, if there is none. Numbers rise with seqs, so it is found by halving: nothing is kept for it.
std::uint64_t Queries::first_seq_since(std::string_view channel, std::uint64_t number, std::uint64_t last_seq) {
  auto first = last_seq + 1;
  for (std::uint64_t before = 0; first - before > 1;) {
    const auto middle = before + (first - before) / 2;
    const auto row = bytes(Table::Messages, numbered_key(channel, middle));
    if (!row) throw Unreadable{};
    (codec::number_of(*row).value < number ? before : first) = middle;
  }
  return first;
}

void Queries::page(std::string_view channel, std::uint64_t first, std::uint64_t last, pb::MessagesAnswer& out) {
  first = std::max(first, me_.hidden_seq() + 1);
  if (first > last) return;
  const auto hidden = hidden_between(channel, first, last);
  out.mutable_messages()->Reserve(static_cast<int>(last - first + 1));
  scan(Table::Messages, channel, numbered_key(channel, first), [&](std::string_view key, std::string_view value) {
    const auto seq = fold::number_at_end(key, 8);
    if (seq > last) return false;
    if (hidden.contains(seq)) return seq < last;
    auto& entry = *out.add_messages();
    entry.set_seq(seq);
    if (past_) {
      rows::Message message;
      parse(value, message);
      rewind(channel, seq, past_->version, past_->last_seq, message);
      *entry.mutable_reactions() = message.reactions();
      entry.set_row(message.SerializeAsString());
      return seq < last;
    }
    entry.set_row(value.data(), value.size());
    if (codec::has_reactions(value)) add_reactions(channel, entry);
    return seq < last;
  });
}

// Of the caller.
std::unordered_set<std::uint64_t> Queries::hidden_between(std::string_view channel, std::uint64_t first, std::uint64_t last) {
  std::unordered_set<std::uint64_t> hidden;
  if (!me_.hides()) return hidden;
  Key of_caller;
  of_caller.raw(channel).add(caller_);
  Key from = of_caller;
  from.number(first, 8);
  scan(Table::Hidden, of_caller, from, [&](std::string_view key, std::string_view) {
    const auto seq = fold::number_at_end(key, 8);
    if (seq <= last) hidden.insert(seq);
    return seq < last;
  });
  return hidden;
}

void Queries::add_reactions(std::string_view channel, pb::MessageEntry& entry) {
  const auto view = codec::MessageView::parse(entry.row());
  if (!view) throw Unreadable{};
  for (const auto& kind : view->reactions) {
    auto& reaction = *entry.add_reactions();
    reaction.set_emoji(std::string(kind.emoji));
    reaction.set_count(kind.count);
    name_reactors(channel, entry.seq(), reaction);
  }
}

void Queries::name_reactors(std::string_view channel, std::uint64_t seq, rows::Reaction& reaction) {
  Key of_kind = numbered_key(channel, seq);
  of_kind.text(reaction.emoji());
  scan(Table::Reactions, of_kind, {}, [&](std::string_view key, std::string_view) {
    reaction.add_users(fold::user_at(key, of_kind.view().size()).text);
    return static_cast<std::size_t>(reaction.users_size()) < core::kMaxShownReactors;
  });
}

// The answers to one message: sparse in the channel, so they have an index. Those that the caller hid are left out before the
// page is cut: it is never empty for them.
void Queries::thread(const pb::GetMessages& query, pb::MessagesAnswer& out) {
  const auto prefix = numbered_key(query.channel(), query.reply_to());
  const auto limit = query.limit();
  std::vector<std::uint64_t> seqs;
  const auto hidden = hidden_between(query.channel(), me_.hidden_seq() + 1, out.last_seq());
  scan(Table::Replies, prefix, {}, [&](std::string_view key, std::string_view) {
    const auto seq = fold::number_at_end(key, 8);
    if (seq > me_.hidden_seq() && seq <= out.last_seq() && !hidden.contains(seq)) seqs.push_back(seq);
    return true;
  });
  const auto size = seqs.size();
  const auto index_of = [&](std::uint64_t seq) {
    return static_cast<std::size_t>(std::ranges::lower_bound(seqs, seq) - seqs.begin());
  };
  std::size_t first = size > limit ? size - limit : 0;
  std::size_t last = size;  // behind the page
  if (query.has_after()) {
    first = index_of(query.after() + 1);
    last = std::min<std::size_t>(size, first + limit);
  } else if (query.has_around()) {
    const auto at = index_of(query.around());
    first = at - std::min<std::size_t>(limit / 2, at);
    last = std::min<std::size_t>(size, first + limit);
  } else if (query.has_before()) {
    last = index_of(query.before());
    first = last > limit ? last - limit : 0;
  }
  out.set_has_before(first > 0);
  out.set_has_after(last < size);
  for (auto i = first; i < last; ++i) page(query.channel(), seqs[i], seqs[i], out);
}

Queries::Status Queries::message(const pb::GetMessage& query, pb::MessagesAnswer& out) {
  rows::Channel head;
  bool joined = false;
  if (!see_channel(query.channel(), head, joined)) return kNotFound;
  if (query.seq() == 0 || query.seq() > head.last_seq()) return kNotFound;
  out.set_channel(query.channel());
  page(query.channel(), query.seq(), query.seq(), out);
  return out.messages_size() == 1 ? kOk : kNotFound;
}

// Of a retracted message only the workspace's owner and admins see what it said; of an erased one there is nothing to see.
Queries::Status Queries::revisions(const pb::ListRevisions& query, pb::RevisionsAnswer& out) {
  pb::GetMessage get;
  get.set_channel(query.channel());
  get.set_seq(query.seq());
  pb::MessagesAnswer found;
  if (message(get, found) != kOk) return kNotFound;
  const auto view = codec::MessageView::parse(found.messages(0).row());
  if (!view) throw Unreadable{};
  if (view->erased || (view->retracted && !sees_retracted(query.channel()))) return kOk;
  const auto of_message = numbered_key(query.channel(), query.seq());
  scan(Table::Revisions, of_message, {}, [&](std::string_view, std::string_view value) {
    parse(value, *out.add_revisions());
    return true;
  });
  if (view->retracted) return kOk;
  auto& now = *out.add_revisions();
  now.set_text(std::string(view->text));
  now.set_at_ms(view->edited_at.value_or(view->posted_at).value);
  now.set_version(view->text_version.value);
  return kOk;
}

Queries::Status Queries::channels_to_search(const std::string& only, std::vector<core::ChannelId>& out) {
  if (!only.empty()) {
    rows::Channel head;
    bool joined = false;
    if (!see_channel(only, head, joined)) return kNotFound;
    if (joined) out.push_back(*core::ChannelId::from_bytes(only));
    return kOk;
  }
  Key of_caller;
  of_caller.add(caller_);
  scan(Table::UserChannels, of_caller, {}, [&](std::string_view key, std::string_view) {
    out.push_back(*core::ChannelId::from_bytes(key.substr(key.size() - core::Uuid::kBytes)));
    return true;
  });
  return kOk;
}

std::optional<pb::MessageEntry> Queries::message_found(const core::MessageRef& message) {
  const auto [membership, is_new] = memberships_.try_emplace(message.channel);
  if (is_new) {
    rows::ChannelMember me;
    if (row(Table::ChannelMembers, fold::member_key(message.channel, caller_), me)) membership->second = std::move(me);
  }
  if (!membership->second) return std::nullopt;
  me_ = *membership->second;
  pb::MessagesAnswer found;
  page(message.channel.bytes(), message.seq.value, message.seq.value, found);
  if (found.messages_size() == 0) return std::nullopt;
  const auto view = codec::MessageView::parse(found.messages(0).row());
  if (!view) throw Unreadable{};
  if (view->retracted || view->text.empty()) return std::nullopt;
  return std::move(*found.mutable_messages(0));
}

}  // namespace parley::projector
