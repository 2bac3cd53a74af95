// What the fold accepted, and what it says of a command. A command makes none, one or several changes; each is complete:
// read models and pushes are made of it without looking anything up. Values.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/command.hpp"

namespace parley::core {

// One kind of reaction to a message.
struct Reaction {
  std::string emoji;
  std::uint64_t count = 0;
  std::vector<UserId> users;  // the first kMaxShownReactors of them by name, where they are told; else none
  bool operator==(const Reaction&) const = default;
};
inline constexpr std::size_t kMaxShownReactors = 1'000;

struct Message {
  ChannelId channel;
  Seq seq;
  Version version;  // of the change that last touched it
  UserId author;
  std::string text;
  TimeMs posted_at;
  MessageNumber number;
  std::optional<TimeMs> edited_at;
  bool retracted = false;
  std::optional<TimeMs> retracted_at;  // none: it is not, or nobody wrote down when
  Seq reply_to;                        // 0: none
  std::uint64_t reply_count = 0;
  bool pinned = false;
  std::vector<Reaction> reactions;  // by emoji
  std::uint64_t edits = 0;
  Version text_version;          // of the change that gave it this text; 0: never edited
  std::string attachments;       // JSON array; empty: none
  std::string metadata;          // JSON object; empty: none
  std::vector<UserId> mentions;  // whom the text names
  Version posted_version;        // of the change that posted it
  std::uint64_t offset = 0;      // of the record that posted it: the fold, not a rule, says it
  bool erased = false;           // its author had his words erased: it has none
  bool operator==(const Message&) const = default;
};

// As it is kept: who reacted is kept apart.
inline Message without_reactors(Message message) {
  for (auto& reaction : message.reactions) reaction.users.clear();
  return message;
}

// As it is when its author's words are erased.
inline Message without_words(Message message) {
  message.text.clear();
  message.attachments.clear();
  message.metadata.clear();
  message.erased = true;
  return message;
}

// What a message said before a change took that away.
struct Revision {
  std::string text;
  TimeMs at;                          // since when
  Version version;                    // of the change that gave it this text; 0: it was posted so
  std::uint64_t number = 0;           // 0: as it was posted
  std::vector<UserId> mentions = {};  // whom it named; not kept
  bool operator==(const Revision&) const = default;
};

struct UserProfile {
  std::string name;
  std::optional<std::string> avatar_url;
  TimeMs created_at;
  bool operator==(const UserProfile&) const = default;
};

struct Account {
  std::string role;
  std::string password_hash;  // empty: it was sealed with a key that is gone, and no password fits
  TimeMs created_at;
  bool operator==(const Account&) const = default;
};

// Of one who has given himself none.
inline UserProfile unnamed(const UserId& user) { return {.name = user.text}; }

// A workspace without its members.
struct WorkspaceHead {
  WorkspaceId id;
  std::string name;
  UserId owner;  // who made it
  TimeMs created_at;
  Version version;
  bool deleted = false;
  std::uint64_t member_count = 0;
  bool operator==(const WorkspaceHead&) const = default;
};
struct WorkspaceMember {
  Role role = Role::Member;
  TimeMs joined_at;
  bool operator==(const WorkspaceMember&) const = default;
};

// A channel without its members.
struct ChannelHead {
  ChannelId id;
  ChannelKind kind = ChannelKind::Public;
  std::optional<WorkspaceId> workspace;
  std::string name;
  std::string topic;
  UserId created_by;
  TimeMs created_at;
  Seq last_seq;
  Version version;
  bool archived = false;
  bool deleted = false;
  std::uint64_t member_count = 0;
  TimeMs active_at;           // of the newest message, else of the creation
  std::string metadata;       // JSON object; empty: none
  bool open = false;          // a group: whoever knows its id may join it
  MessageNumber last_number;  // of the newest message
  // The furthest that a command has taken anybody's cursor: what was said until then was read, or delivered, at least once.
  Seq reached_by_reading;
  Seq reached_by_delivery;
  bool operator==(const ChannelHead&) const = default;
};
struct ChannelMember {
  Role role = Role::Member;
  TimeMs joined_at;
  Seq read_seq;
  Seq delivered_seq;
  TimeMs read_at;                   // 0: never
  bool hides = false;               // some message of the channel from himself
  std::uint64_t mention_count = 0;  // of messages behind read_seq, others', that name him
  Version joined_version;           // of the change that brought him in
  Seq hidden_seq;                   // up to which he hides all from himself
  bool operator==(const ChannelMember&) const = default;
};

struct Ban {
  std::string reason;           // may be empty
  std::optional<TimeMs> until;  // none: for ever
  UserId by;
  TimeMs at;
  bool operator==(const Ban&) const = default;
};

// Who has a name of the site's.
struct Reservation {
  std::optional<UserId> owner;  // none: nobody, it was released
  Version version;              // of the newest reservation: each takes one
  TimeMs reserved_at;
  bool operator==(const Reservation&) const = default;
};

// --- changes of a channel that all its members see: each takes one version
struct MessagePosted {
  Message message;
  std::vector<Seq> mentions_read = {};  // whose mention of its author he has passed with it
  bool operator==(const MessagePosted&) const = default;
};
struct MessageEdited {
  Message message;
  Revision before;
  bool operator==(const MessageEdited&) const = default;
};
struct MessageRetracted {
  Message message;
  Revision before;
  bool had_reactions = false;
  bool operator==(const MessageRetracted&) const = default;
};
struct ReactionChanged {
  Message message;  // as it is now
  std::string emoji;
  bool on = true;  // added; false: removed
  bool operator==(const ReactionChanged&) const = default;
};
struct PinChanged {
  Message message;  // as it is now
  bool operator==(const PinChanged&) const = default;
};
// Also when his role changed (`again`): then joined_at and the cursors are as they were.
struct MemberJoined {
  UserId user;
  ChannelMember member;
  bool again = false;  // he was in it: only his role changed
  bool operator==(const MemberJoined&) const = default;
};
struct MemberLeft {
  UserId user;
  Role role = Role::Member;
  Version joined_version = {};
  bool mentioned = false;  // in messages that he had not read
  bool hid = false;        // some message from himself
  bool operator==(const MemberLeft&) const = default;
};
struct ChannelCreated {
  ChannelHead head;
  std::vector<std::pair<UserId, ChannelMember>> members;
  bool operator==(const ChannelCreated&) const = default;
};
struct ChannelUpdated {
  ChannelHead head;
  bool operator==(const ChannelUpdated&) const = default;
};
struct ChannelDeleted {
  ChannelHead head;             // as it is now: with nobody in it
  std::vector<UserId> members;  // who were in it
  bool operator==(const ChannelDeleted&) const = default;
};

// --- of a channel, without a version
struct CursorMoved {
  UserId user;
  CursorKind kind = CursorKind::Read;
  ChannelMember member;                 // as it is now
  std::optional<UserId> author;         // of the message at the cursor, where he is to be told (direct and group)
  std::vector<Seq> mentions_read = {};  // whose mention of him it has passed
  bool first_to_read = false;           // no command had taken anybody's cursor so far
  bool first_to_receive = false;
  Seq to = {};        // what the command named
  bool moves = true;  // false: his cursor was there before, by what he posted; then nobody is told
  bool operator==(const CursorMoved&) const = default;
};
// To the actor alone.
struct MessageHidden {
  Seq seq;
  bool operator==(const MessageHidden&) const = default;
};
// Likewise, all up to this one.
struct MessagesHidden {
  Seq seq;
  bool operator==(const MessagesHidden&) const = default;
};
struct BanChanged {
  UserId user;
  std::optional<Ban> ban;  // none: lifted
  bool operator==(const BanChanged&) const = default;
};
// The message that was answered: its reply_count went up.
struct ReplyCounted {
  Message message;
  bool operator==(const ReplyCounted&) const = default;
};

// --- of a workspace: the first three take one of its versions
struct WorkspaceCreated {
  WorkspaceHead head;
  WorkspaceMember owner;
  bool operator==(const WorkspaceCreated&) const = default;
};
struct WorkspaceUpdated {
  WorkspaceHead head;
  bool operator==(const WorkspaceUpdated&) const = default;
};
struct WorkspaceDeleted {
  WorkspaceHead head;                            // as it is now: with nobody in it
  std::vector<std::pair<UserId, Role>> members;  // who were in it
  bool operator==(const WorkspaceDeleted&) const = default;
};
// Also: his role changed.
struct WorkspaceMemberJoined {
  UserId user;
  WorkspaceMember member;
  bool operator==(const WorkspaceMemberJoined&) const = default;
};
struct WorkspaceMemberLeft {
  UserId user;
  Role role = Role::Member;
  bool operator==(const WorkspaceMemberLeft&) const = default;
};

// --- of a user
struct ProfileSet {
  UserId user;
  UserProfile profile;
  bool operator==(const ProfileSet&) const = default;
};

struct AccountCreated {
  UserId user;
  Account account;
  bool operator==(const AccountCreated&) const = default;
};

// His words are gone from the partition: from every message, his profile, and his account with them.
struct UserErased {
  UserId user;
  std::uint64_t keys_before = 0;
  bool operator==(const UserErased&) const = default;
};

// --- of a name
struct NameChanged {
  SiteName name;
  Reservation reservation;  // as it is now
  bool operator==(const NameChanged&) const = default;
};

using ChangeBody =
    std::variant<MessagePosted, MessageEdited, MessageRetracted, ReactionChanged, PinChanged, MemberJoined, MemberLeft,
                 ChannelCreated, ChannelUpdated, ChannelDeleted, CursorMoved, MessageHidden, MessagesHidden, BanChanged,
                 ReplyCounted, WorkspaceCreated, WorkspaceUpdated, WorkspaceDeleted, WorkspaceMemberJoined, WorkspaceMemberLeft,
                 ProfileSet, UserErased, NameChanged, AccountCreated>;

// Is it told to its actor alone?
inline bool is_for_actor(const ChangeBody& body) {
  return std::holds_alternative<MessageHidden>(body) || std::holds_alternative<MessagesHidden>(body);
}

struct Change {
  Uuid subject;     // the channel, the workspace, the user's stream or the name's
  Version version;  // of the subject after it; of one without a version: as it was
  TimeMs at;
  UserId actor;
  ChangeBody body;

  [[nodiscard]] ChannelId channel() const { return {subject}; }
  [[nodiscard]] WorkspaceId workspace() const { return {subject}; }
  bool operator==(const Change&) const = default;
};

// --- the answer to the one who asked
// Why a command was refused by the fold. Stable numbers: they are stored.
enum class Code : std::uint8_t {
  Ok = 0,
  InvalidArgument = 1,
  Forbidden = 2,
  NotFound = 3,
  Conflict = 4,
  VersionMismatch = 5,
  KeyReused = 6,
};
enum class Status : std::uint8_t { Accepted = 1, Rejected = 2 };

// What the first answer tells that the command itself does not. Kept with an idempotency key, so that a repetition gets
// the same answer.
struct UserResult {
  UserId id;
  UserProfile profile;
  bool operator==(const UserResult&) const = default;
};
struct MemberResult {
  UserId user;
  Role role = Role::Member;
  TimeMs joined_at;
  bool operator==(const MemberResult&) const = default;
};
struct BanResult {
  UserId user;
  Ban ban;
  bool operator==(const BanResult&) const = default;
};
struct NameResult {
  Reservation reservation;
  bool fresh = false;  // nobody had it before
  bool operator==(const NameResult&) const = default;
};
struct CursorResult {
  Seq seq;  // as it is now
  bool operator==(const CursorResult&) const = default;
};
// `text` is left out for a post (the repeated command has it), and whole for an edit.
struct MessageResult {
  Message message;
  bool operator==(const MessageResult&) const = default;
};
using Result = std::variant<std::monostate, UserResult, WorkspaceHead, MemberResult, ChannelHead, MessageResult, BanResult,
                            NameResult, CursorResult>;

struct Outcome {
  Status status = Status::Accepted;
  Code code = Code::Ok;
  std::string detail;  // for people; empty when accepted. A constant of the rules, never user text
  std::optional<ChannelId> channel;
  Seq seq;          // 0: none
  Version version;  // 0: none
  TimeMs at;
  Result result;
  bool operator==(const Outcome&) const = default;
};

// As it is kept of one whose words are erased.
inline Outcome without_words(Outcome outcome) {
  if (auto* user = std::get_if<UserResult>(&outcome.result)) user->profile = unnamed(user->id);
  if (auto* kept = std::get_if<MessageResult>(&outcome.result)) kept->message = without_words(std::move(kept->message));
  return outcome;
}

}  // namespace parley::core
