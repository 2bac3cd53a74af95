// What the rules of all nouns share. Inside lib/core only: everyone else calls decide() (apply.hpp).
//
// A rule is an overload of rule() for one payload. It looks at things in the order in which the caller may learn of them: does
// it exist and may he see it (NotFound, the same for both), may he do it (Forbidden), is what he asks for sound
// (InvalidArgument), does it fit with what is there (VersionMismatch, Conflict).
#pragma once

#include <expected>
#include <utility>

#include "core/apply.hpp"

namespace parley::core {

// What one creation of a group may list; by invitation it grows beyond.
inline constexpr std::size_t kMaxListedInGroup = 1'000;
inline constexpr std::size_t kMaxKindsOfReactions = 50;  // to one message

// One command at its place in the log.
struct Case {
  const State& state;
  const Command& command;
  const Facts& facts;

  [[nodiscard]] const UserId& user() const { return command.user; }
  [[nodiscard]] TimeMs now() const { return command.received_at; }
};

struct Refusal {
  Code code = Code::Ok;
  const char* detail = "";
};
inline constexpr Refusal kNoWorkspace{Code::NotFound, "no such workspace"};
inline constexpr Refusal kNoChannel{Code::NotFound, "no such channel"};
inline constexpr Refusal kNoMember{Code::NotFound, "no such member"};
inline constexpr Refusal kIdTaken{Code::Conflict, "its id was used before"};
inline constexpr Refusal kNameTaken{Code::Conflict, "a public channel of the workspace has this name"};
inline constexpr Refusal kNotInWorkspace{Code::Conflict, "not a member of the workspace"};
inline constexpr Refusal kChanged{Code::VersionMismatch, "it has changed since that version"};
inline constexpr Refusal kNotAMember{Code::Forbidden, "not a member of the channel"};
inline constexpr Refusal kArchived{Code::Forbidden, "the channel is archived"};
inline constexpr Refusal kNoMessage{Code::NotFound, "no such message"};
inline constexpr Refusal kPastTheEnd{Code::InvalidArgument, "not past last_seq"};
inline constexpr Refusal kRetracted{Code::Conflict, "the message is retracted"};
inline constexpr Refusal kNotDirectWith{Code::InvalidArgument, "not the direct channel with that user"};
inline constexpr Refusal kFixed{Code::Forbidden, "a direct channel stays as it is"};
inline constexpr Refusal kBanned{Code::Forbidden, "banned from the channel"};
inline constexpr Refusal kRoom{Code::Forbidden, "a room stays as it is, and has no members"};
inline constexpr Refusal kRoleTooLow{Code::Forbidden, "the role does not allow it"};

using Verdict = std::expected<Decision, Refusal>;
inline std::unexpected<Refusal> refuse(const Refusal& refusal) { return std::unexpected(refusal); }

// Accepted, without a change so far; `version` is the subject's when all is done.
Decision accept(Version version, Result result = {});
Decision accept(const ChannelId& channel, Seq seq, Version version, Result result = {});
void add(Decision& decision, const Case& c, const Uuid& subject, Version version, ChangeBody body);

// --- what the sender may see
struct SeenWorkspace {
  const Workspace& workspace;
  const WorkspaceMember& member;  // himself
};
std::expected<SeenWorkspace, Refusal> see(const Case& c, const WorkspaceId& id);

struct SeenChannel {
  const Channel& channel;
  const ChannelMember* member;  // himself; null: not in it, but it is a public channel of his workspace, or a room

  [[nodiscard]] const ChannelHead& head() const { return channel.head; }
};
std::expected<SeenChannel, Refusal> see(const Case& c, const ChannelId& id);
// The same for one who writes there: he is in it, or it is a room; and it is not archived.
std::expected<SeenChannel, Refusal> see_to_write(const Case& c, const ChannelId& id);

// The message that the facts have, if it may be there at all.
const Message* message_at(const Case& c, const ChannelHead& head, Seq seq);

// --- what he may do there
bool is_workspace_admin(const Case& c, const ChannelHead& channel);
// His role in the channel; an admin of its workspace counts as an owner of every channel that he sees. None: not in it.
std::optional<Role> standing(const Case& c, const SeenChannel& seen);
// May one of this role give `next` to somebody who has `previous` (none: is not in it yet)? Owners may anything, admins
// whatever is below their own role.
bool may_set_role(std::optional<Role> own, std::optional<Role> previous, Role next);

// Is he kept out of it now, by the log's time?
bool is_banned(const Case& c, const Channel& channel, const UserId& user);

template <class Members>
auto find_member(Members& members, const UserId& user) -> decltype(&members.begin()->second) {
  const auto found = members.find(user);
  return found == members.end() ? nullptr : &found->second;
}

// --- one for each payload
Verdict rule(const Case& c, const SetProfile& set);
Verdict rule(const Case& c, const CreateWorkspace& create);
Verdict rule(const Case& c, const UpdateWorkspace& update);
Verdict rule(const Case& c, const DeleteWorkspace& remove);
Verdict rule(const Case& c, const SetWorkspaceMember& set);
Verdict rule(const Case& c, const RemoveWorkspaceMember& remove);
Verdict rule(const Case& c, const CreateChannel& create);
Verdict rule(const Case& c, const OpenDirect& open);
Verdict rule(const Case& c, const UpdateChannel& update);
Verdict rule(const Case& c, const DeleteChannel& remove);
Verdict rule(const Case& c, const SetChannelMember& set);
Verdict rule(const Case& c, const RemoveChannelMember& remove);
Verdict rule(const Case& c, const PostMessage& post);
Verdict rule(const Case& c, const EditMessage& edit);
Verdict rule(const Case& c, const RetractMessage& retract);
Verdict rule(const Case& c, const MoveCursor& move);
Verdict rule(const Case& c, const HideMessage& hide);
Verdict rule(const Case& c, const HideUpTo& hide);
Verdict rule(const Case& c, const SetReaction& set);
Verdict rule(const Case& c, const SetPin& set);
Verdict rule(const Case& c, const SetBan& set);
Verdict rule(const Case& c, const OpenRoom& open);
Verdict rule(const Case& c, const EraseUser& erase);
Verdict rule(const Case& c, const CreateAccount& create);
Verdict rule(const Case& c, const ReserveName& reserve);
Verdict rule(const Case& c, const ReleaseName& release);

// --- what two nouns need
// Is the author of a message told of others' cursors in a channel of this kind?
constexpr bool tells_authors(ChannelKind kind) { return kind == ChannelKind::Direct || kind == ChannelKind::Group; }
inline MemberLeft left(const UserId& user, const ChannelMember& member) {
  return {user, member.role, member.joined_version, member.mention_count > 0, member.hides};
}
// The direct channel of the sender and `other`, as new.
ChannelCreated new_direct(const Case& c, const ChannelId& id, const UserId& other);
// Is it the direct channel of the sender and `other`?
bool is_direct_with(const Case& c, const Channel& channel, const UserId& other);
// Why nobody may change it, bring others in, leave or delete it, whoever he is.
std::optional<Refusal> why_fixed(const ChannelHead& channel);
// `channel` gone, at its next version.
void add_channel_deleted(Decision& decision, const Case& c, const Channel& channel);

}  // namespace parley::core
