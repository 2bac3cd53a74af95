// What a client asks for: one record of the log, decoded. Its shape and sizes were checked before it was appended;
// whether it holds is decided by `decide` (apply.hpp) alone. Values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/ids.hpp"

namespace parley::core {

enum class ChannelKind : std::uint8_t { Public = 1, Private = 2, Direct = 3, Group = 4, Room = 5 };
enum class Role : std::uint8_t { Member = 1, Admin = 2, Owner = 3 };
enum class CursorKind : std::uint8_t { Read = 1, Delivered = 2 };

struct SetProfile {
  std::string name;
  std::optional<std::string> avatar_url;
  bool operator==(const SetProfile&) const = default;
};
struct CreateWorkspace {
  WorkspaceId workspace;
  std::string name;
  bool operator==(const CreateWorkspace&) const = default;
};
struct UpdateWorkspace {
  WorkspaceId workspace;
  std::string name;
  std::optional<Version> if_version;
  bool operator==(const UpdateWorkspace&) const = default;
};
struct DeleteWorkspace {
  WorkspaceId workspace;
  bool operator==(const DeleteWorkspace&) const = default;
};
struct SetWorkspaceMember {
  WorkspaceId workspace;
  UserId user;
  std::optional<Role> role;  // none: leave it as it is; a new one becomes Member
  bool operator==(const SetWorkspaceMember&) const = default;
};
struct RemoveWorkspaceMember {
  WorkspaceId workspace;
  UserId user;
  bool operator==(const RemoveWorkspaceMember&) const = default;
};
struct CreateChannel {
  ChannelId channel;
  ChannelKind kind = ChannelKind::Public;  // Public, Private (with a workspace) or Group (without)
  std::optional<WorkspaceId> workspace;
  std::string name;
  std::string topic;
  std::vector<UserId> members;  // besides the creator
  std::string metadata;         // compact JSON object; empty: none
  bool open = false;            // a group: whoever knows its id may join it
  bool operator==(const CreateChannel&) const = default;
};
struct OpenDirect {
  ChannelId channel;
  UserId other;
  bool operator==(const OpenDirect&) const = default;
};
struct UpdateChannel {
  ChannelId channel;
  std::optional<std::string> name;
  std::optional<std::string> topic;
  std::optional<bool> archived;
  std::optional<Version> if_version;
  std::optional<std::string> metadata;  // in place of what there is; empty: none
  bool operator==(const UpdateChannel&) const = default;
};
struct DeleteChannel {
  ChannelId channel;
  bool operator==(const DeleteChannel&) const = default;
};
struct SetChannelMember {
  ChannelId channel;
  UserId user;
  std::optional<Role> role;
  bool operator==(const SetChannelMember&) const = default;
};
struct RemoveChannelMember {
  ChannelId channel;
  UserId user;
  bool operator==(const RemoveChannelMember&) const = default;
};
struct PostMessage {
  ChannelId channel;
  std::optional<UserId> direct_to;  // the direct channel with him is made if need be
  std::string text;
  Seq reply_to;                  // 0: none
  std::string attachments;       // compact JSON array; empty: none
  std::string metadata;          // compact JSON object; empty: none
  std::vector<UserId> mentions;  // whom the text names (mentions.hpp)
  bool operator==(const PostMessage&) const = default;
};
struct EditMessage {
  ChannelId channel;
  Seq seq;
  std::string text;
  std::optional<Version> if_version;
  std::vector<UserId> mentions;  // whom the text names
  bool operator==(const EditMessage&) const = default;
};
struct RetractMessage {
  ChannelId channel;
  Seq seq;
  bool operator==(const RetractMessage&) const = default;
};
// Concerns its sender alone.
struct HideMessage {
  ChannelId channel;
  Seq seq;
  bool operator==(const HideMessage&) const = default;
};
// Likewise: all messages up to this one.
struct HideUpTo {
  ChannelId channel;
  Seq seq;
  bool operator==(const HideUpTo&) const = default;
};
struct SetReaction {
  ChannelId channel;
  Seq seq;
  std::string emoji;
  bool on = true;  // false: take it back
  bool operator==(const SetReaction&) const = default;
};
struct SetPin {
  ChannelId channel;
  Seq seq;
  bool on = true;
  bool operator==(const SetPin&) const = default;
};
// Keeps a user out of a channel, or lets him in again.
struct SetBan {
  ChannelId channel;
  UserId user;
  bool on = true;  // false: lift it
  std::string reason;
  std::optional<TimeMs> until;  // none: for ever
  bool operator==(const SetBan&) const = default;
};
// The room of that name, made if need be.
struct OpenRoom {
  ChannelId channel;
  std::string name;
  bool operator==(const OpenRoom&) const = default;
};
struct MoveCursor {
  ChannelId channel;
  Seq seq;
  CursorKind kind = CursorKind::Read;
  bool operator==(const MoveCursor&) const = default;
};

// Every word of a user's is to go from this partition: what he posted, edited, and called himself. One for each partition.
struct EraseUser {
  UserId user;
  std::uint64_t keys_before = 0;  // his keys with lower numbers are destroyed
  Slot slot = 0;                  // of the partition
  bool operator==(const EraseUser&) const = default;
};

// A name that one user at a time has in the whole site, among those of its namespace. Compared byte by byte.
struct SiteName {
  std::string space;
  std::string name;
  bool operator==(const SiteName&) const = default;
};
struct ReserveName {
  SiteName name;
  bool operator==(const ReserveName&) const = default;
};
struct ReleaseName {
  SiteName name;
  bool operator==(const ReleaseName&) const = default;
};

// The sender's own account: with this password he gets tokens of this site's. His id is his e-mail address.
struct CreateAccount {
  std::string name;           // of his profile
  std::string role;           // a word of the client's
  std::string password_hash;  // with all that it takes to check a password; sealed as words are
  bool operator==(const CreateAccount&) const = default;
};

using Payload =
    std::variant<SetProfile, CreateWorkspace, UpdateWorkspace, DeleteWorkspace, SetWorkspaceMember, RemoveWorkspaceMember,
                 CreateChannel, OpenDirect, UpdateChannel, DeleteChannel, SetChannelMember, RemoveChannelMember, PostMessage,
                 EditMessage, RetractMessage, MoveCursor, HideMessage, SetReaction, SetPin, SetBan, OpenRoom, EraseUser,
                 HideUpTo, ReserveName, ReleaseName, CreateAccount>;

// Which gateway (an ingest process's life) and shard waits for the outcome.
struct Origin {
  std::uint64_t gateway = 0;
  std::uint32_t shard = 0;
  bool operator==(const Origin&) const = default;
};

using PayloadHash = std::array<std::uint8_t, 16>;

// What a person wrote in a command, sealed with a key of his (codec/seal.hpp). Key 0: nothing is sealed.
struct Sealed {
  std::uint64_t key = 0;
  std::string bytes;
  bool operator==(const Sealed&) const = default;
};

struct Command {
  CommandId id;
  UserId user;
  std::string key;             // idempotency key; empty: none
  PayloadHash payload_hash{};  // of what the client asked; only with a key
  StreamId stream;
  TimeMs received_at;
  Origin origin;
  std::string traceparent;
  Payload payload;
  Sealed sealed;
  bool erased = false;  // what was sealed can't be opened any more: the payload has no words
  bool operator==(const Command&) const = default;
};

}  // namespace parley::core
