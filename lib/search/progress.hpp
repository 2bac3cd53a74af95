// An index's progress as text, the way Xapian's metadata keeps it. Inside lib/search only.
#pragma once

#include <optional>

#include "search/index.hpp"

namespace parley::search {

inline constexpr const char* kProgressKey = "progress";
inline constexpr const char* kFormatKey = "format";

std::string text_of(const Progress& progress);
std::optional<Progress> parse_progress(std::string_view text);

}  // namespace parley::search
