#include "migrate/slack/fields.hpp"

#include "codec/limits.hpp"

namespace parley::migrate::slack {

using Kind = codec::JsonValue::Kind;

std::optional<Fields> Fields::read(std::string_view text) {
  auto object = codec::read_json_object(text);
  if (!object) return std::nullopt;
  Fields fields;
  fields.object_ = std::move(*object);
  return fields;
}

const codec::JsonValue* Fields::find(std::string_view name, Kind kind) const {
  for (const auto& member : object_.members)
    if (member.name == name) return member.value.kind == kind ? &member.value : nullptr;
  return nullptr;
}

std::string Fields::text(std::string_view name) const {
  const auto* value = find(name, Kind::String);
  return value == nullptr ? std::string() : value->text;
}

bool Fields::is_true(std::string_view name) const {
  const auto* value = find(name, Kind::Boolean);
  return value != nullptr && value->text == "true";
}

std::uint64_t Fields::number(std::string_view name) const {
  const auto* value = find(name, Kind::Number);
  return value == nullptr ? 0 : codec::plain_integer(value->text, 0, codec::kMaxNumber).value_or(0);
}

Fields Fields::object(std::string_view name) const {
  const auto* value = find(name, Kind::Object);
  return value == nullptr ? Fields() : read(value->text).value_or(Fields());
}

std::vector<Fields> Fields::objects(std::string_view name) const {
  std::vector<Fields> found;
  const auto* value = find(name, Kind::Array);
  const auto elements = value == nullptr ? std::nullopt : codec::read_json_array(value->text);
  if (!elements) return found;
  for (const auto& element : *elements)
    if (auto fields = element.kind == Kind::Object ? read(element.text) : std::nullopt) found.push_back(std::move(*fields));
  return found;
}

std::vector<std::string> Fields::texts(std::string_view name) const {
  std::vector<std::string> found;
  const auto* value = find(name, Kind::Array);
  auto elements = value == nullptr ? std::nullopt : codec::read_json_array(value->text);
  if (!elements) return found;
  for (auto& element : *elements)
    if (element.kind == Kind::String) found.push_back(std::move(element.text));
  return found;
}

}  // namespace parley::migrate::slack
