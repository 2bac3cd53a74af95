#include "core/state.hpp"

namespace parley::core {
namespace {

template <class Things, class Id>
auto* find_living(const Things& things, const Id& id) {
  const auto found = things.find(id);
  return found == things.end() || found->second.head.deleted ? nullptr : &found->second;
}

}  // namespace

const Workspace* State::workspace(const WorkspaceId& id) const { return find_living(workspaces_, id); }

const Channel* State::channel(const ChannelId& id) const { return find_living(channels_, id); }

std::optional<WorkspaceId> State::workspace_of(const ChannelId& id) const {
  const auto found = channels_.find(id);
  return found == channels_.end() ? std::nullopt : found->second.head.workspace;
}

const UserProfile* State::profile(const UserId& id) const {
  const auto found = profiles_.find(id);
  return found == profiles_.end() ? nullptr : &found->second;
}

std::uint64_t State::erased_below(const UserId& user) const {
  const auto it = erased_.find(user);
  return it == erased_.end() ? 0 : it->second;
}

const std::set<ChannelId>& State::channels_of(const UserId& user) const {
  static const std::set<ChannelId> none;
  const auto found = memberships_.find(user);
  return found == memberships_.end() ? none : found->second;
}

void State::restore(WorkspaceHead head) {
  const auto id = head.id;
  workspaces_[id].head = std::move(head);
}

void State::restore(const WorkspaceId& id, UserId user, WorkspaceMember member) {
  workspaces_[id].members.insert_or_assign(std::move(user), member);
}

void State::restore(ChannelHead head) {
  if (head.workspace && !head.deleted) {
    auto& workspace = workspaces_[*head.workspace];
    workspace.channels.insert(head.id);
    if (head.kind == ChannelKind::Public) workspace.public_names.emplace(head.name, head.id);
  }
  const auto id = head.id;
  channels_[id].head = std::move(head);
}

void State::restore(const ChannelId& id, UserId user, ChannelMember member) {
  memberships_[user].insert(id);
  channels_[id].members.insert_or_assign(std::move(user), member);
}

void State::restore(const ChannelId& id, UserId user, Ban ban) {
  channels_[id].bans.insert_or_assign(std::move(user), std::move(ban));
}

void State::restore(UserId user, UserProfile profile) { profiles_.insert_or_assign(std::move(user), std::move(profile)); }

}  // namespace parley::core
