#include <cstdio>
#include <cstdlib>

#include "core/state.hpp"

namespace parley::core {

// Makes one change so: an overload for each kind. What it changes is there, or the change was not decided for this state: to
// go on then would part this fold from all others, so it ends here.
struct Evolve {
  State& state;
  const Change& change;

  template <class Things, class Key>
  static auto& found(Things& things, const Key& key) {
    const auto at = things.find(key);
    if (at != things.end()) return at->second;
    std::fputs("broken invariant: a change does not fit the state that it is applied to\n", stderr);
    std::abort();
  }
  [[nodiscard]] Channel& channel() const { return found(state.channels_, change.channel()); }
  [[nodiscard]] Workspace& workspace() const { return found(state.workspaces_, change.workspace()); }
  [[nodiscard]] Workspace* workspace_of(const ChannelHead& head) const {
    return head.workspace ? &found(state.workspaces_, *head.workspace) : nullptr;
  }

  void forget(const UserId& user, const ChannelId& channel) const {
    const auto at = state.memberships_.find(user);
    if (at == state.memberships_.end()) return;
    at->second.erase(channel);
    if (at->second.empty()) state.memberships_.erase(at);
  }

  // One mention more or less for a member, if he has it still to read.
  void count_mention(const Message& message, const UserId& user, int by) const {
    if (auto* member = unread_mention(channel(), message, user)) member->mention_count += static_cast<std::uint64_t>(by);
  }
  void mention_instead(const Message& message, const std::vector<UserId>& before) const {
    for (const auto& user : before) count_mention(message, user, -1);
    for (const auto& user : message.mentions) count_mention(message, user, +1);
  }

  // --- of a channel
  void operator()(const MessagePosted& posted) const {
    auto& [head, members, bans] = channel();
    head.version = change.version;
    head.last_seq = posted.message.seq;
    head.last_number = posted.message.number;
    head.active_at = change.at;
    if (head.kind == ChannelKind::Room) return;  // nobody has a cursor there
    auto& author = found(members, posted.message.author);
    author.read_seq = author.delivered_seq = posted.message.seq;
    author.read_at = change.at;
    author.mention_count = 0;
    for (const auto& user : posted.message.mentions) count_mention(posted.message, user, +1);
  }
  void operator()(const MessageEdited& edited) const {
    channel().head.version = change.version;
    mention_instead(edited.message, edited.before.mentions);
  }
  void operator()(const MessageRetracted& retracted) const {
    channel().head.version = change.version;
    mention_instead(retracted.message, retracted.before.mentions);
  }
  void operator()(const ReactionChanged&) const { channel().head.version = change.version; }
  void operator()(const PinChanged&) const { channel().head.version = change.version; }
  void operator()(const MessageHidden&) const { found(channel().members, change.actor).hides = true; }
  void operator()(const MessagesHidden& hidden) const { found(channel().members, change.actor).hidden_seq = hidden.seq; }
  void operator()(const BanChanged& changed) const {
    auto& bans = channel().bans;
    if (changed.ban)
      bans.insert_or_assign(changed.user, *changed.ban);
    else
      bans.erase(changed.user);
  }
  void operator()(const ReplyCounted&) const {}
  void operator()(const MemberJoined& joined) const {
    auto& [head, members, bans] = channel();
    members.insert_or_assign(joined.user, joined.member);
    state.memberships_[joined.user].insert(head.id);
    head.version = change.version;
    head.member_count = members.size();
  }
  void operator()(const MemberLeft& left) const {
    auto& [head, members, bans] = channel();
    members.erase(left.user);
    forget(left.user, head.id);
    head.version = change.version;
    head.member_count = members.size();
  }
  void operator()(const CursorMoved& moved) const {
    auto& [head, members, bans] = channel();
    found(members, moved.user) = moved.member;
    if (moved.first_to_read) head.reached_by_reading = moved.to;
    if (moved.first_to_receive) head.reached_by_delivery = moved.to;
  }
  void operator()(const ChannelCreated& created) const {
    const auto& head = created.head;
    auto& members = state.channels_[head.id].members;
    for (const auto& [user, member] : created.members) {
      members.emplace(user, member);
      state.memberships_[user].insert(head.id);
    }
    state.restore(head);
  }
  void operator()(const ChannelUpdated& updated) const {
    auto& head = channel().head;
    auto* workspace = head.kind == ChannelKind::Public ? workspace_of(head) : nullptr;
    if (workspace && head.name != updated.head.name) {
      workspace->public_names.erase(head.name);
      workspace->public_names.emplace(updated.head.name, head.id);
    }
    head = updated.head;
  }
  void operator()(const ChannelDeleted& deleted) const {
    auto& [head, members, bans] = channel();
    bans.clear();
    for (const auto& [user, member] : members) forget(user, head.id);
    members.clear();
    if (auto* workspace = workspace_of(head)) {
      workspace->channels.erase(head.id);
      if (head.kind == ChannelKind::Public) workspace->public_names.erase(head.name);
    }
    head = deleted.head;
  }

  // --- of a workspace
  void operator()(const WorkspaceCreated& created) const {
    auto& [head, members, channels, names] = state.workspaces_[change.workspace()];
    head = created.head;
    members.emplace(head.owner, created.owner);
  }
  void operator()(const WorkspaceUpdated& updated) const { workspace().head = updated.head; }
  void operator()(const WorkspaceDeleted& deleted) const { workspace() = {.head = deleted.head}; }
  void operator()(const WorkspaceMemberJoined& joined) const {
    auto& [head, members, channels, names] = workspace();
    members.insert_or_assign(joined.user, joined.member);
    head.member_count = members.size();
  }
  void operator()(const WorkspaceMemberLeft& left) const {
    auto& [head, members, channels, names] = workspace();
    members.erase(left.user);
    head.member_count = members.size();
  }

  // --- of a user
  void operator()(const ProfileSet& set) const { state.profiles_.insert_or_assign(set.user, set.profile); }
  void operator()(const UserErased& erased) const {
    state.profiles_.erase(erased.user);
    state.erased_[erased.user] = erased.keys_before;
  }

  // Who has a name or an account is looked up, and not part of the state.
  void operator()(const NameChanged&) const {}
  void operator()(const AccountCreated&) const {}
};

void State::evolve(const Change& change) { std::visit(Evolve{*this, change}, change.body); }

}  // namespace parley::core
