// Slack's names of emoji: the common ones as the emoji itself, any other as ":name:".
#pragma once

#include <string>
#include <string_view>

namespace parley::migrate::slack {

std::string emoji_of(std::string_view name);

}  // namespace parley::migrate::slack
