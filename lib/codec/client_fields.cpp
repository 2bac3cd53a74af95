#include "codec/client_fields.hpp"

#include <algorithm>
#include <utility>

#include "codec/rfc3339.hpp"

namespace parley::codec {
namespace {

using Kind = JsonValue::Kind;

// A taken member's name, which no client can send: so no look-up finds it again. (An empty name can be sent.)
constexpr std::string_view kTaken{"\xff", 1};

// Of one input: what is said of it stays small, however much is wrong.
constexpr std::size_t kMaxErrors = 20;

std::string_view detail_of(JsonFlaw flaw) {
  static_assert(kMaxJsonDepth == 32);
  switch (flaw) {
    case JsonFlaw::NotJson:
      return "not valid JSON";
    case JsonFlaw::TooDeep:
      return "nested deeper than 32";
    case JsonFlaw::NumberTooLarge:
      return "has a number that is too large";
    case JsonFlaw::NotAnObject:
      return "must be a JSON object";
  }
  std::unreachable();
}

std::string joined(std::string_view name, std::string_view detail) { return std::string(name).append(": ").append(detail); }

}  // namespace

InvalidInput invalid_object(const JsonFault& fault) {
  const auto detail = detail_of(fault.flaw);
  if (fault.flaw == JsonFlaw::NotJson) return {Problem::InvalidJson, std::string(detail), {}};
  return wrong_field(fault.in.empty() ? "body" : fault.in, detail);
}

Parsed<ClientFields> ClientFields::read(std::string_view text) {
  auto object = read_json_object(text);
  if (!object) return std::unexpected(invalid_object(object.error()));
  return ClientFields(std::move(*object));
}

Parsed<ClientFields> ClientFields::read_optional(std::string_view text) {
  return text.empty() ? ClientFields(JsonObject{}) : read(text);
}

JsonValue* ClientFields::take(std::string_view name) {
  for (auto& member : object_.members) {
    if (member.name != name) continue;
    member.name = kTaken;
    return &member.value;
  }
  return nullptr;
}

JsonValue* ClientFields::require(std::string_view name) {
  auto* value = take(name);
  if (value == nullptr) wrong(name, "is missing");
  return value;
}

bool ClientFields::has(std::string_view name) const {
  return std::ranges::any_of(object_.members, [name](const JsonMember& m) { return m.name == name; });
}

void ClientFields::wrong(std::string_view name, std::string_view detail) {
  if (errors_.size() < kMaxErrors) errors_.push_back({std::string(name), std::string(detail)});
}

void ClientFields::malformed_id(std::string_view name) {
  if (!malformed_id_) malformed_id_ = joined(name, "no such thing");
}

std::string* ClientFields::string_of(std::string_view name, JsonValue* value) {
  if (value == nullptr) return nullptr;
  if (value->kind == Kind::String) return &value->text;
  wrong(name, "must be a string");
  return nullptr;
}

std::string ClientFields::text(std::string_view name, TextRule rule) {
  auto* value = string_of(name, require(name));
  if (value == nullptr) return {};
  if (const auto detail = rule(*value); !detail.empty()) wrong(name, detail);
  return std::move(*value);
}

std::optional<std::string> ClientFields::optional_text(std::string_view name, TextRule rule) {
  auto* value = string_of(name, take(name));
  if (value == nullptr) return std::nullopt;
  if (const auto detail = rule(*value); !detail.empty()) wrong(name, detail);
  return std::move(*value);
}

core::Seq ClientFields::seq(std::string_view name) {
  if (!has(name)) wrong(name, "is missing");
  return optional_seq(name).value_or(core::Seq{});
}

std::optional<core::Seq> ClientFields::optional_seq(std::string_view name, std::uint64_t min) {
  const auto value = optional_integer(name, min, kMaxNumber);
  return value ? std::optional<core::Seq>{{*value}} : std::nullopt;
}

std::optional<std::uint64_t> ClientFields::optional_integer(std::string_view name, std::uint64_t min, std::uint64_t max) {
  const auto* value = take(name);
  if (value == nullptr) return std::nullopt;
  const auto number = value->kind == Kind::Number ? plain_integer(value->text, min, max) : std::nullopt;
  if (!number) wrong(name, "must be an integer from " + std::to_string(min) + " to " + std::to_string(max));
  return number;
}

std::optional<bool> ClientFields::optional_boolean(std::string_view name) {
  const auto* value = take(name);
  if (value == nullptr) return std::nullopt;
  if (value->kind != Kind::Boolean) wrong(name, "must be true or false");
  return value->text == "true";
}

std::optional<core::Role> ClientFields::optional_role(std::string_view name) {
  const auto* value = string_of(name, take(name));
  if (value == nullptr) return std::nullopt;
  if (*value == "member") return core::Role::Member;
  if (*value == "admin") return core::Role::Admin;
  if (*value == "owner") return core::Role::Owner;
  wrong(name, "must be member, admin or owner");
  return std::nullopt;
}

std::optional<core::TimeMs> ClientFields::optional_time(std::string_view name) {
  const auto* value = string_of(name, take(name));
  if (value == nullptr) return std::nullopt;
  const auto time = parse_time(*value);
  if (!time || time->value < 0) wrong(name, "must be a time as of RFC 3339");
  return time;
}

template <class Id>
Id ClientFields::id(std::string_view name) {
  const auto* value = string_of(name, require(name));
  if (value == nullptr) return {};
  const auto id = Id::parse(*value);
  if (!id) malformed_id(name);
  return id.value_or(Id{});
}

core::ChannelId ClientFields::channel(std::string_view name) { return id<core::ChannelId>(name); }

core::WorkspaceId ClientFields::workspace(std::string_view name) { return id<core::WorkspaceId>(name); }

std::optional<core::UserId> ClientFields::user_of(std::string_view name, JsonValue* value) {
  const auto* text = string_of(name, value);
  if (text == nullptr) return std::nullopt;
  auto user = core::UserId::parse(*text);
  if (!user) malformed_id(name);
  return user;
}

core::UserId ClientFields::user(std::string_view name) { return user_of(name, require(name)).value_or(core::UserId{}); }

std::optional<core::UserId> ClientFields::optional_user(std::string_view name) { return user_of(name, take(name)); }

std::vector<core::UserId> ClientFields::users_of(std::string_view name, const JsonValue& value, std::size_t max) {
  auto elements = value.kind == Kind::Array ? read_json_array(value.text) : std::nullopt;
  if (!elements || elements->size() > max) {
    wrong(name, "must be an array of at most " + std::to_string(max) + " user ids");
    return {};
  }
  std::vector<core::UserId> users;
  users.reserve(elements->size());
  for (std::size_t i = 0; i < elements->size(); ++i) {
    const auto place = std::string(name).append("[").append(std::to_string(i)).append("]");
    if (auto user = user_of(place, &(*elements)[i])) users.push_back(std::move(*user));
  }
  return users;
}

std::vector<core::UserId> ClientFields::users(std::string_view name, std::size_t max) {
  const auto* value = require(name);
  return value == nullptr ? std::vector<core::UserId>{} : users_of(name, *value, max);
}

std::optional<std::vector<core::UserId>> ClientFields::optional_users(std::string_view name, std::size_t max) {
  const auto* value = take(name);
  return value == nullptr ? std::nullopt : std::optional(users_of(name, *value, max));
}

std::string ClientFields::optional_json(std::string_view name, JsonValue::Kind kind, TextRule rule) {
  auto* value = take(name);
  if (value == nullptr) return {};
  if (value->kind != kind) {
    wrong(name, kind == Kind::Array ? "must be an array" : "must be an object");
    return {};
  }
  if (const auto detail = rule(value->text); !detail.empty()) wrong(name, detail);
  return value->text == "[]" || value->text == "{}" ? std::string{} : std::move(value->text);
}

std::optional<JsonValue> ClientFields::optional_value(std::string_view name) {
  auto* value = take(name);
  return value == nullptr ? std::nullopt : std::optional(std::move(*value));
}

std::optional<InvalidInput> ClientFields::finish() {
  const auto& twice = object_.name_twice;
  const bool of_member = twice && twice->in.empty();
  if (of_member) wrong(twice->name, "stands twice");
  if (twice && !of_member) wrong(twice->in, "has a name that stands twice: " + twice->name);
  for (const auto& member : object_.members)
    if (member.name != kTaken && !(of_member && member.name == twice->name)) wrong(member.name, "is unknown");
  if (!errors_.empty()) {
    auto detail = joined(errors_.front().field, errors_.front().detail);
    return InvalidInput{Problem::InvalidArgument, std::move(detail), std::move(errors_)};
  }
  if (malformed_id_) return InvalidInput{Problem::NotFound, std::move(*malformed_id_), {}};
  return std::nullopt;
}

}  // namespace parley::codec
