// PageNow's chat API: what its writes, frames and reads have in common. See docs/compatibility.md, rows P.
#pragma once

#include "dialect/dialect.hpp"

namespace parley::dialect::pagenow {

inline constexpr std::string_view kName = "pagenow";
inline constexpr std::string_view kUserClaim = "cognito:username";
// Where its client is served while it is being written.
inline constexpr std::string_view kPages[] = {"http://localhost:4200"};

inline constexpr std::size_t kMaxUserCharacters = 50;
inline constexpr std::size_t kMaxTitleCharacters = 300;
inline constexpr std::size_t kMaxContentCharacters = 1000;

Dialect dialect_with(std::span<const Route> routes);

}  // namespace parley::dialect::pagenow
