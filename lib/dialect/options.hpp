// Which dialects are spoken, and how they are told who somebody is.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace parley::dialect {

inline constexpr std::string_view kNames[] = {"slack_clone", "room_chat", "pagenow", "social_media"};

struct Options {
  std::vector<std::string> spoken;                         // their names
  bool development = false;                                // calls without a token may be taken, where a dialect does so
  std::map<std::string, std::string, std::less<>> claims;  // by dialect, instead of its own

  [[nodiscard]] bool speaks(std::string_view dialect) const { return std::ranges::find(spoken, dialect) != spoken.end(); }
  [[nodiscard]] std::string_view claim(std::string_view dialect, std::string_view usual) const {
    const auto it = claims.find(dialect);
    return it == claims.end() ? usual : std::string_view(it->second);
  }
};

}  // namespace parley::dialect
