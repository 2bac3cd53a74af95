// Times as clients read them: "2026-03-01T12:00:00.000Z".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/ids.hpp"

namespace parley::codec {

// The years 0000 to 9999, which is what the text form can say.
inline constexpr core::TimeMs kFirstTime{-62167219200000};
inline constexpr core::TimeMs kLastTime{253402300799999};

// A time out of range is written as the nearest that is in it.
void append_time(std::string& out, core::TimeMs time);
std::string time_text(core::TimeMs time);
// RFC 3339 with any offset and any fraction (cut to milliseconds); a leap second counts as the second before it.
std::optional<core::TimeMs> parse_time(std::string_view text);

}  // namespace parley::codec
