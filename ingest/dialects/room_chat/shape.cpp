#include "ingest/dialects/room_chat/shape.hpp"

namespace parley::ingest::dialects::room_chat {

namespace {

bool is_of(const dialect::Json& value, Field::Type type) {
  switch (type) {
    case Field::Type::Text:
      return value.is_string();
    case Field::Type::Flag:
      return value.is_boolean();
    case Field::Type::Number:
      return value.is_number();
  }
  return false;
}

std::string_view name_of(Field::Type type) {
  return type == Field::Type::Text ? "string" : type == Field::Type::Flag ? "boolean" : "number";
}

}  // namespace

std::string wrong_with(const dialect::Json& frame, std::span<const Field> fields) {
  for (const auto& field : fields) {
    const auto it = frame.find(field.name);
    if (it == frame.end()) {
      if (field.is_needed) return "value." + std::string(field.name) + " is missing";
    } else if (!is_of(*it, field.type)) {
      return "value." + std::string(field.name) + " is not a " + std::string(name_of(field.type));
    }
  }
  return {};
}

}  // namespace parley::ingest::dialects::room_chat
