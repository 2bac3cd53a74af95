#include "core/rules.hpp"

namespace parley::core {
namespace {

constexpr Refusal kBadKind{Code::InvalidArgument,
                           "a channel is made as public or private in a workspace, or as a group outside one"};
constexpr Refusal kNotOpen{Code::InvalidArgument, "only a group is open"};
constexpr Refusal kNotTheRoom{Code::InvalidArgument, "not the room of that name"};
constexpr Refusal kGroupTooLarge{Code::InvalidArgument, "more members than a group may have"};

ChannelMember first_member(const Case& c, Role role) { return {.role = role, .joined_at = c.now(), .joined_version = {1}}; }

// The creator owns it; of one who is listed twice, once is enough.
std::map<UserId, ChannelMember> first_members(const Case& c, const std::vector<UserId>& listed) {
  std::map<UserId, ChannelMember> members{{c.user(), first_member(c, Role::Owner)}};
  for (const auto& user : listed) members.try_emplace(user, first_member(c, Role::Member));
  return members;
}

ChannelHead new_head(const Case& c, const ChannelId& id, ChannelKind kind, std::size_t members) {
  return {.id = id,
          .kind = kind,
          .created_by = c.user(),
          .created_at = c.now(),
          .version = {1},
          .member_count = members,
          .active_at = c.now()};
}

Decision made(const Case& c, ChannelCreated created) {
  auto decision = accept(created.head.id, created.head.last_seq, created.head.version, created.head);
  add(decision, c, decision.outcome.channel->uuid, decision.outcome.version, std::move(created));
  return decision;
}

Decision create(const Case& c, const CreateChannel& create) {
  auto members = first_members(c, create.members);
  ChannelCreated created{.head = new_head(c, create.channel, create.kind, members.size())};
  created.head.workspace = create.workspace;
  created.head.name = create.name;
  created.head.topic = create.topic;
  created.head.metadata = create.metadata;
  created.head.open = create.open;
  created.members.assign(std::move_iterator(members.begin()), std::move_iterator(members.end()));
  return made(c, std::move(created));
}

Verdict create_in_workspace(const Case& c, const CreateChannel& wanted) {
  if (!wanted.workspace) return refuse(kBadKind);
  if (wanted.open) return refuse(kNotOpen);
  const auto seen = see(c, *wanted.workspace);
  if (!seen) return refuse(seen.error());
  const auto& workspace = seen->workspace;
  if (c.state.known(wanted.channel)) return refuse(kIdTaken);
  for (const auto& user : wanted.members) {
    if (!workspace.members.contains(user)) return refuse(kNotInWorkspace);
  }
  if (wanted.kind == ChannelKind::Public && workspace.public_names.contains(wanted.name)) return refuse(kNameTaken);
  return create(c, wanted);
}

Verdict create_group(const Case& c, const CreateChannel& wanted) {
  if (wanted.workspace) return refuse(kBadKind);
  if (wanted.members.size() > kMaxListedInGroup) return refuse(kGroupTooLarge);
  if (c.state.known(wanted.channel)) return refuse(kIdTaken);
  return create(c, wanted);
}

ChannelHead updated(ChannelHead head, const UpdateChannel& update) {
  head.name = update.name.value_or(head.name);
  head.topic = update.topic.value_or(head.topic);
  head.archived = update.archived.value_or(head.archived);
  head.metadata = update.metadata.value_or(head.metadata);
  return head;
}

bool is_name_taken(const Case& c, const ChannelHead& head) {
  if (head.kind != ChannelKind::Public || !head.workspace) return false;
  const auto* workspace = c.state.workspace(*head.workspace);
  if (!workspace) return false;
  const auto found = workspace->public_names.find(head.name);
  return found != workspace->public_names.end() && found->second != head.id;
}

}  // namespace

ChannelCreated new_direct(const Case& c, const ChannelId& id, const UserId& other) {
  const auto& [first, second] = std::minmax(c.user(), other);
  ChannelCreated created;
  created.members.emplace_back(first, first_member(c, Role::Member));
  if (first != second) created.members.emplace_back(second, first_member(c, Role::Member));
  created.head = new_head(c, id, ChannelKind::Direct, created.members.size());
  return created;
}

std::optional<Refusal> why_fixed(const ChannelHead& channel) {
  if (channel.kind == ChannelKind::Direct) return kFixed;
  return channel.kind == ChannelKind::Room ? std::optional(kRoom) : std::nullopt;
}

bool is_direct_with(const Case& c, const Channel& channel, const UserId& other) {
  return channel.head.kind == ChannelKind::Direct && channel.members.contains(other) &&
         channel.members.size() == (c.user() == other ? 1 : 2);
}

void add_channel_deleted(Decision& decision, const Case& c, const Channel& channel) {
  const auto version = channel.head.version.next();
  ChannelDeleted deleted{.head = channel.head};
  deleted.head.version = version;
  deleted.head.deleted = true;
  deleted.head.member_count = 0;
  deleted.members.reserve(channel.members.size());
  for (const auto& [user, member] : channel.members) deleted.members.push_back(user);
  add(decision, c, channel.head.id.uuid, version, std::move(deleted));
}

Verdict rule(const Case& c, const CreateChannel& wanted) {
  switch (wanted.kind) {
    case ChannelKind::Public:
    case ChannelKind::Private:
      return create_in_workspace(c, wanted);
    case ChannelKind::Group:
      return create_group(c, wanted);
    case ChannelKind::Direct:
    case ChannelKind::Room:
      break;
  }
  return refuse(kBadKind);
}

Verdict rule(const Case& c, const OpenDirect& open) {
  if (open.channel != direct_id(c.user(), open.other)) return refuse(kNotDirectWith);
  if (!c.state.known(open.channel)) return made(c, new_direct(c, open.channel, open.other));
  const auto* channel = c.state.channel(open.channel);
  if (!channel || !is_direct_with(c, *channel, open.other)) return refuse(kIdTaken);
  return accept(open.channel, channel->head.last_seq, channel->head.version, channel->head);
}

Verdict rule(const Case& c, const OpenRoom& open) {
  if (open.channel != room_id(open.name)) return refuse(kNotTheRoom);
  if (!c.state.known(open.channel)) {
    ChannelCreated created{.head = new_head(c, open.channel, ChannelKind::Room, 0)};
    created.head.name = open.name;
    return made(c, std::move(created));
  }
  const auto* channel = c.state.channel(open.channel);
  if (!channel || channel->head.kind != ChannelKind::Room) return refuse(kIdTaken);
  return accept(open.channel, channel->head.last_seq, channel->head.version, channel->head);
}

Verdict rule(const Case& c, const UpdateChannel& update) {
  const auto seen = see(c, update.channel);
  if (!seen) return refuse(seen.error());
  const auto& head = seen->head();
  if (const auto why = why_fixed(head)) return refuse(*why);
  if (head.created_by != c.user() && standing(c, *seen) < Role::Admin) return refuse(kRoleTooLow);
  if (update.if_version && *update.if_version != head.version) return refuse(kChanged);

  auto next = updated(head, update);
  if (next == head) return accept(head.id, head.last_seq, head.version, head);
  if (head.archived && next.archived) return refuse(kArchived);
  if (is_name_taken(c, next)) return refuse(kNameTaken);
  next.version = head.version.next();
  auto decision = accept(next.id, next.last_seq, next.version, next);
  add(decision, c, update.channel.uuid, decision.outcome.version, ChannelUpdated{std::move(next)});
  return decision;
}

Verdict rule(const Case& c, const DeleteChannel& remove) {
  const auto seen = see(c, remove.channel);
  if (!seen) return refuse(seen.error());
  const auto& head = seen->head();
  if (const auto why = why_fixed(head)) return refuse(*why);
  if (head.created_by != c.user() && !is_workspace_admin(c, head)) return refuse(kRoleTooLow);
  auto decision = accept(head.id, head.last_seq, head.version.next());
  add_channel_deleted(decision, c, seen->channel);
  return decision;
}

}  // namespace parley::core
