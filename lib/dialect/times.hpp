// Times as the dialects write them, from and to milliseconds since 1970.
//
// Concurrency: pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dialect/json.hpp"

namespace parley::dialect {

std::string iso_of(std::int64_t ms);                           // 2024-12-19T06:54:04.273Z
std::optional<std::int64_t> ms_of_iso(std::string_view text);  // with any offset and fraction
std::string float_seconds_of(std::int64_t ms);                 // 1692724276.069, as Python writes a float
// The time in a field of the public contract's JSON; 0: there is none.
std::int64_t ms_in(const Json& object, std::string_view field);
// The number of a message: when it was posted, made unique in its channel.
std::int64_t number_in(const Json& message);

}  // namespace parley::dialect
