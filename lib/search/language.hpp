// The languages whose words are stemmed, by their Snowball names; "none" is one of them.
#pragma once

#include <string>
#include <string_view>

namespace parley::search {

inline constexpr std::string_view kDefaultLanguage = "english";
bool is_language(std::string_view name);
std::string languages();  // separated by spaces

}  // namespace parley::search
