// JSON objects of strangers, strictly: no name twice in an object (two readers would see two different claims), nothing nested
// deeper than kMaxDepth, valid UTF-8.
//
// Concurrency: pure, any thread. Limits: the caller bounds the text.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace parley::auth {

inline constexpr int kMaxDepth = 16;

// None: no JSON, no object, or not strict.
std::optional<nlohmann::json> parse_object(std::string_view text);

}  // namespace parley::auth
