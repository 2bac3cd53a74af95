#include <algorithm>
#include <optional>

#include "codec/command_codec.hpp"
#include "codec/json_reader.hpp"
#include "codec/limits.hpp"
#include "codec/on_stack.hpp"
#include "codec/rfc3339.hpp"
#include "codec/text_rules.hpp"
#include "core/mentions.hpp"
#include "parley/v1/command.pb.h"

namespace parley::codec {
namespace {

namespace pb = parley::v1;

// Reads the parts of a command, and remembers the first thing that was wrong with one.
class Checked {
 public:
  template <class Id>
  Id id(std::string_view bytes) {
    const auto id = Id::from_bytes(bytes);
    if (!id) fail(DecodeError::BadId);
    return id.value_or(Id{});
  }
  core::UserId user(const std::string& text) {
    auto user = core::UserId::parse(text);
    if (!user) fail(DecodeError::BadUser);
    return std::move(user).value_or(core::UserId{});
  }
  std::string text(const std::string& text, TextRule rule, DecodeError error = DecodeError::BadText) {
    if (!rule(text).empty()) fail(error);
    return text;
  }
  // Empty: none.
  std::string json(const std::string& compact, JsonValue::Kind kind, TextRule rule) {
    if (!compact.empty() && (!rule(compact).empty() || !is_compact_json(compact, kind))) fail(DecodeError::BadJson);
    return compact;
  }
  core::Seq seq(std::uint64_t value, std::uint64_t min = 1) {
    if (value < min || value > kMaxNumber) fail(DecodeError::BadNumber);
    return {value};
  }
  core::Version version(std::uint64_t value) {
    if (value > kMaxNumber) fail(DecodeError::BadNumber);
    return {value};
  }
  std::optional<core::Role> role(pb::Role role) {
    if (role == pb::ROLE_UNSPECIFIED) return std::nullopt;
    if (!pb::Role_IsValid(role)) fail(DecodeError::BadEnum);
    return static_cast<core::Role>(role);
  }
  core::TimeMs time(std::int64_t ms) {
    if (ms < 0 || ms > kLastTime.value) fail(DecodeError::BadTime);
    return {ms};
  }
  // Whom a sealed text names.
  std::vector<core::UserId> mentions(const pb::Body& body) {
    std::vector<core::UserId> named;
    if (static_cast<std::size_t>(body.mentions_size()) > core::kMaxMentions) {  // before each is looked for among the others
      fail(DecodeError::BadShape);
      return named;
    }
    for (const auto& text : body.mentions()) {
      auto named_user = user(text);
      require(std::ranges::find(named, named_user) == named.end(), DecodeError::BadShape);
      named.push_back(std::move(named_user));
    }
    return named;
  }
  void require(bool holds, DecodeError error) {
    if (!holds) fail(error);
  }

  [[nodiscard]] const std::optional<DecodeError>& error() const { return error_; }

 private:
  void fail(DecodeError error) {
    if (!error_) error_ = error;
  }
  std::optional<DecodeError> error_;
};

// A sealed body's words are read when it is opened (seal.hpp); beside it there are none.
core::Sealed read_sealed(Checked& in, const pb::Body& body, bool has_words) {
  if (body.key() == 0 && body.sealed().empty()) return {};
  in.require(body.key() > 0 && body.key() <= kMaxNumber && !has_words && body.text().empty(), DecodeError::BadShape);
  in.require(body.sealed().size() > kSealBytes && body.sealed().size() <= kMaxSealedBytes, DecodeError::BadShape);
  return {body.key(), body.sealed()};
}

core::Sealed sealed_of(Checked& in, const pb::Command& from) {
  if (from.has_post_message()) {
    const auto& post = from.post_message();
    return read_sealed(in, post.body(), !post.attachments().empty() || !post.metadata().empty());
  }
  if (from.has_edit_message()) return read_sealed(in, from.edit_message().body(), false);
  if (from.has_create_account()) {
    const auto& create = from.create_account();
    return read_sealed(in, create.body(), !create.name().empty() || !create.password_hash().empty());
  }
  if (!from.has_set_profile()) return {};
  const auto& set = from.set_profile();
  return read_sealed(in, set.body(), !set.name().empty() || set.has_avatar_url());
}

core::SetProfile read(Checked& in, const pb::SetProfile& p) {
  if (p.body().key() != 0) return {};
  core::SetProfile set{.name = in.text(p.name(), wrong_with_name)};
  if (p.has_avatar_url()) set.avatar_url = in.text(p.avatar_url(), wrong_with_avatar_url);
  return set;
}

core::CreateWorkspace read(Checked& in, const pb::CreateWorkspace& p) {
  return {.workspace = in.id<core::WorkspaceId>(p.workspace()), .name = in.text(p.name(), wrong_with_name)};
}

core::UpdateWorkspace read(Checked& in, const pb::UpdateWorkspace& p) {
  core::UpdateWorkspace update{.workspace = in.id<core::WorkspaceId>(p.workspace()),
                               .name = in.text(p.name(), wrong_with_name)};
  if (p.has_if_version()) update.if_version = in.version(p.if_version());
  return update;
}

core::DeleteWorkspace read(Checked& in, const pb::DeleteWorkspace& p) { return {in.id<core::WorkspaceId>(p.workspace())}; }

core::SetWorkspaceMember read(Checked& in, const pb::SetWorkspaceMember& p) {
  return {in.id<core::WorkspaceId>(p.workspace()), in.user(p.user()), in.role(p.role())};
}

core::RemoveWorkspaceMember read(Checked& in, const pb::RemoveWorkspaceMember& p) {
  return {in.id<core::WorkspaceId>(p.workspace()), in.user(p.user())};
}

core::CreateChannel read(Checked& in, const pb::CreateChannel& p) {
  const bool group = p.kind() == pb::CHANNEL_KIND_GROUP;
  in.require(group || p.kind() == pb::CHANNEL_KIND_PUBLIC || p.kind() == pb::CHANNEL_KIND_PRIVATE, DecodeError::BadEnum);
  in.require(group == p.workspace().empty(), DecodeError::BadShape);
  in.require(static_cast<std::size_t>(p.members_size()) <= kMaxMembers, DecodeError::BadShape);
  core::CreateChannel create{.channel = in.id<core::ChannelId>(p.channel()), .kind = static_cast<core::ChannelKind>(p.kind())};
  if (!p.workspace().empty()) create.workspace = in.id<core::WorkspaceId>(p.workspace());
  if (!group || !p.name().empty()) create.name = in.text(p.name(), wrong_with_name);
  create.topic = in.text(p.topic(), wrong_with_topic);
  for (const auto& member : p.members()) create.members.push_back(in.user(member));
  create.metadata = in.json(p.metadata(), JsonValue::Kind::Object, wrong_with_metadata);
  create.open = p.open();
  return create;
}

core::OpenDirect read(Checked& in, const pb::OpenDirect& p) {
  return {in.id<core::ChannelId>(p.channel()), in.user(p.other())};
}

core::UpdateChannel read(Checked& in, const pb::UpdateChannel& p) {
  in.require(p.has_name() || p.has_topic() || p.has_archived() || p.has_metadata(), DecodeError::BadShape);
  core::UpdateChannel update{.channel = in.id<core::ChannelId>(p.channel())};
  if (p.has_name()) update.name = in.text(p.name(), wrong_with_name);
  if (p.has_topic()) update.topic = in.text(p.topic(), wrong_with_topic);
  if (p.has_archived()) update.archived = p.archived();
  if (p.has_metadata()) update.metadata = in.json(p.metadata(), JsonValue::Kind::Object, wrong_with_metadata);
  if (p.has_if_version()) update.if_version = in.version(p.if_version());
  return update;
}

core::DeleteChannel read(Checked& in, const pb::DeleteChannel& p) { return {in.id<core::ChannelId>(p.channel())}; }

core::SetChannelMember read(Checked& in, const pb::SetChannelMember& p) {
  return {in.id<core::ChannelId>(p.channel()), in.user(p.user()), in.role(p.role())};
}

core::RemoveChannelMember read(Checked& in, const pb::RemoveChannelMember& p) {
  return {in.id<core::ChannelId>(p.channel()), in.user(p.user())};
}

core::PostMessage read(Checked& in, const pb::PostMessage& p) {
  core::PostMessage post{.channel = in.id<core::ChannelId>(p.channel())};
  if (!p.direct_to().empty()) post.direct_to = in.user(p.direct_to());
  post.reply_to = in.seq(p.reply_to(), 0);
  if (p.body().key() != 0) {
    post.mentions = in.mentions(p.body());
    return post;
  }
  post.text = in.text(p.body().text(), wrong_with_text);
  post.mentions = core::mentions_in(post.text);
  post.attachments = in.json(p.attachments(), JsonValue::Kind::Array, wrong_with_attachments);
  post.metadata = in.json(p.metadata(), JsonValue::Kind::Object, wrong_with_metadata);
  return post;
}

core::EditMessage read(Checked& in, const pb::EditMessage& p) {
  core::EditMessage edit{.channel = in.id<core::ChannelId>(p.channel()), .seq = in.seq(p.seq())};
  if (p.body().key() == 0) {
    edit.text = in.text(p.body().text(), wrong_with_text);
    edit.mentions = core::mentions_in(edit.text);
  } else {
    edit.mentions = in.mentions(p.body());
  }
  if (p.has_if_version()) edit.if_version = in.version(p.if_version());
  return edit;
}

core::RetractMessage read(Checked& in, const pb::RetractMessage& p) {
  return {in.id<core::ChannelId>(p.channel()), in.seq(p.seq())};
}

core::MoveCursor read(Checked& in, const pb::MoveCursor& p) {
  in.require(p.kind() == pb::CURSOR_KIND_READ || p.kind() == pb::CURSOR_KIND_DELIVERED, DecodeError::BadEnum);
  return {in.id<core::ChannelId>(p.channel()), in.seq(p.seq()), static_cast<core::CursorKind>(p.kind())};
}

core::HideMessage read(Checked& in, const pb::HideMessage& p) { return {in.id<core::ChannelId>(p.channel()), in.seq(p.seq())}; }

core::HideUpTo read(Checked& in, const pb::HideUpTo& p) { return {in.id<core::ChannelId>(p.channel()), in.seq(p.seq())}; }

core::SetReaction read(Checked& in, const pb::SetReaction& p) {
  return {in.id<core::ChannelId>(p.channel()), in.seq(p.seq()), in.text(p.emoji(), wrong_with_emoji), p.on()};
}

core::SetPin read(Checked& in, const pb::SetPin& p) { return {in.id<core::ChannelId>(p.channel()), in.seq(p.seq()), p.on()}; }

core::SetBan read(Checked& in, const pb::SetBan& p) {
  core::SetBan set{in.id<core::ChannelId>(p.channel()), in.user(p.user()), p.on(), in.text(p.reason(), wrong_with_reason), {}};
  if (p.has_until_ms()) set.until = in.time(p.until_ms());
  return set;
}

core::OpenRoom read(Checked& in, const pb::OpenRoom& p) {
  return {in.id<core::ChannelId>(p.channel()), in.text(p.name(), wrong_with_room_name)};
}

core::EraseUser read(Checked& in, const pb::EraseUser& p) {
  in.require(p.slot() <= 0xFFFF && p.keys_before() <= kMaxNumber, DecodeError::BadNumber);
  return {in.user(p.user()), p.keys_before(), static_cast<core::Slot>(p.slot())};
}

core::CreateAccount read(Checked& in, const pb::CreateAccount& p) {
  core::CreateAccount create{.role = in.text(p.role(), wrong_with_role)};
  if (p.body().key() != 0) return create;
  create.name = in.text(p.name(), wrong_with_name);
  create.password_hash = in.text(p.password_hash(), wrong_with_password_hash);
  return create;
}

core::SiteName read_name(Checked& in, const auto& p) {
  return {in.text(p.namespace_(), wrong_with_namespace), in.text(p.name(), wrong_with_name)};
}

core::Payload read_payload(Checked& in, const pb::Command& command) {
  switch (command.payload_case()) {
    case pb::Command::kSetProfile:
      return read(in, command.set_profile());
    case pb::Command::kCreateWorkspace:
      return read(in, command.create_workspace());
    case pb::Command::kUpdateWorkspace:
      return read(in, command.update_workspace());
    case pb::Command::kDeleteWorkspace:
      return read(in, command.delete_workspace());
    case pb::Command::kSetWorkspaceMember:
      return read(in, command.set_workspace_member());
    case pb::Command::kRemoveWorkspaceMember:
      return read(in, command.remove_workspace_member());
    case pb::Command::kCreateChannel:
      return read(in, command.create_channel());
    case pb::Command::kOpenDirect:
      return read(in, command.open_direct());
    case pb::Command::kUpdateChannel:
      return read(in, command.update_channel());
    case pb::Command::kDeleteChannel:
      return read(in, command.delete_channel());
    case pb::Command::kSetChannelMember:
      return read(in, command.set_channel_member());
    case pb::Command::kRemoveChannelMember:
      return read(in, command.remove_channel_member());
    case pb::Command::kPostMessage:
      return read(in, command.post_message());
    case pb::Command::kEditMessage:
      return read(in, command.edit_message());
    case pb::Command::kRetractMessage:
      return read(in, command.retract_message());
    case pb::Command::kMoveCursor:
      return read(in, command.move_cursor());
    case pb::Command::kHideMessage:
      return read(in, command.hide_message());
    case pb::Command::kSetReaction:
      return read(in, command.set_reaction());
    case pb::Command::kSetPin:
      return read(in, command.set_pin());
    case pb::Command::kSetBan:
      return read(in, command.set_ban());
    case pb::Command::kOpenRoom:
      return read(in, command.open_room());
    case pb::Command::kEraseUser:
      return read(in, command.erase_user());
    case pb::Command::kHideUpTo:
      return read(in, command.hide_up_to());
    case pb::Command::kCreateAccount:
      return read(in, command.create_account());
    case pb::Command::kReserveName:
      return core::ReserveName{read_name(in, command.reserve_name())};
    case pb::Command::kReleaseName:
      return core::ReleaseName{read_name(in, command.release_name())};
    case pb::Command::PAYLOAD_NOT_SET:
      break;
  }
  in.require(false, DecodeError::NoPayload);
  return {};
}

// A key and the hash of what was asked with it: both or neither.
void read_key(Checked& in, const pb::Command& from, core::Command& to) {
  if (!from.key().empty()) to.key = in.text(from.key(), wrong_with_key, DecodeError::BadKey);
  in.require(from.payload_hash().size() == (to.key.empty() ? 0 : to.payload_hash.size()), DecodeError::BadKey);
  if (from.payload_hash().size() == to.payload_hash.size())
    std::copy(from.payload_hash().begin(), from.payload_hash().end(), to.payload_hash.begin());
}

}  // namespace

// Both are in the same order; the fields' numbers have holes.
std::uint32_t kind_of(const core::Payload& payload) {
  const auto* payloads = pb::Command::descriptor()->oneof_decl(0);
  return static_cast<std::uint32_t>(payloads->field(static_cast<int>(payload.index()))->number());
}

std::string_view name_of_kind(std::uint32_t kind) {
  const auto* field = pb::Command::descriptor()->FindFieldByNumber(static_cast<int>(kind));
  return field != nullptr && field->containing_oneof() != nullptr ? std::string_view(field->name()) : std::string_view{};
}

std::expected<core::Command, DecodeError> decode_command(std::string_view bytes) {
  OnStack<pb::Command> parsed;
  if (!parsed->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::unexpected(DecodeError::NotProtobuf);
  const auto& from = *parsed;
  Checked in;
  core::Command command;
  command.payload = read_payload(in, from);
  command.sealed = sealed_of(in, from);
  command.id = in.id<core::CommandId>(from.id());
  command.user = in.user(from.user());
  read_key(in, from, command);
  command.stream = in.id<core::StreamId>(from.stream());
  command.received_at = in.time(from.received_at_ms());
  command.origin = {from.origin().gateway(), from.origin().shard()};
  in.require(from.traceparent().size() <= kMaxTraceparentBytes, DecodeError::BadText);
  command.traceparent = from.traceparent();
  if (in.error()) return std::unexpected(*in.error());
  if (command.stream != stream_for(command.payload, command.user)) return std::unexpected(DecodeError::BadStream);
  if (command.id.slot() != command.stream.slot()) return std::unexpected(DecodeError::BadId);
  return command;
}

}  // namespace parley::codec
