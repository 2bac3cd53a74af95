#include "migrate/taking.hpp"

#include <algorithm>

#include "codec/limits.hpp"
#include "codec/text_rules.hpp"

namespace parley::migrate {
namespace {

// What tells one from another that has the same key: each part behind its length.
std::string content(std::initializer_list<std::string_view> parts) {
  std::string all;
  for (const auto part : parts) all.append(std::to_string(part.size())).append(":").append(part);
  return all;
}

std::string content_of(const Update& update) {
  const auto archived = update.archived ? *update.archived ? "yes" : "no" : "";
  return content({update.by.text, update.name ? "name" : "", update.name.value_or(""), update.topic ? "topic" : "",
                  update.topic.value_or(""), archived});
}

std::string content(const core::UserId& by, std::optional<core::Role> role) {
  return content({by.text, role ? std::to_string(static_cast<int>(*role)) : ""});
}

}  // namespace

std::optional<core::ChannelId> Taking::channel(const std::string& channel) const {
  auto id = channel_if_there(channel);
  if (!id) mover.drop("unknown_channel", "there is no channel " + channel);
  return id;
}

std::optional<core::ChannelId> Taking::channel_if_there(const std::string& channel) const {
  const auto id = mover.channel_of(channel);
  if (!id || mover.foresight_.channel(*id) == nullptr) return std::nullopt;
  auto [found, is_first] = mover.newest_.try_emplace(*id);
  auto& newest = found->second.at;
  if (is_first) newest = mover.foresight_.channel(*id)->head.active_at;
  if (mover.entry_->about_then) mover.at_ = std::max(mover.at_, newest);
  newest = std::max(newest, mover.at_);
  return id;
}

std::optional<core::WorkspaceId> Taking::workspace(const std::string& workspace) const {
  const auto id = mover.workspace_of(workspace);
  if (id && mover.foresight_.state(id->slot()).workspace(*id) != nullptr) return id;
  mover.drop("unknown_workspace", "there is no workspace " + workspace);
  return std::nullopt;
}

bool Taking::is_sound(std::string_view field, std::string_view wrong) const {
  if (wrong.empty()) return true;
  mover.drop(std::string("wrong_").append(field), std::string(field).append(" ").append(wrong));
  return false;
}

// --- users and workspaces

void Taking::operator()(const NewUser& user) const {
  auto key = mover.once({"user", user.user.text});
  // Who has a name here keeps it.
  if (key.standing == Standing::New &&
      mover.foresight_.state(core::user_stream(user.user).slot()).profile(user.user) != nullptr)
    return mover.report_.there("users");
  core::SetProfile set{.name = user.name, .avatar_url = user.avatar_url};
  if (!codec::wrong_with_name(set.name).empty()) set.name = user.user.text;
  if (set.avatar_url && !codec::wrong_with_avatar_url(*set.avatar_url).empty()) set.avatar_url.reset();
  mover.bring({"users", std::move(key), user.user, std::move(set)});
}

void Taking::operator()(const NewWorkspace& workspace) const {
  if (!is_sound("name", codec::wrong_with_name(workspace.name))) return;
  auto key = mover.once({"workspace", workspace.id});
  const auto id = core::workspace_id(workspace.by, key.text);
  const auto hash = key.hash;
  if (mover.bring({"workspaces", std::move(key), workspace.by, core::CreateWorkspace{id, workspace.name}}) == Fate::Sent)
    mover.seen_.made(hash, id.uuid);
}

void Taking::operator()(const WorkspaceJoin& join) const {
  auto key = mover.next({"workspace-join", join.workspace, join.user.text, mark()}, content(join.by, join.role),
                        {"workspace-leave", join.workspace, join.user.text, mark()});
  if (const auto id = workspace(join.workspace))
    mover.bring({"workspace_members", std::move(key), join.by, core::SetWorkspaceMember{*id, join.user, join.role}});
}

void Taking::operator()(const WorkspaceLeave& leave) const {
  auto key = mover.next({"workspace-leave", leave.workspace, leave.user.text, mark()}, leave.by.text,
                        {"workspace-join", leave.workspace, leave.user.text, mark()});
  if (const auto id = workspace(leave.workspace))
    mover.bring({"workspace_leaves", std::move(key), leave.by, core::RemoveWorkspaceMember{*id, leave.user}});
}

// --- channels

core::Payload Taking::creation(const NewChannel& channel, const std::string& key) const {
  if (channel.kind == core::ChannelKind::Direct) {
    const auto& other = channel.members.empty() ? channel.by : channel.members.front();
    return core::OpenDirect{core::direct_id(channel.by, other), other};
  }
  core::CreateChannel create{.kind = channel.kind, .name = channel.name, .topic = channel.topic};
  create.workspace = channel.kind == core::ChannelKind::Group ? std::nullopt : mover.workspace_of(channel.workspace);
  create.channel = create.workspace ? core::channel_id(*create.workspace, channel.by, key) : core::group_id(channel.by, key);
  create.members = channel.members;
  std::erase(create.members, channel.by);
  std::ranges::sort(create.members);
  create.members.erase(std::ranges::unique(create.members).begin(), create.members.end());
  if (create.members.size() > codec::kMaxMembers) create.members.resize(codec::kMaxMembers);
  return create;
}

void Taking::operator()(const NewChannel& channel) const {
  const bool in_workspace = channel.kind == core::ChannelKind::Public || channel.kind == core::ChannelKind::Private;
  if (in_workspace && !workspace(channel.workspace)) return;
  if (channel.kind != core::ChannelKind::Direct && (in_workspace || !channel.name.empty()) &&
      !is_sound("name", codec::wrong_with_name(channel.name)))
    return;
  if (!is_sound("topic", codec::wrong_with_topic(channel.topic))) return;
  auto key = mover.once({"channel", channel.id});
  const auto hash = key.hash;
  auto payload = creation(channel, key.text);
  const auto* create = std::get_if<core::CreateChannel>(&payload);
  const auto id = create != nullptr ? create->channel : std::get<core::OpenDirect>(payload).channel;
  const auto fate = mover.bring({"channels", std::move(key), channel.by, std::move(payload)});
  if (fate == Fate::Failed || fate == Fate::LeftOut) return;
  if (fate != Fate::There) mover.seen_.made(hash, id.uuid);
  if (channel.kind != core::ChannelKind::Direct) bring_members(channel, fate == Fate::Sent);
}

// Those whom the creation did not name.
void Taking::bring_members(const NewChannel& channel, bool is_new) const {
  const auto id = mover.channel_of(channel.id);
  if (!id || mover.foresight_.channel(*id) == nullptr) return;
  for (const auto& user : channel.members) {
    if (user == channel.by || (is_new && mover.foresight_.is_in(*id, user))) continue;
    if (!mover.seen_.contains(mover.key({"join", channel.id, user.text}).hash)) join(channel.id, {}, user, {}, {});
  }
}

void Taking::join(const std::string& to, const core::UserId& by, const core::UserId& user, std::optional<core::Role> role,
                  std::string_view mark) const {
  const auto id = channel(to);
  if (!id) return;
  const auto* found = mover.foresight_.channel(*id);
  if (by.text.empty() && found != nullptr) {
    if (found->members.contains(user)) return;
    join_workspace(*found, user, to + std::string(mark));
    found = mover.foresight_.channel(*id);
  }
  const auto who = by.text.empty() && found != nullptr ? who_brings_in(*found, user) : by.text.empty() ? user : by;
  auto key = mark.empty() ? mover.once({"join", to, user.text})
                          : mover.next({"join", to, user.text, mark}, content(by, role), {"leave", to, user.text, mark});
  mover.bring({"joins", std::move(key), who, core::SetChannelMember{*id, user, role}});
}

// Who left the workspace and is in one of its channels again, according to the source.
void Taking::join_workspace(const core::Channel& channel, const core::UserId& user, std::string_view mark) const {
  if (!channel.head.workspace) return;
  const auto id = *channel.head.workspace;
  const auto* found = mover.foresight_.state(id.slot()).workspace(id);
  if (found == nullptr || found->members.contains(user)) return;
  const auto owner =
      std::ranges::find(found->members, core::Role::Owner, [](const auto& member) { return member.second.role; });
  if (owner == found->members.end()) return;
  mover.bring({"workspace_members", mover.once({"workspace-join", "again", user.text, mark}), owner->first,
               core::SetWorkspaceMember{id, user, std::nullopt}});
}

// Everybody may come to a public channel; to another one somebody has to let him in who is there.
core::UserId Taking::who_brings_in(const core::Channel& channel, const core::UserId& user) const {
  if (channel.head.kind == core::ChannelKind::Public || channel.members.empty()) return user;
  return channel.members.contains(channel.head.created_by) ? channel.head.created_by : channel.members.begin()->first;
}

core::UserId Taking::who_changes(const core::Channel& channel) const {
  if (channel.members.contains(channel.head.created_by) || !channel.head.workspace) return channel.head.created_by;
  const auto* workspace = mover.foresight_.state(channel.head.id.slot()).workspace(*channel.head.workspace);
  return workspace != nullptr ? workspace->head.owner : channel.head.created_by;
}

void Taking::operator()(const Join& wanted) const { join(wanted.channel, wanted.by, wanted.user, wanted.role, mark()); }

void Taking::operator()(const Leave& leave) const {
  auto key = mover.next({"leave", leave.channel, leave.user.text, mark()}, leave.by.text,
                        {"join", leave.channel, leave.user.text, mark()});
  if (const auto id = channel(leave.channel))
    mover.bring({"leaves", std::move(key), leave.by, core::RemoveChannelMember{*id, leave.user}});
}

void Taking::operator()(const Update& update) const {
  if ((update.name && !is_sound("name", codec::wrong_with_name(*update.name))) ||
      (update.topic && !is_sound("topic", codec::wrong_with_topic(*update.topic))))
    return;
  auto key = mover.next({"update", update.channel, mark()}, content_of(update));
  const auto id = channel(update.channel);
  if (!id) return;
  const auto by = update.by.text.empty() ? who_changes(*mover.foresight_.channel(*id)) : update.by;
  mover.bring({"channel_updates", std::move(key), by,
               core::UpdateChannel{*id, update.name, update.topic, update.archived, std::nullopt}});
}

// --- messages

void Taking::operator()(const Post& post) const {
  if (!is_sound("text", codec::wrong_with_text(post.text)) ||
      (!post.attachments.empty() && !is_sound("attachments", codec::wrong_with_attachments(post.attachments))) ||
      (!post.metadata.empty() && !is_sound("metadata", codec::wrong_with_metadata(post.metadata))))
    return;
  auto key = mover.once({"message", post.channel, post.id});
  const auto id = key.standing == Standing::New ? channel(post.channel) : channel_if_there(post.channel);
  if (id && key.standing == Standing::There) mover.newest_[*id].message = post.id;
  if (mover.is_known(key, "messages") || !id) return;
  if (post.bring_in && !mover.foresight_.is_in(*id, post.by)) join(post.channel, {}, post.by, {}, post.id);
  core::PostMessage payload{.channel = *id, .text = post.text, .attachments = post.attachments, .metadata = post.metadata};
  if (!post.reply_to.empty()) {
    payload.reply_to = mover.message_of(*id, post.channel, post.reply_to).value_or(core::Seq{});
    if (payload.reply_to.value == 0)
      mover.drop("reply_without_parent", "it answers " + post.reply_to + ", which is not there; it stands by itself");
  }
  if (mover.bring({"messages", std::move(key), post.by, std::move(payload)}) == Fate::Sent)
    mover.newest_[*id].message = post.id;
}

std::optional<Taking::Target> Taking::target(const std::string& in, const std::string& message, const core::UserId& by) const {
  const auto id = channel(in);
  if (!id) return std::nullopt;
  const auto* found = mover.foresight_.channel(*id);
  const bool asks_rules = mover.entry_->keep_refused;
  if (!asks_rules && !found->members.contains(by)) {
    mover.drop("not_in_channel", by.text + " is not in the channel");
    return std::nullopt;
  }
  if (!asks_rules && found->head.archived) {
    mover.drop("archived", "the channel is archived");
    return std::nullopt;
  }
  const auto seq = mover.message_of(*id, in, message);
  if (!seq) {
    mover.drop("unknown_message", "there is no message " + message);
    return std::nullopt;
  }
  return Target{*id, *seq};
}

void Taking::operator()(const Edit& edit) const {
  if (!is_sound("text", codec::wrong_with_text(edit.text))) return;
  auto key = mover.next({"edit", edit.channel, edit.message, mark()}, content({edit.by.text, edit.text}));
  if (mover.is_known(key, "edits")) return;
  if (const auto at = target(edit.channel, edit.message, edit.by))
    mover.bring({"edits", std::move(key), edit.by, core::EditMessage{at->channel, at->seq, edit.text}});
}

void Taking::operator()(const Retract& retract) const {
  auto key = mover.next({"retract", retract.channel, retract.message, mark()}, retract.by.text);
  if (mover.is_known(key, "retractions")) return;
  if (const auto at = target(retract.channel, retract.message, retract.by))
    mover.bring({"retractions", std::move(key), retract.by, core::RetractMessage{at->channel, at->seq}});
}

void Taking::operator()(const Reaction& reaction) const {
  if (!is_sound("emoji", codec::wrong_with_emoji(reaction.emoji))) return;
  const auto& [at_channel, message, by, emoji, on] = reaction;
  auto key = mover.next({"reaction", at_channel, message, by.text, emoji, mark(on)}, "",
                        {"reaction", at_channel, message, by.text, emoji, mark(!on)});
  if (mover.is_known(key, "reactions")) return;
  if (const auto at = target(reaction.channel, reaction.message, reaction.by))
    mover.bring(
        {"reactions", std::move(key), reaction.by, core::SetReaction{at->channel, at->seq, reaction.emoji, reaction.on}});
}

void Taking::operator()(const Pin& pin) const {
  auto key = mover.next({"pin", pin.channel, pin.message, mark(pin.on)}, pin.by.text,
                        {"pin", pin.channel, pin.message, mark(!pin.on)});
  if (mover.is_known(key, "pins")) return;
  if (const auto at = target(pin.channel, pin.message, pin.by))
    mover.bring({"pins", std::move(key), pin.by, core::SetPin{at->channel, at->seq, pin.on}});
}

// --- cursors

void Taking::operator()(const Read& read) const {
  // Everything so far is another thing each time.
  auto key =
      mover.next({"read", read.channel, read.by.text, mark()}, read.message.empty() ? mover.entry_->where : read.message);
  const auto id = channel(read.channel);
  if (!id) return;
  const auto newest = mover.foresight_.channel(*id)->head.last_seq;
  const auto seq = read.message.empty() ? std::optional(newest) : mover.message_of(*id, read.channel, read.message);
  if (!seq) return void(mover.drop("unknown_message", "there is no message " + read.message));
  mover.bring({"cursors", std::move(key), read.by, core::MoveCursor{*id, *seq, core::CursorKind::Read}});
}

// What was said here since then, or was brought in behind it, nobody has read elsewhere.
void Taking::operator()(const AllRead& read) const {
  const auto id = channel(read.channel);
  const auto* found = id ? mover.foresight_.channel(*id) : nullptr;
  if (found == nullptr) return;
  const auto last = found->head.last_seq;
  const auto& newest = mover.newest_[*id].message;
  if (newest.empty() || mover.message_of(*id, read.channel, newest) != last) return;
  std::vector<core::UserId> behind;
  for (const auto& [user, member] : found->members)
    if (member.read_seq < last) behind.push_back(user);
  for (const auto& user : behind)
    mover.bring({"cursors", mover.once({"read", read.channel, user.text, mark()}), user,
                 core::MoveCursor{*id, last, core::CursorKind::Read}});
}

}  // namespace parley::migrate
