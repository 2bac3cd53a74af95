#include "tests/scenario/print.hpp"

#include <fmt/core.h>

namespace parley::scenario {
namespace {

std::string_view word_of(core::Role role) {
  switch (role) {
    case core::Role::Member:
      return "member";
    case core::Role::Admin:
      return "admin";
    case core::Role::Owner:
      return "owner";
  }
  return "?";
}

std::string_view word_of(core::ChannelKind kind) {
  switch (kind) {
    case core::ChannelKind::Public:
      return "public";
    case core::ChannelKind::Private:
      return "private";
    case core::ChannelKind::Direct:
      return "direct";
    case core::ChannelKind::Group:
      return "group";
    case core::ChannelKind::Room:
      return "room";
  }
  return "?";
}

std::string_view word_of(core::Code code) {
  switch (code) {
    case core::Code::Ok:
      return "ok";
    case core::Code::InvalidArgument:
      return "invalid_argument";
    case core::Code::Forbidden:
      return "forbidden";
    case core::Code::NotFound:
      return "not_found";
    case core::Code::Conflict:
      return "conflict";
    case core::Code::VersionMismatch:
      return "version_mismatch";
    case core::Code::KeyReused:
      return "key_reused";
  }
  return "?";
}

// " alice bob(owner)": the plain members' role goes without saying.
template <class Members>
std::string list(const Members& members) {
  std::string text;
  for (const auto& [user, member] : members) {
    core::Role role{};
    if constexpr (requires { member.role; }) {
      role = member.role;
    } else {
      role = member;
    }
    text += " " + user.text;
    if (role != core::Role::Member) text += fmt::format("({})", word_of(role));
  }
  return text;
}

std::string describe(const core::ChannelHead& head) {
  auto text = fmt::format("{} \"{}\"", word_of(head.kind), head.name);
  if (!head.topic.empty()) text += fmt::format(" topic \"{}\"", head.topic);
  if (head.open) text += " open";
  if (head.archived) text += " archived";
  return text;
}

struct Describe {
  const Names& names;

  std::string operator()(const core::MessagePosted& c) const {
    auto text = fmt::format("message_posted|#{} \"{}\"", c.message.seq.value, c.message.text);
    return c.message.reply_to.value == 0 ? text : fmt::format("{} in reply to #{}", text, c.message.reply_to.value);
  }
  std::string operator()(const core::MessageEdited& c) const {
    return fmt::format("message_edited|#{} \"{}\"", c.message.seq.value, c.message.text);
  }
  std::string operator()(const core::MessageRetracted& c) const {
    return fmt::format("message_retracted|#{} of {} \"{}\"", c.message.seq.value, c.message.author.text, c.message.text);
  }
  std::string operator()(const core::ReactionChanged& c) const {
    return fmt::format("{}|#{} {}", c.on ? "reaction_added" : "reaction_removed", c.message.seq.value, c.emoji);
  }
  std::string operator()(const core::PinChanged& c) const {
    return fmt::format("{}|#{}", c.message.pinned ? "message_pinned" : "message_unpinned", c.message.seq.value);
  }
  std::string operator()(const core::BanChanged& c) const {
    if (!c.ban) return fmt::format("ban_lifted|{}", c.user.text);
    const auto until = c.ban->until ? fmt::format(" until {}", c.ban->until->value) : "";
    return fmt::format("banned|{}{} \"{}\"", c.user.text, until, c.ban->reason);
  }
  std::string operator()(const core::MessageHidden& c) const { return fmt::format("message_hidden|#{}", c.seq.value); }
  std::string operator()(const core::MessagesHidden& c) const { return fmt::format("messages_hidden|up to #{}", c.seq.value); }
  std::string operator()(const core::ReplyCounted& c) const {
    return fmt::format("reply_counted|#{} has {}", c.message.seq.value, c.message.reply_count);
  }
  std::string operator()(const core::MemberJoined& c) const {
    return fmt::format("{}|{} as {}", c.again ? "role_changed" : "member_joined", c.user.text, word_of(c.member.role));
  }
  std::string operator()(const core::MemberLeft& c) const {
    return fmt::format("member_left|{}, who was {}", c.user.text, word_of(c.role));
  }
  std::string operator()(const core::ChannelCreated& c) const {
    return fmt::format("channel_created|{} with{}", describe(c.head), list(c.members));
  }
  std::string operator()(const core::ChannelUpdated& c) const { return "channel_updated|" + describe(c.head); }
  std::string operator()(const core::ChannelDeleted& c) const {
    std::string members;
    for (const auto& user : c.members) members += " " + user.text;
    return "channel_deleted|in it were" + members;
  }
  std::string operator()(const core::CursorMoved& c) const {
    const bool read = c.kind == core::CursorKind::Read;
    auto text = fmt::format("{}|{} to #{}", read ? "read_marked" : "delivered_marked", c.user.text,
                            (read ? c.member.read_seq : c.member.delivered_seq).value);
    if (c.author) text += fmt::format(", to be told to {}", c.author->text);
    if (!c.moves) text += fmt::format(" before, told to nobody; asked for #{}", c.to.value);
    if (c.first_to_receive) text += ", first to receive it";
    return c.first_to_read ? text + ", first to read it" : text;
  }
  std::string operator()(const core::WorkspaceCreated& c) const { return fmt::format("workspace_created|\"{}\"", c.head.name); }
  std::string operator()(const core::WorkspaceUpdated& c) const { return fmt::format("workspace_updated|\"{}\"", c.head.name); }
  std::string operator()(const core::WorkspaceDeleted& c) const { return "workspace_deleted|in it were" + list(c.members); }
  std::string operator()(const core::WorkspaceMemberJoined& c) const {
    return fmt::format("workspace_joined|{} as {}", c.user.text, word_of(c.member.role));
  }
  std::string operator()(const core::WorkspaceMemberLeft& c) const {
    return fmt::format("workspace_left|{}, who was {}", c.user.text, word_of(c.role));
  }
  std::string operator()(const core::ProfileSet& c) const {
    return fmt::format("profile_set|\"{}\" {}", c.profile.name, c.profile.avatar_url.value_or("without a picture"));
  }
  std::string operator()(const core::AccountCreated& c) const {
    return fmt::format("account_created|{} as {}", c.user.text, c.account.role);
  }
  std::string operator()(const core::NameChanged& c) const {
    if (!c.reservation.owner) return fmt::format("name_released|{} \"{}\"", c.name.space, c.name.name);
    return fmt::format("name_reserved|{} \"{}\" for {}", c.name.space, c.name.name, c.reservation.owner->text);
  }
  std::string operator()(const core::UserErased& c) const { return fmt::format("user_erased|{}", c.user.text); }
};

}  // namespace

std::string line_of(const core::Change& change, const Names& names) {
  const auto text = std::visit(Describe{names}, change.body);
  const auto bar = text.find('|');
  return fmt::format("  + {} {} v{} by {}: {}", text.substr(0, bar), names.of(change.subject), change.version.value,
                     change.actor.text, text.substr(bar + 1));
}

std::string line_of(const core::Decision& decision) {
  const auto& outcome = decision.outcome;
  const std::string again = decision.duplicate ? " (as the first time)" : "";
  if (outcome.status == core::Status::Rejected)
    return fmt::format("  ! {}: {}{}", word_of(outcome.code), outcome.detail, again);
  std::string text = "  > accepted";
  if (outcome.seq.value != 0) text += fmt::format(" seq={}", outcome.seq.value);
  if (outcome.version.value != 0) text += fmt::format(" version={}", outcome.version.value);
  return text + (decision.changes.empty() && !decision.duplicate ? ", nothing changes" : "") + again;
}

std::string view_of(const core::State& state, const core::ChannelId& id) {
  const auto* channel = state.channel(id);
  if (!channel) return "  | there is none";
  const auto& head = channel->head;
  auto text = fmt::format("  | {}, v{}, last seq {}", describe(head), head.version.value, head.last_seq.value);
  for (const auto& [user, member] : channel->members) {
    text += fmt::format("\n  |   {} {}: read to #{}, delivered to #{}, {} unread", word_of(member.role), user.text,
                        member.read_seq.value, member.delivered_seq.value, head.last_seq.value - member.read_seq.value);
    if (member.mention_count > 0) text += fmt::format(", {} mentions", member.mention_count);
  }
  return text;
}

std::string view_of(const core::State& state, const core::WorkspaceId& id) {
  const auto* workspace = state.workspace(id);
  if (!workspace) return "  | there is none";
  return fmt::format("  | \"{}\", v{}, channels: {}, members:{}", workspace->head.name, workspace->head.version.value,
                     workspace->channels.size(), list(workspace->members));
}

}  // namespace parley::scenario
