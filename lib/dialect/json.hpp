// JSON as the dialects speak it: the order of an object's keys is kept, for their clients may compare texts.
//
// Concurrency: pure functions, any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace parley::dialect {

using Json = nlohmann::ordered_json;

// None: not JSON, nested deeper than the public contract takes, or an object with a key twice.
std::optional<Json> parse_json(std::string_view text);
// What Parley has written itself, a frame or an answer, and so needs no looking into; null: it is not JSON.
Json parse_own(std::string_view text);
// As UTF-8, without white space.
std::string text_of(const Json& json);

// The text in an object's field; empty: it is not there, or no text.
std::string text_in(const Json& object, std::string_view field);
bool has_text(const Json& object, std::string_view field);

}  // namespace parley::dialect
