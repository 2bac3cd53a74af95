#include "codec/client_json.hpp"

#include <cstdlib>
#include <utility>

#include "codec/command_codec.hpp"
#include "codec/json_writer.hpp"
#include "codec/problem.hpp"

namespace parley::codec {
namespace {

// The keys of an object, without its brackets: some objects are others with more keys.
void write_workspace(JsonWriter& json, const core::WorkspaceHead& head) {
  json.key("id").uuid(head.id);
  json.key("name").string(head.name);
  json.key("owner").string(head.owner.text);
  json.key("created_at").time(head.created_at);
  json.key("version").number(head.version.value);
}

void write_channel(JsonWriter& json, const core::ChannelHead& head) {
  json.key("id").uuid(head.id);
  json.key("kind").string(name(head.kind));
  json.key("workspace_id");
  head.workspace ? json.uuid(*head.workspace) : json.null();
  json.key("name").string(head.name);
  json.key("topic").string(head.topic);
  json.key("created_by").string(head.created_by.text);
  json.key("created_at").time(head.created_at);
  json.key("last_seq").number(head.last_seq.value);
  json.key("version").number(head.version.value);
  json.key("member_count").number(head.member_count);
  json.key("archived").boolean(head.archived);
  json.key("metadata").raw(head.metadata.empty() ? "{}" : std::string_view(head.metadata));
  json.key("open").boolean(head.open);
  json.key("number").number(core::number_of(head.id).value);
}

// About how long the page's text will be: what a message's keys and numbers take, and its row.
std::size_t size_of(const HistoryPage& page) {
  constexpr std::size_t kBesidesTheRow = 320;
  std::size_t size = kBesidesTheRow;
  for (const auto& entry : page.messages) size += kBesidesTheRow + entry.row.size();
  return size;
}

// Most messages are nothing but posted, and what they are not is the same text for all.
bool is_plain(const MessageView& message) {
  return !message.edited_at && !message.retracted && !message.retracted_at && message.reply_to.value == 0 &&
         message.reply_count == 0 && message.reactions.empty() && !message.pinned && message.attachments.empty() &&
         message.metadata.empty() && message.mentions.empty();
}
constexpr std::string_view kPlain =
    R"("edited_at":null,"retracted":false,"reply_to":null,"reply_count":0,"reactions":{},"pinned":false,)"
    R"("attachments":[],"metadata":{},"mentions":[],"number":)";

// Up to the last key, "number".
void write_rest(JsonWriter& json, const MessageView& message) {
  json.key("edited_at");
  message.edited_at ? json.time(*message.edited_at) : json.null();
  json.key("retracted").boolean(message.retracted);
  if (message.retracted_at) json.key("retracted_at").time(*message.retracted_at);
  json.key("reply_to");
  message.reply_to.value != 0 ? json.number(message.reply_to.value) : json.null();
  json.key("reply_count").number(message.reply_count);
  json.key("reactions").begin_object();
  for (const auto& reaction : message.reactions) {
    json.text_key(reaction.emoji).begin_array();
    for (const auto user : reaction.users) json.string(user);
    json.end_array();
  }
  json.end_object();
  json.key("pinned").boolean(message.pinned);
  // What a message carries goes with its text.
  const bool bare = message.retracted;
  json.key("attachments").raw(bare || message.attachments.empty() ? "[]" : message.attachments);
  json.key("metadata").raw(bare || message.metadata.empty() ? "{}" : message.metadata);
  json.key("mentions").begin_array();
  if (!message.erased)
    for (const auto user : message.mentions) json.string(user);
  json.end_array();
  json.key("number");
}

}  // namespace

std::string_view name(core::Role role) {
  switch (role) {
    case core::Role::Member:
      return "member";
    case core::Role::Admin:
      return "admin";
    case core::Role::Owner:
      return "owner";
  }
  std::abort();
}

std::string_view name(core::ChannelKind kind) {
  switch (kind) {
    case core::ChannelKind::Public:
      return "public";
    case core::ChannelKind::Private:
      return "private";
    case core::ChannelKind::Direct:
      return "direct";
    case core::ChannelKind::Group:
      return "group";
    case core::ChannelKind::Room:
      return "room";
  }
  std::abort();
}

void append_message(std::string& out, const core::Message& message) {
  append_message(out, message.channel, message.seq, view_of(message));
}

void append_message(std::string& out, const core::ChannelId& channel, core::Seq seq, const MessageView& message) {
  JsonWriter json(out);
  json.begin_object();
  json.key("channel_id").uuid(channel);
  json.key("seq").number(seq.value);
  json.key("version").number(message.version.value);
  json.key("author").string(message.author);
  json.key("text").string(message.retracted ? std::string_view{} : message.text);
  json.key("posted_at").time(message.posted_at);
  if (is_plain(message))
    json.fields_to_key(kPlain);
  else
    write_rest(json, message);
  json.number(message.number.value);
  if (message.erased) json.key("erased").boolean(true);
  json.end_object();
}

bool append_message(std::string& out, const core::ChannelId& channel, const MessageEntry& entry) {
  auto view = MessageView::parse(entry.row);
  if (!view) return false;
  if (!view->reactions.empty()) view->reactions = entry.reactions;
  append_message(out, channel, entry.seq, *view);
  return true;
}

bool append_hit(std::string& out, const core::ChannelId& channel, const MessageEntry& entry, std::string_view snippet) {
  if (!append_message(out, channel, entry)) return false;
  out.back() = ',';  // in place of the end of the message's object
  out.append("\"snippet\":");
  append_json_string(out, snippet);
  out.push_back('}');
  return true;
}

void append_user(std::string& out, const core::UserId& id, const core::UserProfile& profile) {
  JsonWriter json(out);
  json.begin_object();
  json.key("id").string(id.text);
  json.key("name").string(profile.name);
  json.key("avatar_url");
  profile.avatar_url ? json.string(*profile.avatar_url) : json.null();
  json.key("created_at");
  profile.created_at.value > 0 ? json.time(profile.created_at) : json.null();  // one who was only seen in a token
  json.key("number").number(core::number_of(id).value);
  json.end_object();
}

void append_workspace(std::string& out, const core::WorkspaceHead& head) {
  JsonWriter json(out);
  json.begin_object();
  write_workspace(json, head);
  json.end_object();
}

void append_workspace(std::string& out, const core::WorkspaceHead& head, core::Role role) {
  JsonWriter json(out);
  json.begin_object();
  write_workspace(json, head);
  json.key("member_count").number(head.member_count);
  json.key("role").string(name(role));
  json.end_object();
}

void append_member(std::string& out, const core::UserId& user, core::Role role, core::TimeMs joined_at) {
  JsonWriter json(out);
  json.begin_object();
  json.key("user_id").string(user.text);
  json.key("role").string(name(role));
  json.key("joined_at").time(joined_at);
  json.end_object();
}

void append_account(std::string& out, const core::UserId& user, const core::CreateAccount& account, core::TimeMs created_at) {
  JsonWriter json(out);
  json.begin_object();
  json.key("user_id").string(user.text);
  json.key("email").string(user.text);
  json.key("name").string(account.name);
  json.key("role").string(account.role);
  json.key("enabled").boolean(true);
  json.key("created_at").time(created_at);
  json.end_object();
}

void append_name(std::string& out, const core::SiteName& name, const core::Reservation& reservation) {
  JsonWriter json(out);
  json.begin_object();
  json.key("namespace").string(name.space);
  json.key("name").string(name.name);
  json.key("owner").string(reservation.owner->text);
  json.key("version").number(reservation.version.value);
  json.key("reserved_at").time(reservation.reserved_at);
  json.end_object();
}

void append_ban(std::string& out, const core::UserId& user, const core::Ban& ban) {
  JsonWriter json(out);
  json.begin_object();
  json.key("user_id").string(user.text);
  json.key("reason").string(ban.reason);
  json.key("until");
  ban.until ? json.time(*ban.until) : json.null();
  json.key("banned_by").string(ban.by.text);
  json.key("banned_at").time(ban.at);
  json.end_object();
}

void append_channel(std::string& out, const core::ChannelHead& head) {
  JsonWriter json(out);
  json.begin_object();
  write_channel(json, head);
  json.end_object();
}

void append_channel(std::string& out, const core::ChannelHead& head, bool joined) {
  JsonWriter json(out);
  json.begin_object();
  write_channel(json, head);
  json.key("joined").boolean(joined);
  json.end_object();
}

void append_receipt(std::string& out, const core::UserId& user, const core::ChannelMember& member) {
  JsonWriter json(out);
  json.begin_object();
  json.key("user_id").string(user.text);
  json.key("read_seq").number(member.read_seq.value);
  json.key("delivered_seq").number(member.delivered_seq.value);
  json.key("read_at");
  member.read_at.value != 0 ? json.time(member.read_at) : json.null();
  json.end_object();
}

bool append_inbox_entry(std::string& out, const InboxEntry& entry) {
  std::string last_message = "null";
  if (entry.last_message) {
    last_message.clear();
    if (!append_message(last_message, entry.channel.id, *entry.last_message)) return false;
  }
  const auto last = entry.channel.last_seq.value;
  const auto read = entry.me.read_seq.value;
  JsonWriter json(out);
  json.begin_object();
  write_channel(json, entry.channel);
  json.key("last_message").raw(last_message);
  json.key("unread_count").number(last > read ? last - read : 0);
  json.key("mention_count").number(entry.me.mention_count);
  json.key("read_seq").number(read);
  if (entry.other_user) json.key("other_user").string(entry.other_user->text);
  json.end_object();
  return true;
}

bool append_history_fields(std::string& out, const HistoryPage& page) {
  const auto before = out.size();
  out.reserve(before + size_of(page));
  out.append("\"messages\":[");
  for (bool first = true; const auto& entry : page.messages) {
    if (!std::exchange(first, false)) out.push_back(',');
    if (append_message(out, page.channel, entry)) continue;
    out.resize(before);
    return false;
  }
  out.append("],");
  JsonWriter json(out);
  json.key("has_more").boolean(page.has_more);
  json.key("has_before").boolean(page.has_before);
  json.key("has_after").boolean(page.has_after);
  json.key("last_seq").number(page.last_seq.value);
  json.key("version").number(page.version.value);
  return true;
}

bool append_history(std::string& out, const HistoryPage& page) {
  out.push_back('{');
  if (!append_history_fields(out, page)) {
    out.pop_back();
    return false;
  }
  out.push_back('}');
  return true;
}

namespace {

void write_command_status(JsonWriter& json, const OutcomeRow& row, std::string_view position) {
  const auto& outcome = row.outcome;
  const bool rejected = outcome.status == core::Status::Rejected;
  json.key("status").string(row.duplicate ? "duplicate" : rejected ? "rejected" : "accepted");
  if (rejected) json.key("code").string(info(problem_of(outcome.code)).code);
  json.key("position").string(position);
  if (outcome.channel) json.key("channel_id").uuid(*outcome.channel);
  if (outcome.seq.value != 0) json.key("seq").number(outcome.seq.value);
  if (outcome.version.value != 0) json.key("version").number(outcome.version.value);
}

}  // namespace

void append_command_status(std::string& out, const OutcomeRow& row, std::string_view position) {
  JsonWriter json(out);
  json.begin_object();
  write_command_status(json, row, position);
  json.end_object();
}

void append_command_entry(std::string& out, const core::CommandId& id, const OutcomeRow& row, std::string_view position) {
  JsonWriter json(out);
  json.begin_object();
  json.key("command_id").uuid(id);
  json.key("type").string(name_of_kind(row.kind));
  json.key("user_id").string(row.user.text);
  json.key("at").time(core::time_of(id));
  write_command_status(json, row, position);
  json.end_object();
}

}  // namespace parley::codec
