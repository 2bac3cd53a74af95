#include <cstdio>

#include "codec/command_codec.hpp"
#include "codec/rfc3339.hpp"

namespace parley::codec {
namespace {

struct TypeOf {
  std::string_view operator()(const core::SetProfile&) const { return "parley.command.set_profile.v1"; }
  std::string_view operator()(const core::CreateWorkspace&) const { return "parley.command.create_workspace.v1"; }
  std::string_view operator()(const core::UpdateWorkspace&) const { return "parley.command.update_workspace.v1"; }
  std::string_view operator()(const core::DeleteWorkspace&) const { return "parley.command.delete_workspace.v1"; }
  std::string_view operator()(const core::SetWorkspaceMember&) const { return "parley.command.set_workspace_member.v1"; }
  std::string_view operator()(const core::RemoveWorkspaceMember&) const { return "parley.command.remove_workspace_member.v1"; }
  std::string_view operator()(const core::CreateChannel&) const { return "parley.command.create_channel.v1"; }
  std::string_view operator()(const core::OpenDirect&) const { return "parley.command.open_direct.v1"; }
  std::string_view operator()(const core::UpdateChannel&) const { return "parley.command.update_channel.v1"; }
  std::string_view operator()(const core::DeleteChannel&) const { return "parley.command.delete_channel.v1"; }
  std::string_view operator()(const core::SetChannelMember&) const { return "parley.command.set_channel_member.v1"; }
  std::string_view operator()(const core::RemoveChannelMember&) const { return "parley.command.remove_channel_member.v1"; }
  std::string_view operator()(const core::PostMessage&) const { return "parley.command.post_message.v1"; }
  std::string_view operator()(const core::EditMessage&) const { return "parley.command.edit_message.v1"; }
  std::string_view operator()(const core::RetractMessage&) const { return "parley.command.retract_message.v1"; }
  std::string_view operator()(const core::MoveCursor&) const { return "parley.command.move_cursor.v1"; }
  std::string_view operator()(const core::HideMessage&) const { return "parley.command.hide_message.v1"; }
  std::string_view operator()(const core::HideUpTo&) const { return "parley.command.hide_up_to.v1"; }
  std::string_view operator()(const core::SetReaction&) const { return "parley.command.set_reaction.v1"; }
  std::string_view operator()(const core::SetBan&) const { return "parley.command.set_ban.v1"; }
  std::string_view operator()(const core::SetPin&) const { return "parley.command.set_pin.v1"; }
  std::string_view operator()(const core::OpenRoom&) const { return "parley.command.open_room.v1"; }
  std::string_view operator()(const core::EraseUser&) const { return "parley.command.erase_user.v1"; }
  std::string_view operator()(const core::CreateAccount&) const { return "parley.command.create_account.v1"; }
  std::string_view operator()(const core::ReserveName&) const { return "parley.command.reserve_name.v1"; }
  std::string_view operator()(const core::ReleaseName&) const { return "parley.command.release_name.v1"; }
};

// What a payload is about: the channel, the workspace, the name, or the sender himself.
struct SubjectOf {
  const core::UserId& user;

  template <class P>
  std::string operator()(const P& payload) const {
    if constexpr (requires { payload.channel; })
      return "channel/" + payload.channel.text();
    else if constexpr (requires { payload.workspace; })
      return "workspace/" + payload.workspace.text();
    else if constexpr (requires { payload.name.space; })
      return "name/" + payload.name.space + "/" + payload.name.name;
    else
      return "user/" + user.text;
  }
};

struct StreamFor {
  const core::UserId& user;

  core::StreamId operator()(const core::SetProfile&) const { return core::user_stream(user); }
  core::StreamId operator()(const core::CreateAccount&) const { return core::user_stream(user); }
  core::StreamId operator()(const core::EraseUser& p) const { return core::erasure_stream(p.user, p.slot); }
  core::StreamId operator()(const core::CreateChannel& p) const {
    return p.workspace ? core::stream_of(*p.workspace) : core::stream_of(p.channel);
  }
  template <class P>
  core::StreamId operator()(const P& payload) const {
    if constexpr (requires { payload.channel; })
      return core::stream_of(payload.channel);
    else if constexpr (requires { payload.name.space; })
      return core::name_stream(payload.name.space, payload.name.name);
    else
      return core::stream_of(payload.workspace);
  }
};

std::string hex(std::uint64_t number) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(number));
  return text;
}

}  // namespace

std::string_view event_type(const core::Payload& payload) { return std::visit(TypeOf{}, payload); }

core::StreamId stream_for(const core::Payload& payload, const core::UserId& user) {
  return std::visit(StreamFor{user}, payload);
}

EventAttributes event_attributes(const core::Command& command) {
  return {.type = std::string(event_type(command)),
          .id = command.id.text(),
          .source = "/parley/ingest/" + hex(command.origin.gateway),
          .time = time_text(command.received_at),
          .subject = std::visit(SubjectOf{command.user}, command.payload),
          .traceparent = command.traceparent};
}

EventAttributes event_attributes(const Control& control, core::TimeMs now) {
  return {.type = std::string(kControlType),
          .id = "control-" + hex(control.epoch),
          .source = "/parley/log/" + hex(control.epoch),
          .time = time_text(now),
          .subject = "log",
          .traceparent = {}};
}

}  // namespace parley::codec
