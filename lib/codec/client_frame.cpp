#include "codec/client_frame.hpp"

#include "codec/client_fields.hpp"
#include "codec/json_writer.hpp"
#include "codec/message_fields.hpp"
#include "codec/page_fields.hpp"

namespace parley::codec {
namespace {

using Body = decltype(ClientFrame::body);

core::Payload post_message(ClientFields& fields, const core::UserId& user) {
  core::PostMessage post;
  if (fields.has("direct_to")) {
    post.direct_to = fields.user("direct_to");
    post.channel = core::direct_id(user, *post.direct_to);
    if (fields.optional_value("channel_id")) fields.wrong("channel_id", "must not stand beside direct_to");
  } else {
    post.channel = fields.channel("channel_id");
  }
  take_message_fields(fields, post);
  return post;
}

core::Payload edit_message(ClientFields& fields, const core::UserId&) {
  core::EditMessage edit{.channel = fields.channel("channel_id"), .seq = fields.seq("seq")};
  edit.text = fields.text("text", wrong_with_text);
  return edit;
}

core::Payload retract_message(ClientFields& fields, const core::UserId&) {
  return core::RetractMessage{.channel = fields.channel("channel_id"), .seq = fields.seq("seq")};
}

core::Payload hide_message(ClientFields& fields, const core::UserId&) {
  return core::HideMessage{.channel = fields.channel("channel_id"), .seq = fields.seq("seq")};
}

core::Payload hide_messages(ClientFields& fields, const core::UserId&) {
  return core::HideUpTo{.channel = fields.channel("channel_id"), .seq = fields.seq("seq")};
}

template <bool On>
core::Payload set_reaction(ClientFields& fields, const core::UserId&) {
  return core::SetReaction{.channel = fields.channel("channel_id"),
                           .seq = fields.seq("seq"),
                           .emoji = fields.text("emoji", wrong_with_emoji),
                           .on = On};
}

template <core::CursorKind Kind>
core::Payload move_cursor(ClientFields& fields, const core::UserId&) {
  return core::MoveCursor{.channel = fields.channel("channel_id"), .seq = fields.seq("seq"), .kind = Kind};
}

// By its name, in place of an id; none: it is not named so.
std::optional<std::string> room_name(ClientFields& fields) {
  if (!fields.has("room")) return std::nullopt;
  if (fields.optional_value("channel_id")) fields.wrong("channel_id", "must not stand beside room");
  return fields.text("room", wrong_with_room_name);
}

core::Payload join_channel(ClientFields& fields, const core::UserId& user) {
  if (auto name = room_name(fields)) return core::OpenRoom{.channel = core::room_id(*name), .name = std::move(*name)};
  return core::SetChannelMember{.channel = fields.channel("channel_id"), .user = user, .role = std::nullopt};
}

core::Payload leave_channel(ClientFields& fields, const core::UserId& user) {
  if (const auto name = room_name(fields)) return core::RemoveChannelMember{.channel = core::room_id(*name), .user = user};
  return core::RemoveChannelMember{.channel = fields.channel("channel_id"), .user = user};
}

Body get_history(ClientFields& fields) {
  GetHistory get{.channel = fields.channel("channel_id"), .page = take_page_fields(fields)};
  if (const auto text = fields.optional_text("min_position")) {
    auto positions = parse_positions(*text);
    if (!positions) fields.wrong("min_position", "must be a position, or several separated by commas");
    get.min_position = std::move(positions).value_or(std::vector<Position>{});
  }
  return get;
}

Body resume(ClientFields& fields) {
  Resume resume;
  const auto value = fields.optional_value("channels");
  const auto object = value && value->kind == JsonValue::Kind::Object ? read_json_object(value->text)
                                                                      : std::unexpected(JsonFault{JsonFlaw::NotAnObject});
  if (!object || object->name_twice) {
    fields.wrong("channels", "must be an object that gives each channel id once, with the last version seen");
    return resume;
  }
  for (const auto& [name, version] : object->members) {
    const auto channel = core::ChannelId::parse(name);
    const auto number =
        version.kind == JsonValue::Kind::Number ? plain_integer(version.text, 0, kMaxNumber) : std::optional<std::uint64_t>{};
    if (!number) fields.wrong("channels", "a version must be an integer from 0 on");
    if (!channel) fields.malformed_id("channels");
    if (channel && number) resume.channels.push_back({*channel, {*number}});
  }
  return resume;
}

Body refresh(ClientFields& fields) { return Refresh{fields.text("token")}; }
Body ping(ClientFields&) { return Ping{}; }
Body typing(ClientFields& fields) { return Typing{fields.channel("channel_id")}; }
Body watch_presence(ClientFields& fields) { return WatchPresence{fields.users("users", kMaxWatchedUsers)}; }

// The writes, of which each may have a key; the most frequent come first.
struct Write {
  std::string_view type;
  core::Payload (*take)(ClientFields& fields, const core::UserId& user);
};
constexpr Write kWrites[] = {
    {"post_message", post_message},
    {"mark_read", move_cursor<core::CursorKind::Read>},
    {"mark_delivered", move_cursor<core::CursorKind::Delivered>},
    {"edit_message", edit_message},
    {"add_reaction", set_reaction<true>},
    {"remove_reaction", set_reaction<false>},
    {"retract_message", retract_message},
    {"hide_message", hide_message},
    {"hide_messages", hide_messages},
    {"join_channel", join_channel},
    {"leave_channel", leave_channel},
};

struct Request {
  std::string_view type;
  Body (*take)(ClientFields& fields);
};
constexpr Request kRequests[] = {
    {"typing", typing},   {"ping", ping},     {"get_history", get_history},
    {"refresh", refresh}, {"resume", resume}, {"watch_presence", watch_presence},
};

// The frame's id as JSON; empty when it has none, or one of a wrong type.
std::string take_id(ClientFields& fields) {
  auto id = fields.optional_value("id");
  if (!id) return {};
  if (id->kind == JsonValue::Kind::Number) return std::move(id->text);
  if (id->kind != JsonValue::Kind::String) {
    fields.wrong("id", "must be a string or a number");
    return {};
  }
  std::string json;
  append_json_string(json, id->text);
  return json;
}

template <std::size_t Size, class Entry>
const Entry* find(const Entry (&entries)[Size], std::string_view type) {
  for (const auto& entry : entries)
    if (entry.type == type) return &entry;
  return nullptr;
}

// Everything but the id. Of an unknown type no field means anything.
std::optional<InvalidInput> take_body(ClientFields& fields, const core::UserId& user, ClientFrame& frame) {
  const bool typed = fields.has("type");
  const auto type = fields.text("type");
  const auto* write = find(kWrites, type);
  const auto* request = find(kRequests, type);
  if (write != nullptr) {
    frame.key = fields.optional_text("key", wrong_with_key).value_or("");
    frame.body = write->take(fields, user);
  } else if (request != nullptr) {
    frame.body = request->take(fields);
  } else if (typed) {
    return wrong_field("type", "unknown type");
  }
  return fields.finish();
}

bool needs_id(const ClientFrame& frame) {
  return !std::holds_alternative<Ping>(frame.body) && !std::holds_alternative<Typing>(frame.body);
}

bool is_no_object(JsonFlaw flaw) { return flaw == JsonFlaw::NotJson || flaw == JsonFlaw::NotAnObject; }

}  // namespace

std::vector<std::string_view> frame_types() {
  std::vector<std::string_view> types;
  for (const auto& write : kWrites) types.push_back(write.type);
  for (const auto& request : kRequests) types.push_back(request.type);
  return types;
}

std::expected<ClientFrame, FrameError> parse_frame(std::string_view text, const core::UserId& user) {
  auto object = read_json_object(text);
  if (!object) return std::unexpected(FrameError{invalid_object(object.error()), {}, is_no_object(object.error().flaw)});
  ClientFields fields(std::move(*object));
  const bool has_id = fields.has("id");
  ClientFrame frame;
  frame.id_json = take_id(fields);
  auto invalid = take_body(fields, user, frame);
  if (!invalid && !has_id && needs_id(frame)) invalid = wrong_field("id", "is missing");
  if (invalid) return std::unexpected(FrameError{std::move(*invalid), std::move(frame.id_json), false});
  return frame;
}

}  // namespace parley::codec
