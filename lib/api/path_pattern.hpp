// Paths against patterns: "/v1/channels/{c}/members/{user}", in which a segment in braces is a parameter.
//
// Concurrency: pure functions, any thread. Paths begin with '/' and are still percent-encoded.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::api {

bool fits(std::string_view pattern, std::string_view path);
// The parameters, decoded, in order; none: their encoding is broken. REQUIRES: the path fits.
std::optional<std::vector<std::string>> params_of(std::string_view pattern, std::string_view path);

}  // namespace parley::api
