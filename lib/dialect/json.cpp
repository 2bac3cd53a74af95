#include "dialect/json.hpp"

#include <set>
#include <vector>

#include "codec/limits.hpp"

namespace parley::dialect {

std::optional<Json> parse_json(std::string_view text) {
  bool sound = true;
  std::vector<std::set<std::string>> keys;  // of the objects that are open
  const auto look = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > static_cast<int>(codec::kMaxJsonDepth)) sound = false;
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end && !keys.empty()) keys.pop_back();
    if (event == Json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second) sound = false;
    return sound;
  };
  auto parsed = Json::parse(text, look, false);
  if (!sound || parsed.is_discarded()) return std::nullopt;
  return parsed;
}

Json parse_own(std::string_view text) {
  auto parsed = Json::parse(text, nullptr, false);
  return parsed.is_discarded() ? Json() : parsed;
}

std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string text_in(const Json& object, std::string_view field) {
  return has_text(object, field) ? object.find(field)->get<std::string>() : std::string{};
}

bool has_text(const Json& object, std::string_view field) {
  if (!object.is_object()) return false;
  const auto it = object.find(field);
  return it != object.end() && it->is_string();
}

}  // namespace parley::dialect
