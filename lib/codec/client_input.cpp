#include "codec/client_input.hpp"

#include <algorithm>

#include "codec/client_fields.hpp"
#include "codec/message_fields.hpp"

namespace parley::codec {
namespace {

// Whoever makes a channel is in it, and naming one twice names him once.
std::vector<core::UserId> others(std::vector<core::UserId> users, const core::UserId& creator) {
  std::ranges::sort(users);
  const auto [first, last] = std::ranges::unique(users);
  users.erase(first, last);
  std::erase(users, creator);
  return users;
}

std::string metadata_of(ClientFields& fields) {
  return fields.optional_json("metadata", JsonValue::Kind::Object, wrong_with_metadata);
}

std::vector<core::UserId> listed_members(ClientFields& fields) {
  return fields.optional_users("members", kMaxMembers).value_or(std::vector<core::UserId>{});
}

core::Payload group(ClientFields& fields, const Author& author) {
  core::CreateChannel create{.channel = core::group_id(author.user, author.key), .kind = core::ChannelKind::Group};
  create.name = fields.optional_text("name", wrong_with_name).value_or("");
  create.open = fields.optional_boolean("open").value_or(false);
  create.members = others(create.open ? listed_members(fields) : fields.users("members", kMaxMembers), author.user);
  create.metadata = metadata_of(fields);
  return create;
}

core::Payload channel_in_workspace(ClientFields& fields, const Author& author, core::ChannelKind kind) {
  core::CreateChannel create{.kind = kind};
  create.workspace = fields.workspace("workspace_id");
  create.channel = core::channel_id(*create.workspace, author.user, author.key);
  create.name = fields.text("name", wrong_with_name);
  create.topic = fields.optional_text("topic", wrong_with_topic).value_or("");
  create.members = others(listed_members(fields), author.user);
  create.metadata = metadata_of(fields);
  return create;
}

}  // namespace

Parsed<std::string> parse_key(std::string_view text) {
  if (!core::is_utf8(text)) return std::unexpected(wrong_field("key", "must be valid UTF-8"));
  if (const auto detail = wrong_with_key(text); !detail.empty()) return std::unexpected(wrong_field("key", detail));
  return std::string(text);
}

Parsed<std::optional<core::Version>> parse_if_match(std::string_view header) {
  if (header == "*") return std::nullopt;
  const bool quoted = header.size() > 2 && header.front() == '"' && header.back() == '"';
  const auto version = quoted ? plain_integer(header.substr(1, header.size() - 2), 0, kMaxNumber) : std::nullopt;
  if (!version) return std::unexpected(wrong_field("If-Match", "must be one version in quotes, or *"));
  return core::Version{*version};
}

Parsed<core::Seq> parse_path_seq(std::string_view text) {
  const auto seq = plain_integer(text, 1, kMaxNumber);
  if (!seq) return std::unexpected(InvalidInput{Problem::NotFound, "no such message", {}});
  return core::Seq{*seq};
}

Parsed<core::SiteName> parse_path_name(std::string_view space, std::string_view name) {
  if (const auto detail = wrong_with_namespace(space); !detail.empty())
    return std::unexpected(wrong_field("namespace", detail));
  if (!core::is_utf8(name)) return std::unexpected(wrong_field("name", "must be valid UTF-8"));
  if (const auto detail = wrong_with_name(name); !detail.empty()) return std::unexpected(wrong_field("name", detail));
  return core::SiteName{std::string(space), std::string(name)};
}

Parsed<std::string> parse_path_emoji(std::string_view text) {
  if (!core::is_utf8(text)) return std::unexpected(wrong_field("emoji", "must be valid UTF-8"));
  if (const auto detail = wrong_with_emoji(text); !detail.empty()) return std::unexpected(wrong_field("emoji", detail));
  return std::string(text);
}

Parsed<core::Payload> parse_set_profile(std::string_view body) {
  auto fields = ClientFields::read(body);
  if (!fields) return std::unexpected(std::move(fields.error()));
  core::SetProfile set{.name = fields->text("name", wrong_with_name),
                       .avatar_url = fields->optional_text("avatar_url", wrong_with_avatar_url)};
  return fields->finish<core::Payload>(std::move(set));
}

Parsed<core::Payload> parse_create_workspace(std::string_view body, const Author& author) {
  auto fields = ClientFields::read(body);
  if (!fields) return std::unexpected(std::move(fields.error()));
  core::CreateWorkspace create{.workspace = core::workspace_id(author.user, author.key),
                               .name = fields->text("name", wrong_with_name)};
  return fields->finish<core::Payload>(std::move(create));
}

Parsed<core::Payload> parse_update_workspace(std::string_view body, const core::WorkspaceId& workspace,
                                             std::optional<core::Version> if_version) {
  auto fields = ClientFields::read(body);
  if (!fields) return std::unexpected(std::move(fields.error()));
  core::UpdateWorkspace update{.workspace = workspace, .name = fields->text("name", wrong_with_name), .if_version = if_version};
  return fields->finish<core::Payload>(std::move(update));
}

Parsed<core::Payload> parse_set_workspace_member(std::string_view body, const core::WorkspaceId& workspace,
                                                 const core::UserId& user) {
  auto fields = ClientFields::read_optional(body);
  if (!fields) return std::unexpected(std::move(fields.error()));
  core::SetWorkspaceMember set{.workspace = workspace, .user = user, .role = fields->optional_role("role")};
  return fields->finish<core::Payload>(std::move(set));
}

Parsed<core::Payload> parse_create_channel(std::string_view body, const Author& author) {
  auto fields = ClientFields::read(body);
  if (!fields) return std::unexpected(std::move(fields.error()));
  const auto kind = fields->text("kind");
  if (kind == "group") return fields->finish(group(*fields, author));
  if (kind == "public") return fields->finish(channel_in_workspace(*fields, author, core::ChannelKind::Public));
  if (kind == "private") return fields->finish(channel_in_workspace(*fields, author, core::ChannelKind::Private));
  // What else may stand beside it depends on it.
  return std::unexpected(wrong_field("kind", "must be public, private or group"));
}

Parsed<core::Payload> parse_open_direct(std::string_view body, const core::UserId& user, const core::UserId& other) {
  auto fields = ClientFields::read_optional(body);
  if (!fields) return std::unexpected(std::move(fields.error()));
  return fields->finish<core::Payload>(core::OpenDirect{core::direct_id(user, other), other});
}

Parsed<core::Payload> parse_open_room(std::string_view body, std::string_view name) {
  auto fields = ClientFields::read_optional(body);
  if (!fields) return std::unexpected(std::move(fields.error()));
  if (!core::is_utf8(name)) return std::unexpected(wrong_field("room", "must be valid UTF-8"));
  if (const auto detail = wrong_with_room_name(name); !detail.empty()) return std::unexpected(wrong_field("room", detail));
  return fields->finish<core::Payload>(core::OpenRoom{core::room_id(name), std::string(name)});
}

Parsed<core::Payload> parse_update_channel(std::string_view body, const core::ChannelId& channel,
                                           std::optional<core::Version> if_version) {
  auto fields = ClientFields::read(body);
  if (!fields) return std::unexpected(std::move(fields.error()));
  const bool has_metadata = fields->has("metadata");
  if (!fields->has("name") && !fields->has("topic") && !fields->has("archived") && !has_metadata)
    fields->wrong("name", "is missing, and so are topic, archived and metadata");
  core::UpdateChannel update{.channel = channel,
                             .name = fields->optional_text("name", wrong_with_name),
                             .topic = fields->optional_text("topic", wrong_with_topic),
                             .archived = fields->optional_boolean("archived"),
                             .if_version = if_version};
  if (has_metadata) update.metadata = metadata_of(*fields);
  return fields->finish<core::Payload>(std::move(update));
}

Parsed<core::Payload> parse_set_channel_member(std::string_view body, const core::ChannelId& channel,
                                               const core::UserId& user) {
  auto fields = ClientFields::read_optional(body);
  if (!fields) return std::unexpected(std::move(fields.error()));
  core::SetChannelMember set{.channel = channel, .user = user, .role = fields->optional_role("role")};
  return fields->finish<core::Payload>(std::move(set));
}

Parsed<core::Payload> parse_set_ban(std::string_view body, const core::ChannelId& channel, const core::UserId& user) {
  auto fields = ClientFields::read_optional(body);
  if (!fields) return std::unexpected(std::move(fields.error()));
  core::SetBan set{.channel = channel, .user = user};
  set.reason = fields->optional_text("reason", wrong_with_reason).value_or("");
  set.until = fields->optional_time("until");
  return fields->finish<core::Payload>(std::move(set));
}

Parsed<core::Payload> parse_post_message(std::string_view body, const core::ChannelId& channel) {
  auto fields = ClientFields::read(body);
  if (!fields) return std::unexpected(std::move(fields.error()));
  core::PostMessage post{.channel = channel};
  take_message_fields(*fields, post);
  return fields->finish<core::Payload>(std::move(post));
}

Parsed<core::Payload> parse_edit_message(std::string_view body, const core::ChannelId& channel, core::Seq seq,
                                         std::optional<core::Version> if_version) {
  auto fields = ClientFields::read(body);
  if (!fields) return std::unexpected(std::move(fields.error()));
  core::EditMessage edit{
      .channel = channel, .seq = seq, .text = fields->text("text", wrong_with_text), .if_version = if_version};
  return fields->finish<core::Payload>(std::move(edit));
}

Parsed<core::Payload> parse_move_cursor(std::string_view body, const core::ChannelId& channel, core::CursorKind kind) {
  auto fields = ClientFields::read(body);
  if (!fields) return std::unexpected(std::move(fields.error()));
  core::MoveCursor move{.channel = channel, .seq = fields->seq("seq"), .kind = kind};
  return fields->finish<core::Payload>(move);
}

Parsed<core::Payload> parse_hide_up_to(std::string_view body, const core::ChannelId& channel) {
  auto fields = ClientFields::read(body);
  if (!fields) return std::unexpected(std::move(fields.error()));
  return fields->finish<core::Payload>(core::HideUpTo{.channel = channel, .seq = fields->seq("seq")});
}

Parsed<void> parse_no_body(std::string_view body) {
  auto fields = ClientFields::read_optional(body);
  if (!fields) return std::unexpected(std::move(fields.error()));
  if (auto invalid = fields->finish()) return std::unexpected(std::move(*invalid));
  return {};
}

Parsed<DevTokenRequest> parse_dev_token(std::string_view body) {
  constexpr std::uint64_t kMaxSeconds = 10 * 365 * 86'400;  // as of `parley token`
  auto fields = ClientFields::read(body);
  if (!fields) return std::unexpected(std::move(fields.error()));
  DevTokenRequest request{.user = fields->user("user_id"),
                          .name = fields->optional_text("name", wrong_with_name),
                          .expires_in_s = fields->optional_integer("expires_in", 1, kMaxSeconds)};
  return fields->finish(std::move(request));
}

}  // namespace parley::codec
