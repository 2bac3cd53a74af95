// The tables of a partition's projection and how their keys are made. Numbers are big-endian, so that they sort as numbers;
// a user id, which holds no control character, ends with a zero byte. docs/log_format.md has the same in a table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/command.hpp"
#include "store/store.hpp"

namespace parley::fold {

enum class Table : store::TableId {
  Meta = 1,              // "applied" -> Applied
  Users = 2,             // user -> User
  Workspaces = 3,        // workspace -> Workspace
  WorkspaceMembers = 4,  // workspace, user -> WorkspaceMember
  Channels = 5,          // channel -> Channel
  ChannelMembers = 6,    // channel, user -> ChannelMember
  Messages = 7,          // channel, seq -> Message
  Keys = 8,              // window bucket, stream, user, idempotency key -> Key
  Reactions = 9,         // channel, seq, emoji, user -> nothing
  Hidden = 10,           // channel, user, seq -> nothing
  Bans = 11,             // channel, user -> Ban
  Mentions = 12,         // channel, user, seq -> nothing: messages that name him and that he has not read
  Erased = 13,           // user -> Erased
  Names = 14,            // namespace, name -> Name; released ones too
  Accounts = 15,         // user -> Account
  // --- read models: the projector's alone
  UserChannels = 16,       // user, channel -> nothing
  UserWorkspaces = 17,     // user, workspace -> nothing
  WorkspaceChannels = 18,  // workspace, channel -> nothing
  Commands = 19,           // hour, command -> Outcome
  DeadLetters = 20,        // offset -> the record's bytes as they are
  Replies = 21,            // channel, seq answered, seq of the answer -> nothing
  Revisions = 22,          // channel, seq, number -> Revision
  Events = 23,             // channel, version -> Event
  MessageChanges = 24,     // channel, seq, version -> MessageChange
  Departed = 25,           // channel, user -> Departed
  MemberChanges = 26,      // channel, version, user -> MemberChange
  UserNumbers = 30,        // number of the user's stream, user -> nothing: who has a profile
  Reached = 31,            // channel, kind of cursor, seq -> Reached
  // --- of this store, not of the log
  Purge = 27,    // "pending" -> offset of the erasure whose bytes are still on the disk
  Touched = 29,  // offset -> Touched: what the search index has not taken in yet; of no replay's
};

// What the fold itself needs, and so what a broadcaster's store holds.
constexpr store::TableId id(Table t) { return static_cast<store::TableId>(t); }
std::string_view name(Table t);
inline constexpr Table kTables[] = {Table::Meta,        Table::Users,          Table::Workspaces,     Table::WorkspaceMembers,
                                    Table::Channels,    Table::ChannelMembers, Table::Messages,       Table::Keys,
                                    Table::Reactions,   Table::Hidden,         Table::Bans,           Table::Mentions,
                                    Table::Events,      Table::MessageChanges, Table::Departed,       Table::MemberChanges,
                                    Table::Revisions,   Table::UserChannels,   Table::UserWorkspaces, Table::WorkspaceChannels,
                                    Table::Commands,    Table::DeadLetters,    Table::Replies,        Table::Erased,
                                    Table::UserNumbers, Table::Reached,        Table::Names,          Table::Accounts};

// Those whose keys come in order, or again and again: a channel's messages by seq, a slot's commands by time, the heads and
// members of the channels that are busy.
inline std::vector<store::OrderedTable> ordered_tables() {
  return {{id(Table::Channels), core::Uuid::kBytes - 1},
          {id(Table::ChannelMembers), core::Uuid::kBytes},
          {id(Table::Messages), core::Uuid::kBytes},
          {id(Table::Commands), sizeof(std::uint32_t) + sizeof(core::Slot)}};
}

// A key under construction: appended to, then handed to the store.
class Key {
 public:
  Key& add(const core::Uuid& uuid) { return raw(uuid.bytes()); }
  template <class Tag>
  Key& add(const core::Id<Tag>& id) {
    return raw(id.bytes());
  }
  Key& add(const core::UserId& user) { return text(user.text); }
  // One without control characters, ended by a zero byte.
  Key& text(std::string_view text) {
    raw(text);
    bytes_.push_back('\0');
    return *this;
  }
  Key& add(core::Seq seq) { return number(seq.value, 8); }
  Key& add(core::Version version) { return number(version.value, 8); }
  Key& number(std::uint64_t value, int bytes);
  Key& raw(std::string_view bytes) {
    bytes_.append(bytes);
    return *this;
  }
  [[nodiscard]] std::string_view view() const { return bytes_; }
  operator std::string_view() const { return bytes_; }  // NOLINT: a key is its bytes

 private:
  std::string bytes_;
};

inline Key message_key(const core::ChannelId& channel, core::Seq seq) {
  Key key;
  key.add(channel).add(seq);
  return key;
}
inline Key reaction_key(const core::ChannelId& channel, core::Seq seq, std::string_view emoji, const core::UserId& user) {
  Key key;
  key.add(channel).add(seq).text(emoji).add(user);
  return key;
}
// Of tables hidden and mentions.
inline Key user_seq_key(const core::ChannelId& channel, const core::UserId& user, core::Seq seq) {
  Key key;
  key.add(channel).add(user).add(seq);
  return key;
}
// Of table reached: the place behind which a channel's rows of one kind go on.
inline Key reached_key(const core::ChannelId& channel, core::CursorKind kind, core::Seq seq) {
  Key key;
  key.add(channel).number(static_cast<std::uint64_t>(kind), 1).add(seq);
  return key;
}
inline Key name_key(const core::SiteName& name) {
  Key key;
  key.text(name.space).text(name.name);
  return key;
}
template <class GroupId>
Key member_key(const GroupId& group, const core::UserId& user) {
  Key key;
  key.add(group).add(user);
  return key;
}

// Reads the big-endian number at the end of a key.
std::uint64_t number_at_end(std::string_view key, std::size_t bytes);
// The user id in a key that has it, zero-terminated, from `at` on.
core::UserId user_at(std::string_view key, std::size_t at);

// --- buckets: rows with a life span are dropped a bucket at a time, at a place in the log that every replay finds again
std::uint32_t key_bucket(core::TimeMs log_time, std::int64_t window_ms);
std::uint32_t command_hour(const core::CommandId& id);

}  // namespace parley::fold
