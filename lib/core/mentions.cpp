#include "core/mentions.hpp"

#include <algorithm>
#include <string>

namespace parley::core {

std::vector<UserId> mentions_in(std::string_view text) {
  constexpr std::string_view kOpen = "<@";
  std::vector<UserId> named;
  for (auto at = text.find(kOpen); at != std::string_view::npos; at = text.find(kOpen, at)) {
    at += kOpen.size();
    const auto end = text.find_first_of("<>", at);
    if (end == std::string_view::npos) break;
    if (text[end] != '>') continue;
    auto user = UserId::parse(std::string(text.substr(at, end - at)));
    if (user && std::ranges::find(named, *user) == named.end()) named.push_back(std::move(*user));
    if (named.size() == kMaxMentions) break;
  }
  return named;
}

}  // namespace parley::core
