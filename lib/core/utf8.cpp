#include <algorithm>

#include "core/ids.hpp"

namespace parley::core {
namespace {

using Byte = std::uint8_t;

constexpr bool is_continuation(Byte b) { return (b & 0xC0) == 0x80; }

// How many bytes a character takes that begins with `lead`; 0: none begins so.
constexpr std::size_t sequence_length(Byte lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;  // a continuation, or an overlong form of ASCII
  if (lead < 0xE0) return 2;
  if (lead < 0xF0) return 3;
  return lead < 0xF5 ? 4 : 0;
}

// RFC 3629's table: after these leads the second byte's range is narrower (overlong forms, surrogates, beyond U+10FFFF).
constexpr bool second_byte_holds(Byte lead, Byte second) {
  if (lead == 0xE0) return second >= 0xA0;
  if (lead == 0xED) return second < 0xA0;
  if (lead == 0xF0) return second >= 0x90;
  if (lead == 0xF4) return second < 0x90;
  return true;
}

constexpr std::uint64_t kHighBits = 0x8080808080808080;

// Most text is ASCII: eight bytes at a time until it isn't.
std::size_t skip_ascii(std::string_view text, std::size_t at) {
  for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    if (word & kHighBits) break;
  }
  return at;
}

}  // namespace

bool is_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<Byte>(text[i]); };
  for (std::size_t at = skip_ascii(text, 0); at < text.size();) {
    const auto length = sequence_length(byte(at));
    if (length == 0 || length > text.size() - at) return false;
    if (length > 1 && !second_byte_holds(byte(at), byte(at + 1))) return false;
    for (std::size_t i = 1; i < length; ++i) {
      if (!is_continuation(byte(at + i))) return false;
    }
    at = length == 1 ? skip_ascii(text, at + 1) : at + length;
  }
  return true;
}

std::size_t count_characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) { return !is_continuation(static_cast<Byte>(c)); }));
}

bool has_control_characters(std::string_view utf8) {
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto b = static_cast<Byte>(utf8[i]);
    if (b < 0x20 || b == 0x7F) return true;
    // C1, U+0080 to U+009F, is C2 80 to C2 9F.
    if (b == 0xC2 && i + 1 < utf8.size() && static_cast<Byte>(utf8[i + 1]) < 0xA0) return true;
  }
  return false;
}

}  // namespace parley::core
