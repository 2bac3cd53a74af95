#include "core/rules.hpp"

namespace parley::core {
namespace {

// Whoever joins has nothing unread.
ChannelMember newcomer(const Case& c, const ChannelHead& head) {
  return {
      .joined_at = c.now(), .read_seq = head.last_seq, .delivered_seq = head.last_seq, .joined_version = head.version.next()};
}

// Of an open group that he is not in he sees nothing; but he may join it.
std::expected<SeenChannel, Refusal> see_to_bring_in(const Case& c, const SetChannelMember& set) {
  auto seen = see(c, set.channel);
  const auto* channel = c.state.channel(set.channel);
  if (!seen && channel && channel->head.open && set.user == c.user()) return SeenChannel{*channel, nullptr};
  return seen;
}

// May the sender bring `user` in with `role`?
bool may_bring_in(const Case& c, const SeenChannel& seen, const UserId& user, Role role) {
  const auto own = standing(c, seen);
  if (role != Role::Member) return may_set_role(own, std::nullopt, role);
  return own || user == c.user();  // a channel that he isn't in is a public one or an open group: he may join it
}

bool may_change_role(const Case& c, const SeenChannel& seen, const UserId& user, Role previous, Role next) {
  const bool steps_down = user == c.user() && next < previous;
  return steps_down || may_set_role(standing(c, seen), previous, next);
}

std::optional<Refusal> obstacle_to_joining(const Case& c, const Channel& channel, const UserId& user) {
  if (is_banned(c, channel, user)) return kBanned;
  const auto& head = channel.head;
  if (!head.workspace) return std::nullopt;
  const auto* workspace = c.state.workspace(*head.workspace);
  if (!workspace || !workspace->members.contains(user)) return kNotInWorkspace;
  return std::nullopt;
}

}  // namespace

Verdict rule(const Case& c, const SetChannelMember& set) {
  const auto seen = see_to_bring_in(c, set);
  if (!seen) return refuse(seen.error());
  const auto& head = seen->head();
  if (const auto why = why_fixed(head)) return refuse(*why);

  const auto* current = find_member(seen->channel.members, set.user);
  auto member = current ? *current : newcomer(c, head);
  member.role = set.role.value_or(member.role);
  auto decision = accept(head.id, head.last_seq, head.version, MemberResult{set.user, member.role, member.joined_at});
  if (current && current->role == member.role) return decision;

  const bool allowed =
      current ? may_change_role(c, *seen, set.user, current->role, member.role) : may_bring_in(c, *seen, set.user, member.role);
  if (!allowed) return refuse(seen->member || set.user == c.user() ? kRoleTooLow : kNotAMember);
  if (head.archived) return refuse(kArchived);
  if (const auto obstacle = current ? std::nullopt : obstacle_to_joining(c, seen->channel, set.user)) return refuse(*obstacle);
  decision.outcome.version = head.version.next();
  add(decision, c, head.id.uuid, decision.outcome.version, MemberJoined{set.user, member, current != nullptr});
  return decision;
}

Verdict rule(const Case& c, const RemoveChannelMember& remove) {
  const auto seen = see(c, remove.channel);
  if (!seen) return refuse(seen.error());
  const auto& head = seen->head();
  if (const auto why = why_fixed(head)) return refuse(*why);

  const bool leaves = remove.user == c.user();
  const auto own = standing(c, *seen);
  if (!leaves && own < Role::Admin) return refuse(kRoleTooLow);
  const auto* member = find_member(seen->channel.members, remove.user);
  if (!member) return refuse(kNoMember);
  if (!leaves && own != Role::Owner && own <= member->role) return refuse(kRoleTooLow);
  auto decision = accept(head.id, head.last_seq, head.version.next());
  add(decision, c, head.id.uuid, decision.outcome.version, left(remove.user, *member));
  return decision;
}

}  // namespace parley::core
