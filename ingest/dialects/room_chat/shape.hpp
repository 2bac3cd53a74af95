// Whether a frame has what an action needs, and how room chat says that it has not.
#pragma once

#include <span>

#include "dialect/json.hpp"

namespace parley::ingest::dialects::room_chat {

struct Field {
  std::string_view name;
  enum class Type : std::uint8_t { Text, Room, Flag, Count } type = Type::Text;  // Room: a room's name. Count: of messages
  bool is_needed = false;
};
// Empty: it has. Further fields are allowed.
std::string wrong_with(const dialect::Json& frame, std::span<const Field> fields);

}  // namespace parley::ingest::dialects::room_chat
