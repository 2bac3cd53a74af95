#include "projector/read_tables.hpp"

#include <algorithm>

#include "codec/rows.hpp"
#include "projector/events.hpp"

namespace parley::projector {

namespace {

using fold::id;
using fold::Key;
using fold::Table;

constexpr std::int64_t kHourMs = 3'600'000;

// The first hour whose commands are still told of.
std::uint32_t first_kept_hour(core::TimeMs now, std::int64_t window_ms) {
  return static_cast<std::uint32_t>(std::max<std::int64_t>(now.value - window_ms, 0) / kHourMs);
}

Key user_key(const core::UserId& user, const core::Uuid& what) {
  Key key;
  key.add(user).add(what);
  return key;
}

// Of the changes, those that say who is in what.
struct Index {
  store::Batch& batch;
  const core::Change& change;

  void enter(Table table, const core::UserId& user) const { batch.put(id(table), user_key(user, change.subject), {}); }
  void leave(Table table, const core::UserId& user) const { batch.remove(id(table), user_key(user, change.subject)); }
  void keep(const core::Message& message, const core::Revision& before) const {
    Key key = fold::message_key(message.channel, message.seq);
    key.number(before.number, 4);
    batch.put(id(Table::Revisions), key, codec::encode_revision(before));
  }
  [[nodiscard]] static Key number_of(const core::UserId& user) {
    Key key;
    key.number(core::number_of(user).value, 8).add(user);
    return key;
  }
  void reached(core::CursorKind kind, core::Seq seq) const {
    batch.put(id(Table::Reached), fold::reached_key(change.channel(), kind, seq), codec::encode_reached(change.at));
  }
  [[nodiscard]] static Key channel_of(const core::ChannelHead& head) {
    Key key;
    key.add(*head.workspace).add(head.id);
    return key;
  }

  void operator()(const core::MessagePosted& c) const {
    if (c.message.reply_to.value == 0) return;
    Key key;
    key.add(change.channel()).add(c.message.reply_to).add(c.message.seq);
    batch.put(id(Table::Replies), key, {});
  }
  void operator()(const core::MessageEdited& c) const { keep(c.message, c.before); }
  void operator()(const core::MessageRetracted& c) const { keep(c.message, c.before); }
  // When it was read and delivered for the first time: whatever lies before was so no later.
  void operator()(const core::CursorMoved& c) const {
    if (c.first_to_read) reached(core::CursorKind::Read, c.to);
    if (c.first_to_receive) reached(core::CursorKind::Delivered, c.to);
  }
  void operator()(const core::MemberJoined& c) const { enter(Table::UserChannels, c.user); }
  void operator()(const core::MemberLeft& c) const { leave(Table::UserChannels, c.user); }
  void operator()(const core::ChannelCreated& c) const {
    for (const auto& [user, member] : c.members) enter(Table::UserChannels, user);
    if (c.head.workspace) batch.put(id(Table::WorkspaceChannels), channel_of(c.head), {});
  }
  void operator()(const core::ChannelDeleted& c) const {
    for (const auto& user : c.members) leave(Table::UserChannels, user);
    if (c.head.workspace) batch.remove(id(Table::WorkspaceChannels), channel_of(c.head));
    for (const auto table : {Table::Replies, Table::Revisions, Table::MessageChanges})
      batch.remove_range(id(table), change.subject.bytes(), fold::message_key(c.head.id, {~std::uint64_t{0}}));
    batch.remove_range(id(Table::Reached), change.subject.bytes(),
                       fold::reached_key(c.head.id, core::CursorKind::Delivered, {~std::uint64_t{0}}));
  }
  void operator()(const core::WorkspaceCreated& c) const { enter(Table::UserWorkspaces, c.head.owner); }
  void operator()(const core::WorkspaceMemberJoined& c) const { enter(Table::UserWorkspaces, c.user); }
  void operator()(const core::WorkspaceMemberLeft& c) const { leave(Table::UserWorkspaces, c.user); }
  void operator()(const core::WorkspaceDeleted& c) const {
    for (const auto& [user, role] : c.members) leave(Table::UserWorkspaces, user);
  }
  void operator()(const core::ProfileSet& c) const { batch.put(id(Table::UserNumbers), number_of(c.user), {}); }
  void operator()(const core::UserErased& c) const { batch.remove(id(Table::UserNumbers), number_of(c.user)); }
  template <class Other>
  void operator()(const Other&) const {}
};

}  // namespace

void ReadTables::project(const fold::Step& step, const core::State& state, std::int64_t window_ms, store::Batch& batch) {
  for (const auto& change : step.decision.changes) std::visit(Index{batch, change}, change.body);
  keep_events(step, state, batch);
  if (fold::command_hour(step.command.id) < first_kept_hour(state.log_time(), window_ms)) return;
  Key key;
  key.number(fold::command_hour(step.command.id), 4).add(step.command.id);
  batch.put(id(Table::Commands), key,
            codec::encode_outcome({.outcome = step.decision.outcome,
                                   .offset = step.offset,
                                   .stream = step.command.stream,
                                   .user = step.command.user,
                                   .duplicate = step.decision.duplicate,
                                   .kind = codec::kind_of(step.command.payload)}));
}

void ReadTables::dead_letter(eventlog::Offset offset, std::string_view value, store::Batch& batch) {
  batch.put(id(Table::DeadLetters), Key().number(offset, 8), value);
}

void ReadTables::expire(core::TimeMs before, core::TimeMs now, std::int64_t window_ms, store::Batch& batch) {
  const auto first = first_kept_hour(before, window_ms);
  const auto first_now = first_kept_hour(now, window_ms);
  if (first != first_now) batch.remove_range(id(Table::Commands), Key().number(first, 4), Key().number(first_now, 4));
}

// What it said before it was edited or retracted. A row that can't be read yields nothing to anybody; so with outcomes.
store::Stored<void> ReadTables::forget(const core::Message& message, const store::Snapshot& now, store::Batch& batch) {
  if (message.edits == 0 && !message.retracted) return {};
  const auto of_message = fold::message_key(message.channel, message.seq);
  return now.scan(id(Table::Revisions), of_message, {}, [&](std::string_view key, std::string_view value) {
    auto revision = codec::decode_revision(fold::number_at_end(key, 4), value);
    if (!revision || revision->text.empty()) return true;
    revision->text.clear();
    batch.put(id(Table::Revisions), key, codec::encode_revision(*revision));
    return true;
  });
}

store::Stored<void> ReadTables::forget(const core::UserId& user, const store::Snapshot& now, store::Batch& batch) {
  return now.scan(id(Table::Commands), {}, {}, [&](std::string_view key, std::string_view value) {
    auto row = codec::decode_outcome(value);
    if (!row || row->user != user) return true;
    row->outcome = core::without_words(std::move(row->outcome));
    const auto bytes = codec::encode_outcome(*row);
    if (bytes != value) batch.put(id(Table::Commands), key, bytes);
    return true;
  });
}

}  // namespace parley::projector
