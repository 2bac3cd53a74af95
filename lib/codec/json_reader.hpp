// JSON from outside, read strictly and one level deep: the members of an object are values, and a value that is an array or an
// object itself is kept as compact JSON, to be stored as it is or read again. Refused: what RFC 8259 does not allow (a byte
// order mark, lone surrogates, invalid UTF-8, NaN, something after the end), numbers that no double can hold, nesting deeper
// than kMaxJsonDepth. Boost.JSON's parser does the reading; it stays behind json_reader.cpp.
//
// Concurrency: pure functions, any thread. Limits: the caller bounds the text; memory is a small multiple of it.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::codec {

struct JsonValue {
  enum class Kind : std::uint8_t { Null, Boolean, Number, String, Array, Object };
  Kind kind = Kind::Null;
  std::string text;  // of a string its characters; of everything else compact JSON, numbers as they were written
};

struct JsonMember {
  std::string name;
  JsonValue value;
};

// A name that stands twice in one object.
struct NameTwice {
  std::string name;
  std::string in;  // the member that it is somewhere in; empty: the name is a member's own
};

struct JsonObject {
  std::vector<JsonMember> members;  // in order
  std::optional<NameTwice> name_twice;
};

enum class JsonFlaw : std::uint8_t { NotJson, TooDeep, NumberTooLarge, NotAnObject };

struct JsonFault {
  JsonFlaw flaw;
  std::string in = {};  // of what is too deep or too large: the member; empty: the whole
};

// Each member at most kMaxJsonDepth deep.
std::expected<JsonObject, JsonFault> read_json_object(std::string_view text);

// The elements of an array that was a value; none: `compact` is no array.
std::optional<std::vector<JsonValue>> read_json_array(std::string_view compact);

// Is `text` compact JSON as a value would have it, an array or object, with no name twice?
bool is_compact_json(std::string_view text, JsonValue::Kind kind);

// An integer from `min` to `max`, written plainly: digits alone, no sign, no leading zero, no fraction, no exponent.
std::optional<std::uint64_t> plain_integer(std::string_view digits, std::uint64_t min, std::uint64_t max);

}  // namespace parley::codec
