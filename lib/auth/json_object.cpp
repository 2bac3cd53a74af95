#include "auth/json_object.hpp"

#include <set>
#include <string>
#include <vector>

namespace parley::auth {

using Json = nlohmann::json;

std::optional<Json> parse_object(std::string_view text) {
  std::vector<std::set<std::string>> names;  // of the objects that are open
  bool strict = true;
  const auto look = [&](int depth, Json::parse_event_t event, Json& parsed) {
    strict = strict && depth <= kMaxDepth;
    if (event == Json::parse_event_t::object_start) names.emplace_back();
    if (event == Json::parse_event_t::key) strict = names.back().insert(parsed.get<std::string>()).second && strict;
    if (event == Json::parse_event_t::object_end) names.pop_back();
    return true;
  };
  auto json = Json::parse(text, look, false);
  if (!strict || !json.is_object()) return std::nullopt;
  return json;
}

}  // namespace parley::auth
