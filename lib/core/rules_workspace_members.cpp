#include "core/rules.hpp"

namespace parley::core {
namespace {

constexpr Refusal kLastOwner{Code::Conflict, "a workspace keeps at least one owner"};

bool is_last_owner(const Workspace& workspace, const WorkspaceMember& member) {
  return member.role == Role::Owner &&
         std::ranges::count_if(workspace.members, [](const auto& m) { return m.second.role == Role::Owner; }) == 1;
}

// He leaves whatever of the workspace's channels he is in, then the workspace.
Decision leave(const Case& c, const Workspace& workspace, const UserId& user, Role role) {
  auto decision = accept(workspace.head.version);
  for (const auto& id : c.state.channels_of(user)) {
    const auto* channel = c.state.channel(id);
    if (!channel || channel->head.workspace != workspace.head.id) continue;
    const auto* member = find_member(channel->members, user);
    if (member) add(decision, c, id.uuid, channel->head.version.next(), left(user, *member));
  }
  add(decision, c, workspace.head.id.uuid, workspace.head.version, WorkspaceMemberLeft{user, role});
  return decision;
}

}  // namespace

Verdict rule(const Case& c, const SetWorkspaceMember& set) {
  const auto seen = see(c, set.workspace);
  if (!seen) return refuse(seen.error());
  const auto& [workspace, self] = *seen;
  if (self.role < Role::Admin) return refuse(kRoleTooLow);

  const auto* current = find_member(workspace.members, set.user);
  const auto previous = current ? std::optional{current->role} : std::nullopt;
  WorkspaceMember member = current ? *current : WorkspaceMember{Role::Member, c.now()};
  member.role = set.role.value_or(member.role);
  auto decision = accept(workspace.head.version, MemberResult{set.user, member.role, member.joined_at});
  if (previous == member.role) return decision;

  const bool steps_down = current == &self && member.role < self.role;
  if (!steps_down && !may_set_role(self.role, previous, member.role)) return refuse(kRoleTooLow);
  if (current && is_last_owner(workspace, *current)) return refuse(kLastOwner);
  add(decision, c, set.workspace.uuid, workspace.head.version, WorkspaceMemberJoined{set.user, member});
  return decision;
}

Verdict rule(const Case& c, const RemoveWorkspaceMember& remove) {
  const auto seen = see(c, remove.workspace);
  if (!seen) return refuse(seen.error());
  const auto& [workspace, self] = *seen;
  const bool leaves = remove.user == c.user();
  if (!leaves && self.role < Role::Admin) return refuse(kRoleTooLow);
  const auto* member = find_member(workspace.members, remove.user);
  if (!member) return refuse(kNoMember);
  if (!leaves && self.role != Role::Owner && member->role >= self.role) return refuse(kRoleTooLow);
  if (is_last_owner(workspace, *member)) return refuse(kLastOwner);
  return leave(c, workspace, remove.user, member->role);
}

}  // namespace parley::core
