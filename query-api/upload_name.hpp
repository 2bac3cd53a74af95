// What a user calls his file, made fit for the key of an object and for a header.
//
// Concurrency: pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

namespace parley::query_api {

inline constexpr std::size_t kMaxNameBytes = 100;  // of the name in a key

// Letters, digits and what is beyond ASCII stay, and so do '.', '-' and '_' but not in front; everything else is '_': slashes,
// quotes, control characters, those that turn the direction of writing or can't be seen. Too long a name keeps its ending.
// Never empty, "." or "..". A name that is safe is left as it is. REQUIRES: valid UTF-8.
std::string safe_name(std::string_view name);

// Content-Disposition of a download (RFC 6266), with the name for those who know RFC 8187 (once 5987) and those who don't.
// REQUIRES: a safe name.
std::string attachment_disposition(std::string_view name);

}  // namespace parley::query_api
