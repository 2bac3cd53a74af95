#include "ingest/dialects/room_chat/shape.hpp"

#include "codec/limits.hpp"
#include "codec/text_rules.hpp"

namespace parley::ingest::dialects::room_chat {

namespace {

bool is_count(const dialect::Json& value) {
  if (!value.is_number_unsigned()) return false;
  const auto count = value.get<std::uint64_t>();
  return count >= 1 && count <= codec::kMaxPage;
}

// Empty: nothing.
std::string_view wrong_with(const dialect::Json& value, Field::Type type) {
  static_assert(codec::kMaxPage == 200);
  switch (type) {
    case Field::Type::Text:
      return value.is_string() ? "" : "is not a string";
    case Field::Type::Room:
      return value.is_string() ? codec::wrong_with_room_name(value.get_ref<const std::string&>()) : "is not a string";
    case Field::Type::Flag:
      return value.is_boolean() ? "" : "is not a boolean";
    case Field::Type::Count:
      return is_count(value) ? "" : "is not a whole number from 1 to 200";
  }
  return {};
}

}  // namespace

std::string wrong_with(const dialect::Json& frame, std::span<const Field> fields) {
  for (const auto& field : fields) {
    const auto it = frame.find(field.name);
    const auto wrong = it != frame.end() ? wrong_with(*it, field.type) : field.is_needed ? "is missing" : "";
    if (!wrong.empty()) return "value." + std::string(field.name) + " " + std::string(wrong);
  }
  return {};
}

}  // namespace parley::ingest::dialects::room_chat
