#include "projector/events.hpp"

#include "codec/change_codec.hpp"
#include "parley/store/v1/rows.pb.h"

namespace parley::projector {

namespace {

namespace rows = parley::store::v1;
using fold::id;
using fold::Key;
using fold::Table;

Key version_key(const core::Change& change) {
  Key key;
  key.add(change.channel()).add(change.version);
  return key;
}

// A message in an event is its seq: what it says is kept once, in its own tables.
struct WithoutMessage {
  core::Change& change;

  template <class Body>
  void operator()(Body& body) const {
    if constexpr (requires { body.message; }) {
      const core::Message bare{.channel = body.message.channel, .seq = body.message.seq, .pinned = body.message.pinned};
      body.message = bare;
    }
  }
};

std::string encoded(const core::Change& change) {
  auto bare = change;
  std::visit(WithoutMessage{bare}, bare.body);
  parley::internal::v1::Change proto;
  codec::to_proto(bare, proto);
  return proto.SerializeAsString();
}

struct Keep {
  store::Batch& batch;
  const core::Change& change;
  std::span<const core::Change> later;  // of the same step
  eventlog::Offset offset;
  const core::State& state;

  // After the change. Of a direct channel made by its first message the state knows that message already.
  [[nodiscard]] core::Seq last_seq() const {
    auto seq = state.head(change.channel())->last_seq;
    for (const auto& other : later)
      if (other.subject == change.subject && std::holds_alternative<core::MessagePosted>(other.body)) --seq.value;
    return seq;
  }
  void event() const {
    rows::Event row;
    row.set_offset(offset);
    row.set_last_seq(last_seq().value);
    row.set_change(encoded(change));
    batch.put(id(Table::Events), version_key(change), row.SerializeAsString());
  }
  void mark(const core::Message& message, const std::string& emoji, bool on) const {
    rows::MessageChange row;
    row.set_emoji(emoji);
    row.set_user(change.actor.text);
    row.set_on(on);
    Key key = fold::message_key(message.channel, message.seq);
    key.add(change.version);
    batch.put(id(Table::MessageChanges), key, row.SerializeAsString());
  }
  // Of nobody at once: who was there in between is found by reading these in order.
  void member(const core::UserId& user, const core::ChannelMember* now) const {
    rows::MemberChange row;
    row.set_role(now == nullptr ? 0 : static_cast<int>(now->role));
    row.set_joined_at_ms(now == nullptr ? 0 : now->joined_at.value);
    Key key = version_key(change);
    key.add(user);
    batch.put(id(Table::MemberChanges), key, row.SerializeAsString());
  }
  void departed(const core::UserId& user, core::Version joined) const {
    rows::Departed row;
    row.set_joined_version(joined.value);
    row.set_version(change.version.value);
    row.set_offset(offset);
    row.set_change(encoded(change));
    batch.put(id(Table::Departed), fold::member_key(change.channel(), user), row.SerializeAsString());
  }

  void operator()(const core::MessageEdited&) const { event(); }
  void operator()(const core::MessageRetracted&) const { event(); }
  void operator()(const core::ReactionChanged& c) const {
    event();
    mark(c.message, c.emoji, c.on);
  }
  void operator()(const core::PinChanged& c) const {
    event();
    mark(c.message, {}, c.message.pinned);
  }
  void operator()(const core::MemberJoined& c) const {
    event();
    member(c.user, &c.member);
    if (!c.again) batch.remove(id(Table::Departed), fold::member_key(change.channel(), c.user));
  }
  void operator()(const core::MemberLeft& c) const {
    event();
    member(c.user, nullptr);
    departed(c.user, c.joined_version);
  }
  void operator()(const core::ChannelCreated& c) const {
    event();
    for (const auto& [user, now] : c.members) member(user, &now);
  }
  void operator()(const core::ChannelUpdated&) const { event(); }
  void operator()(const core::ChannelDeleted& c) const {
    const auto end = fold::message_key(c.head.id, {~std::uint64_t{0}});
    batch.remove_range(id(Table::Events), change.subject.bytes(), end);
    batch.remove_range(id(Table::MemberChanges), change.subject.bytes(), end);
    for (const auto& user : c.members) departed(user, change.version);
  }
  // Of the others, posts are told by their messages' rows, and the rest is told to nobody, or takes no version.
  void operator()(const auto&) const {}
};

}  // namespace

void keep_events(const fold::Step& step, const core::State& state, store::Batch& batch) {
  const std::span<const core::Change> changes = step.decision.changes;
  for (std::size_t i = 0; i < changes.size(); ++i)
    std::visit(Keep{batch, changes[i], changes.subspan(i + 1), step.offset, state}, changes[i].body);
}

}  // namespace parley::projector
