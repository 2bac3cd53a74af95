#include "codec/json_writer.hpp"

#include <array>
#include <charconv>
#include <cstring>

#include "codec/rfc3339.hpp"

namespace parley::codec {
namespace {

// What stands after the backslash; 0: the byte needs none; 'u': \u00XX.
constexpr std::array<char, 256> kEscapes = [] {
  std::array<char, 256> table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = 'u';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  table['"'] = '"';
  table['\\'] = '\\';
  return table;
}();

constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kHighBits = 0x8080808080808080;

// Is one of the eight bytes a control character, a quote or a backslash?
constexpr bool needs_escape(std::uint64_t word) {
  const auto has_zero = [](std::uint64_t w) { return (w - kOnes) & ~w & kHighBits; };
  const auto below_space = (word - kOnes * 0x20) & ~word & kHighBits;
  return (below_space | has_zero(word ^ kOnes * '"') | has_zero(word ^ kOnes * '\\')) != 0;
}

// The first byte from `at` on that needs an escape; the size: none.
std::size_t find_escape(std::string_view text, std::size_t at) {
  for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    if (needs_escape(word)) break;
  }
  while (at < text.size() && kEscapes[static_cast<std::uint8_t>(text[at])] == 0) ++at;
  return at;
}

void append_escape(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto byte = static_cast<std::uint8_t>(c);
  out.push_back('\\');
  out.push_back(kEscapes[byte]);
  if (kEscapes[byte] != 'u') return;
  out.append("00");
  out.push_back(kHex[byte >> 4]);
  out.push_back(kHex[byte & 0x0F]);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  for (std::size_t at = 0;;) {
    const auto escape = find_escape(text, at);
    out.append(text, at, escape - at);
    if (escape == text.size()) break;
    append_escape(out, text[escape]);
    at = escape + 1;
  }
  out.push_back('"');
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  comma_ = false;
  out_.push_back('"');
  out_.append(name);
  out_.append("\":");
  return *this;
}

JsonWriter& JsonWriter::fields_to_key(std::string_view json) {
  separate();
  comma_ = false;
  out_.append(json);
  return *this;
}

JsonWriter& JsonWriter::text_key(std::string_view name) {
  separate();
  append_json_string(out_, name);
  out_.push_back(':');
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view text) {
  separate();
  append_json_string(out_, text);
  return *this;
}

JsonWriter& JsonWriter::number(std::uint64_t value) {
  separate();
  char digits[20];
  out_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  return *this;
}

JsonWriter& JsonWriter::time(core::TimeMs time) {
  separate();
  out_.push_back('"');
  append_time(out_, time);
  out_.push_back('"');
  return *this;
}

JsonWriter& JsonWriter::uuid(const core::Uuid& uuid) {
  separate();
  char text[core::Uuid::kTextLength + 2];
  text[0] = text[sizeof text - 1] = '"';
  uuid.write_text(text + 1);
  out_.append(text, sizeof text);
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_.append(json);
  return *this;
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  comma_ = false;
  out_.push_back(bracket);
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  comma_ = true;
  out_.push_back(bracket);
  return *this;
}

}  // namespace parley::codec
