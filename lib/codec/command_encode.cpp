#include "codec/command_codec.hpp"
#include "codec/on_stack.hpp"
#include "parley/v1/command.pb.h"

namespace parley::codec {
namespace {

namespace pb = parley::v1;

std::string bytes_of(const auto& id) { return std::string(id.bytes()); }

pb::Role role_of(const std::optional<core::Role>& role) {
  return role ? static_cast<pb::Role>(static_cast<int>(*role)) : pb::ROLE_UNSPECIFIED;
}

// Writes a payload into the command's oneof.
struct PayloadWriter {
  pb::Command& out;
  const core::Sealed& sealed;

  // In the place of the words. False: they aren't sealed.
  bool write_sealed(pb::Body& body, const std::vector<core::UserId>& mentions = {}) const {
    if (sealed.key == 0) return false;
    body.set_key(sealed.key);
    body.set_sealed(sealed.bytes);
    for (const auto& user : mentions) body.add_mentions(user.text);
    return true;
  }

  void operator()(const core::SetProfile& p) const {
    auto& set = *out.mutable_set_profile();
    if (sealed.key != 0) return void(write_sealed(*set.mutable_body()));
    set.set_name(p.name);
    if (p.avatar_url) set.set_avatar_url(*p.avatar_url);
  }
  void operator()(const core::CreateWorkspace& p) const {
    auto& create = *out.mutable_create_workspace();
    create.set_workspace(bytes_of(p.workspace));
    create.set_name(p.name);
  }
  void operator()(const core::UpdateWorkspace& p) const {
    auto& update = *out.mutable_update_workspace();
    update.set_workspace(bytes_of(p.workspace));
    update.set_name(p.name);
    if (p.if_version) update.set_if_version(p.if_version->value);
  }
  void operator()(const core::DeleteWorkspace& p) const {
    out.mutable_delete_workspace()->set_workspace(bytes_of(p.workspace));
  }
  void operator()(const core::SetWorkspaceMember& p) const {
    auto& set = *out.mutable_set_workspace_member();
    set.set_workspace(bytes_of(p.workspace));
    set.set_user(p.user.text);
    set.set_role(role_of(p.role));
  }
  void operator()(const core::RemoveWorkspaceMember& p) const {
    auto& remove = *out.mutable_remove_workspace_member();
    remove.set_workspace(bytes_of(p.workspace));
    remove.set_user(p.user.text);
  }
  void operator()(const core::CreateChannel& p) const {
    auto& create = *out.mutable_create_channel();
    create.set_channel(bytes_of(p.channel));
    create.set_kind(static_cast<pb::ChannelKind>(static_cast<int>(p.kind)));
    if (p.workspace) create.set_workspace(bytes_of(*p.workspace));
    create.set_name(p.name);
    create.set_topic(p.topic);
    for (const auto& member : p.members) create.add_members(member.text);
    create.set_metadata(p.metadata);
    create.set_open(p.open);
  }
  void operator()(const core::OpenDirect& p) const {
    auto& open = *out.mutable_open_direct();
    open.set_channel(bytes_of(p.channel));
    open.set_other(p.other.text);
  }
  void operator()(const core::UpdateChannel& p) const {
    auto& update = *out.mutable_update_channel();
    update.set_channel(bytes_of(p.channel));
    if (p.name) update.set_name(*p.name);
    if (p.topic) update.set_topic(*p.topic);
    if (p.archived) update.set_archived(*p.archived);
    if (p.metadata) update.set_metadata(*p.metadata);
    if (p.if_version) update.set_if_version(p.if_version->value);
  }
  void operator()(const core::DeleteChannel& p) const { out.mutable_delete_channel()->set_channel(bytes_of(p.channel)); }
  void operator()(const core::SetChannelMember& p) const {
    auto& set = *out.mutable_set_channel_member();
    set.set_channel(bytes_of(p.channel));
    set.set_user(p.user.text);
    set.set_role(role_of(p.role));
  }
  void operator()(const core::RemoveChannelMember& p) const {
    auto& remove = *out.mutable_remove_channel_member();
    remove.set_channel(bytes_of(p.channel));
    remove.set_user(p.user.text);
  }
  void operator()(const core::PostMessage& p) const {
    auto& post = *out.mutable_post_message();
    post.set_channel(bytes_of(p.channel));
    if (p.direct_to) post.set_direct_to(p.direct_to->text);
    post.set_reply_to(p.reply_to.value);
    if (write_sealed(*post.mutable_body(), p.mentions)) return;
    post.mutable_body()->set_text(p.text);
    post.set_attachments(p.attachments);
    post.set_metadata(p.metadata);
  }
  void operator()(const core::EditMessage& p) const {
    auto& edit = *out.mutable_edit_message();
    edit.set_channel(bytes_of(p.channel));
    edit.set_seq(p.seq.value);
    if (!write_sealed(*edit.mutable_body(), p.mentions)) edit.mutable_body()->set_text(p.text);
    if (p.if_version) edit.set_if_version(p.if_version->value);
  }
  void operator()(const core::RetractMessage& p) const {
    auto& retract = *out.mutable_retract_message();
    retract.set_channel(bytes_of(p.channel));
    retract.set_seq(p.seq.value);
  }
  void operator()(const core::MoveCursor& p) const {
    auto& move = *out.mutable_move_cursor();
    move.set_channel(bytes_of(p.channel));
    move.set_seq(p.seq.value);
    move.set_kind(static_cast<pb::CursorKind>(static_cast<int>(p.kind)));
  }
  void operator()(const core::HideMessage& p) const {
    auto& hide = *out.mutable_hide_message();
    hide.set_channel(bytes_of(p.channel));
    hide.set_seq(p.seq.value);
  }
  void operator()(const core::HideUpTo& p) const {
    auto& hide = *out.mutable_hide_up_to();
    hide.set_channel(bytes_of(p.channel));
    hide.set_seq(p.seq.value);
  }
  void operator()(const core::SetReaction& p) const {
    auto& set = *out.mutable_set_reaction();
    set.set_channel(bytes_of(p.channel));
    set.set_seq(p.seq.value);
    set.set_emoji(p.emoji);
    set.set_on(p.on);
  }
  void operator()(const core::SetBan& p) const {
    auto& set = *out.mutable_set_ban();
    set.set_channel(bytes_of(p.channel));
    set.set_user(p.user.text);
    set.set_on(p.on);
    set.set_reason(p.reason);
    if (p.until) set.set_until_ms(p.until->value);
  }
  void operator()(const core::SetPin& p) const {
    auto& set = *out.mutable_set_pin();
    set.set_channel(bytes_of(p.channel));
    set.set_seq(p.seq.value);
    set.set_on(p.on);
  }
  void operator()(const core::OpenRoom& p) const {
    auto& open = *out.mutable_open_room();
    open.set_channel(bytes_of(p.channel));
    open.set_name(p.name);
  }
  void operator()(const core::EraseUser& p) const {
    auto& erase = *out.mutable_erase_user();
    erase.set_user(p.user.text);
    erase.set_keys_before(p.keys_before);
    erase.set_slot(p.slot);
  }
  void operator()(const core::CreateAccount& p) const {
    auto& create = *out.mutable_create_account();
    create.set_role(p.role);
    if (sealed.key != 0) return void(write_sealed(*create.mutable_body()));
    create.set_name(p.name);
    create.set_password_hash(p.password_hash);
  }
  void operator()(const core::ReserveName& p) const { write_name(*out.mutable_reserve_name(), p.name); }
  void operator()(const core::ReleaseName& p) const { write_name(*out.mutable_release_name(), p.name); }
  static void write_name(auto& to, const core::SiteName& name) {
    to.set_namespace_(name.space);
    to.set_name(name.name);
  }
};

}  // namespace

std::string encode(const core::Command& command) {
  OnStack<pb::Command> made;
  auto& out = *made;
  out.set_id(bytes_of(command.id));
  out.set_user(command.user.text);
  if (!command.key.empty()) {
    out.set_key(command.key);
    out.set_payload_hash(command.payload_hash.data(), command.payload_hash.size());
  }
  out.set_stream(bytes_of(command.stream));
  out.set_received_at_ms(command.received_at.value);
  out.mutable_origin()->set_gateway(command.origin.gateway);
  out.mutable_origin()->set_shard(command.origin.shard);
  out.set_traceparent(command.traceparent);
  out.set_rules_version(kRulesVersion);
  std::visit(PayloadWriter{out, command.sealed}, command.payload);
  return out.SerializeAsString();
}

}  // namespace parley::codec
