// Changes as the broadcaster pushes them, each with a text that a test can read: "general@5".
#pragma once

#include "ingest/shard_hub.hpp"

namespace parley::ingest {

// Of one partition or the other, of two.
inline core::ChannelId channel_in(std::uint32_t partition, int number = 0) {
  for (int i = 0;; ++i) {
    const auto id = core::room_id(std::to_string(number) + "/" + std::to_string(i));
    if (core::partition_of(id.slot(), 2) == partition) return id;
  }
}

inline const core::ChannelId general = channel_in(0, 1);
inline const core::ChannelId random_talk = channel_in(0, 2);
inline const core::ChannelId elsewhere = channel_in(1, 3);

inline std::string name_of(const core::ChannelId& channel) {
  if (channel == general) return "general";
  return channel == random_talk ? "random" : "elsewhere";
}

inline core::Change change(const core::ChannelId& channel, std::uint64_t version, core::ChangeBody body) {
  return {.subject = channel.uuid, .version = {version}, .at = {1'767'225'600'000}, .actor = {"ann"}, .body = std::move(body)};
}
inline core::Change posted(const core::ChannelId& channel, std::uint64_t version) {
  return change(channel, version, core::MessagePosted{{.channel = channel, .version = {version}, .author = {"ann"}}});
}
inline core::Change joined(const core::ChannelId& channel, std::uint64_t version, std::string user, bool again = false) {
  return change(channel, version, core::MemberJoined{{std::move(user)}, {}, again});
}
inline core::Change left(const core::ChannelId& channel, std::uint64_t version, std::string user) {
  return change(channel, version, core::MemberLeft{{std::move(user)}});
}
inline core::Change created(const core::ChannelId& channel, std::vector<std::string> users) {
  core::ChannelCreated body{.head = {.id = channel, .version = {1}}};
  for (auto& user : users) body.members.emplace_back(core::UserId{std::move(user)}, core::ChannelMember{});
  return change(channel, 1, std::move(body));
}
inline core::Change deleted(const core::ChannelId& channel, std::uint64_t version, std::vector<std::string> users) {
  core::ChannelDeleted body{.head = {.id = channel, .version = {version}, .deleted = true}};
  for (auto& user : users) body.members.push_back({std::move(user)});
  return change(channel, version, std::move(body));
}
inline core::Change cursor(const core::ChannelId& channel, std::string user, std::optional<core::UserId> author = {}) {
  return change(channel, 0, core::CursorMoved{.user = {std::move(user)}, .author = std::move(author)});
}
inline core::Change workspace_joined(std::string user) {
  return change(general, 0, core::WorkspaceMemberJoined{{std::move(user)}, {}});
}
inline core::Change workspace_left(std::string user) {
  return change(general, 0, core::WorkspaceMemberLeft{{std::move(user)}});
}

inline std::string text_of(const core::Change& change) {
  if (std::holds_alternative<core::CursorMoved>(change.body)) return "cursor";
  if (std::holds_alternative<core::WorkspaceMemberJoined>(change.body)) return "workspace joined";
  if (std::holds_alternative<core::WorkspaceMemberLeft>(change.body)) return "workspace left";
  return name_of(change.channel()) + "@" + std::to_string(change.version.value);
}

inline EncodedPush encoded(Place at, core::Change what) {
  const auto frame = net::make_frame(text_of(what));
  return {at, std::make_shared<const core::Change>(std::move(what)), frame};
}

}  // namespace parley::ingest
