#include "codec/client_text.hpp"

#include <cstdlib>

#include "codec/json_writer.hpp"

namespace parley::codec {
namespace {

// Begins a reply: {"id":…,"type":…
void begin_reply(JsonWriter& json, std::string_view id_json, std::string_view type) {
  json.begin_object();
  if (!id_json.empty()) json.key("id").raw(id_json);
  json.key("type").string(type);
}

void write_error(JsonWriter& json, Problem problem, std::string_view detail) {
  const auto& what = info(problem);
  json.key("code").string(what.code);
  json.key("detail").string(shown_detail(problem, detail));
  json.key("retryable").boolean(what.retryable);
}

// The result fields of section 4's table; commands that only HTTP takes have none.
struct ResultFields {
  JsonWriter& json;
  const core::Outcome& outcome;

  void channel_id() const {
    if (outcome.channel) json.key("channel_id").uuid(*outcome.channel);
  }
  void version() const { json.key("version").number(outcome.version.value); }

  void operator()(const core::PostMessage&) const {
    const auto* result = std::get_if<core::MessageResult>(&outcome.result);
    channel_id();
    json.key("seq").number(outcome.seq.value);
    version();
    json.key("posted_at").time(result != nullptr ? result->message.posted_at : outcome.at);
  }
  void operator()(const core::EditMessage&) const { version(); }
  void operator()(const core::RetractMessage&) const { version(); }
  void operator()(const core::SetReaction&) const { version(); }
  void operator()(const core::HideMessage&) const { json.key("seq").number(outcome.seq.value); }
  void operator()(const core::HideUpTo&) const { cursor(); }
  void operator()(const core::MoveCursor&) const { cursor(); }
  void operator()(const core::SetChannelMember&) const { membership(); }
  void operator()(const core::RemoveChannelMember&) const { membership(); }
  void operator()(const auto&) const {}

 private:
  void cursor() const {
    const auto* cursor = std::get_if<core::CursorResult>(&outcome.result);
    json.key("seq").number(cursor != nullptr ? cursor->seq.value : outcome.seq.value);
  }
  void membership() const {
    channel_id();
    json.key("last_seq").number(outcome.seq.value);
    version();
  }
};

// Begins an event of a channel: {"type":…,"channel_id":…
void begin_event(JsonWriter& json, std::string_view type, const core::Change& change) {
  json.begin_object();
  json.key("type").string(type);
  json.key("channel_id").uuid(change.subject);
}

struct EventWriter {
  JsonWriter& json;
  const core::Change& change;
  std::string_view position;

  // An event that took a version: the keys that all of them have.
  void begin(std::string_view type) const {
    begin_event(json, type, change);
    json.key("version").number(change.version.value);
    json.key("position").string(position);
  }
  void message(std::string_view type, const core::Message& m) const {
    begin(type);
    json.key("message").value([&](std::string& out) { append_message(out, m); });
  }
  void member(std::string_view type, const core::UserId& user, core::Role role) const {
    begin(type);
    json.key("user_id").string(user.text).key("role").string(name(role));
  }
  void channel(std::string_view type, const core::ChannelHead& head) const {
    begin(type);
    json.key("channel").value([&](std::string& out) { append_channel(out, head); });
  }
  void hidden(std::string_view type, core::Seq seq) const {
    begin_event(json, type, change);
    json.key("position").string(position);
    json.key("seq").number(seq.value);
  }
  void workspace_member(std::string_view type, const core::UserId& user, core::Role role) const {
    json.begin_object();
    json.key("type").string(type);
    json.key("workspace_id").uuid(change.subject);
    json.key("position").string(position);
    json.key("user_id").string(user.text).key("role").string(name(role));
  }

  void operator()(const core::MessagePosted& c) const { message("message_posted", c.message); }
  void operator()(const core::MessageEdited& c) const { message("message_edited", c.message); }
  void operator()(const core::MessageRetracted& c) const { message("message_retracted", c.message); }
  void operator()(const core::ReactionChanged& c) const {
    begin(c.on ? "reaction_added" : "reaction_removed");
    json.key("seq").number(c.message.seq.value).key("emoji").string(c.emoji).key("user_id").string(change.actor.text);
  }
  void operator()(const core::PinChanged& c) const {
    begin(c.message.pinned ? "message_pinned" : "message_unpinned");
    json.key("seq").number(c.message.seq.value).key("user_id").string(change.actor.text);
  }
  void operator()(const core::MessageHidden& c) const { hidden("message_hidden", c.seq); }
  void operator()(const core::MessagesHidden& c) const { hidden("messages_hidden", c.seq); }
  void operator()(const core::MemberJoined& c) const { member("member_joined", c.user, c.member.role); }
  void operator()(const core::MemberLeft& c) const { member("member_left", c.user, c.role); }
  void operator()(const core::ChannelCreated& c) const { channel("channel_created", c.head); }
  void operator()(const core::ChannelUpdated& c) const { channel("channel_updated", c.head); }
  void operator()(const core::ChannelDeleted& c) const { channel("channel_deleted", c.head); }
  void operator()(const core::CursorMoved& c) const {
    const bool read = c.kind == core::CursorKind::Read;
    begin_event(json, read ? "read_marked" : "delivered_marked", change);
    json.key("position").string(position);
    json.key("seq").number(read ? c.member.read_seq.value : c.member.delivered_seq.value);
    json.key("user_id").string(c.user.text);
    if (read) json.key("read_at").time(c.member.read_at);
  }
  void operator()(const core::WorkspaceMemberJoined& c) const { workspace_member("workspace_joined", c.user, c.member.role); }
  void operator()(const core::WorkspaceMemberLeft& c) const { workspace_member("workspace_left", c.user, c.role); }
  // Not told to clients as they are.
  void operator()(const core::BanChanged&) const { std::abort(); }
  void operator()(const core::ReplyCounted&) const { std::abort(); }
  void operator()(const core::WorkspaceCreated&) const { std::abort(); }
  void operator()(const core::WorkspaceUpdated&) const { std::abort(); }
  void operator()(const core::WorkspaceDeleted&) const { std::abort(); }
  void operator()(const core::ProfileSet&) const { std::abort(); }
  void operator()(const core::UserErased&) const { std::abort(); }
  void operator()(const core::NameChanged&) const { std::abort(); }
  void operator()(const core::AccountCreated&) const { std::abort(); }
};

}  // namespace

void append_hello(std::string& out, const Hello& hello) {
  JsonWriter json(out);
  json.begin_object();
  json.key("type").string("hello");
  json.key("user_id").string(hello.user_id);
  json.key("connection_id").string(hello.connection_id);
  json.key("ping_interval_ms").number(hello.ping_interval_ms);
  json.key("server_time").time(hello.server_time);
  json.end_object();
}

void append_reply(std::string& out, std::string_view id_json, const core::Command& command, const core::Outcome& outcome,
                  const Answered& answered) {
  JsonWriter json(out);
  if (outcome.status == core::Status::Rejected) {
    begin_reply(json, id_json, "error");
    write_error(json, problem_of(outcome.code), outcome.detail);
  } else {
    begin_reply(json, id_json, "ok");
    json.key("command_id").uuid(answered.command);
    json.key("position").string(answered.position);
    std::visit(ResultFields{json, outcome}, command.payload);
  }
  if (answered.duplicate) json.key("duplicate").boolean(true);
  json.end_object();
}

void append_error(std::string& out, std::string_view id_json, Problem problem, std::string_view detail) {
  JsonWriter json(out);
  begin_reply(json, id_json, "error");
  write_error(json, problem, detail);
  json.end_object();
}

void append_outcome_unknown(std::string& out, std::string_view id_json, const Answered& answered) {
  JsonWriter json(out);
  begin_reply(json, id_json, "error");
  write_error(json, Problem::OutcomeUnknown, {});
  json.key("command_id").uuid(answered.command);
  if (!answered.position.empty()) json.key("position").string(answered.position);
  json.end_object();
}

bool append_history_reply(std::string& out, std::string_view id_json, const HistoryPage& page) {
  const auto before = out.size();
  JsonWriter json(out);
  begin_reply(json, id_json, "ok");
  out.push_back(',');
  if (!append_history_fields(out, page)) {
    out.resize(before);
    return false;
  }
  json.end_object();
  return true;
}

void append_resumed(std::string& out, std::string_view id_json, std::span<const std::pair<core::ChannelId, core::Version>> now,
                    std::span<const core::ChannelId> reset) {
  JsonWriter json(out);
  begin_reply(json, id_json, "ok");
  json.key("channels").begin_object();
  for (const auto& [channel, version] : now) json.text_key(channel.text()).number(version.value);
  json.end_object();
  json.key("reset").begin_array();
  for (const auto& channel : reset) json.uuid(channel);
  json.end_array();
  json.end_object();
}

void append_refreshed(std::string& out, std::string_view id_json, core::TimeMs expires_at) {
  JsonWriter json(out);
  begin_reply(json, id_json, "ok");
  json.key("expires_at").time(expires_at);
  json.end_object();
}

void append_room_reply(std::string& out, std::string_view id_json, const InRoom& in_room, const Answered* answered) {
  JsonWriter json(out);
  begin_reply(json, id_json, "ok");
  if (answered != nullptr) {
    json.key("command_id").uuid(answered->command);
    json.key("position").string(answered->position);
  }
  json.key("channel_id").uuid(in_room.room);
  json.key("last_seq").number(in_room.last_seq.value);
  json.key("version").number(in_room.version.value);
  if (answered != nullptr && answered->duplicate) json.key("duplicate").boolean(true);
  json.end_object();
}

void append_watching(std::string& out, std::string_view id_json, const std::vector<core::UserId>& online,
                     const std::vector<std::pair<core::UserId, core::TimeMs>>& last_seen) {
  JsonWriter json(out);
  begin_reply(json, id_json, "ok");
  json.key("online").begin_array();
  for (const auto& user : online) json.string(user.text);
  json.end_array();
  json.key("last_seen").begin_object();
  for (const auto& [user, at] : last_seen) json.text_key(user.text).time(at);
  json.end_object();
  json.end_object();
}

void append_pong(std::string& out, std::string_view id_json) {
  JsonWriter json(out);
  begin_reply(json, id_json, "pong");
  json.end_object();
}

void append_event(std::string& out, const core::Change& change, std::string_view position) {
  JsonWriter json(out);
  std::visit(EventWriter{json, change, position}, change.body);
  json.end_object();
}

void append_typing(std::string& out, const core::ChannelId& channel, const core::UserId& user) {
  JsonWriter json(out);
  json.begin_object();
  json.key("type").string("typing");
  json.key("channel_id").uuid(channel.uuid);
  json.key("user_id").string(user.text);
  json.end_object();
}

void append_presence(std::string& out, const core::UserId& user, bool online, core::TimeMs last_seen) {
  JsonWriter json(out);
  json.begin_object();
  json.key("type").string("presence");
  json.key("user_id").string(user.text);
  json.key("online").boolean(online);
  if (last_seen.value != 0)
    json.key("last_seen").time(last_seen);
  else
    json.key("last_seen").null();
  json.end_object();
}

}  // namespace parley::codec
