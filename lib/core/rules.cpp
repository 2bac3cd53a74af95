#include "core/rules.hpp"

namespace parley::core {

Decision accept(Version version, Result result) { return {.outcome = {.version = version, .result = std::move(result)}}; }

Decision accept(const ChannelId& channel, Seq seq, Version version, Result result) {
  return {.outcome = {.channel = channel, .seq = seq, .version = version, .result = std::move(result)}};
}

void add(Decision& decision, const Case& c, const Uuid& subject, Version version, ChangeBody body) {
  decision.changes.push_back({subject, version, c.now(), c.user(), std::move(body)});
}

std::expected<SeenWorkspace, Refusal> see(const Case& c, const WorkspaceId& id) {
  const auto* workspace = c.state.workspace(id);
  if (!workspace) return refuse(kNoWorkspace);
  const auto* member = find_member(workspace->members, c.user());
  if (!member) return refuse(kNoWorkspace);
  return SeenWorkspace{*workspace, *member};
}

std::expected<SeenChannel, Refusal> see(const Case& c, const ChannelId& id) {
  const auto* channel = c.state.channel(id);
  if (!channel) return refuse(kNoChannel);
  if (const auto* member = find_member(channel->members, c.user())) return SeenChannel{*channel, member};
  if (channel->head.kind == ChannelKind::Room) return SeenChannel{*channel, nullptr};
  if (channel->head.kind != ChannelKind::Public || !channel->head.workspace) return refuse(kNoChannel);
  if (!see(c, *channel->head.workspace)) return refuse(kNoChannel);
  return SeenChannel{*channel, nullptr};
}

std::expected<SeenChannel, Refusal> see_to_write(const Case& c, const ChannelId& id) {
  const auto seen = see(c, id);
  if (!seen) return seen;
  if (!seen->member && seen->head().kind != ChannelKind::Room) return refuse(kNotAMember);
  if (seen->head().archived) return refuse(kArchived);
  return seen;
}

const Message* message_at(const Case& c, const ChannelHead& head, Seq seq) {
  if (seq.value == 0 || seq > head.last_seq || !c.facts.message) return nullptr;
  return &*c.facts.message;
}

bool is_workspace_admin(const Case& c, const ChannelHead& channel) {
  if (!channel.workspace) return false;
  const auto seen = see(c, *channel.workspace);
  return seen && seen->member.role >= Role::Admin;
}

std::optional<Role> standing(const Case& c, const SeenChannel& seen) {
  if (is_workspace_admin(c, seen.head())) return Role::Owner;
  return seen.member ? std::optional{seen.member->role} : std::nullopt;
}

bool may_set_role(std::optional<Role> own, std::optional<Role> previous, Role next) {
  if (own == Role::Owner) return true;
  return own == Role::Admin && previous < own && next < own;
}

}  // namespace parley::core
