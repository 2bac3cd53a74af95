#include "core/rules.hpp"

namespace parley::core {

Verdict rule(const Case& c, const CreateWorkspace& create) {
  if (c.state.known(create.workspace)) return refuse(kIdTaken);
  const WorkspaceHead head{
      .id = create.workspace, .name = create.name, .owner = c.user(), .created_at = c.now(), .version = {1}, .member_count = 1};
  auto decision = accept(head.version, head);
  add(decision, c, head.id.uuid, head.version, WorkspaceCreated{head, {Role::Owner, c.now()}});
  return decision;
}

Verdict rule(const Case& c, const UpdateWorkspace& update) {
  const auto seen = see(c, update.workspace);
  if (!seen) return refuse(seen.error());
  if (seen->member.role < Role::Admin) return refuse(kRoleTooLow);
  auto head = seen->workspace.head;
  if (update.if_version && *update.if_version != head.version) return refuse(kChanged);
  if (update.name == head.name) return accept(head.version, head);
  head.name = update.name;
  head.version = head.version.next();
  auto decision = accept(head.version, head);
  add(decision, c, update.workspace.uuid, decision.outcome.version, WorkspaceUpdated{std::move(head)});
  return decision;
}

Verdict rule(const Case& c, const DeleteWorkspace& remove) {
  const auto seen = see(c, remove.workspace);
  if (!seen) return refuse(seen.error());
  if (seen->member.role != Role::Owner) return refuse(kRoleTooLow);
  const auto& workspace = seen->workspace;
  auto decision = accept(workspace.head.version.next());
  for (const auto& id : workspace.channels) {
    if (const auto* channel = c.state.channel(id)) add_channel_deleted(decision, c, *channel);
  }
  WorkspaceDeleted deleted{.head = workspace.head};
  deleted.head.version = decision.outcome.version;
  deleted.head.deleted = true;
  deleted.head.member_count = 0;
  for (const auto& [user, member] : workspace.members) deleted.members.emplace_back(user, member.role);
  add(decision, c, remove.workspace.uuid, decision.outcome.version, std::move(deleted));
  return decision;
}

}  // namespace parley::core
