// Whom a text names: "<@user>".
#pragma once

#include <string_view>
#include <vector>

#include "core/ids.hpp"

namespace parley::core {

inline constexpr std::size_t kMaxMentions = 100;  // of one message; what is named beyond them is text

// In the order in which they are first named, each once. A name that can't be a user's is text. Pure.
std::vector<UserId> mentions_in(std::string_view text);

}  // namespace parley::core
