#include "query-api/upload_name.hpp"

#include <cstdint>

#include "s3/sigv4.hpp"

namespace parley::query_api {

namespace {

constexpr std::size_t kMaxEndingBytes = 16;

std::size_t sequence_length(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

std::uint32_t code_point(std::string_view sequence) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
  if (sequence.size() == 1) return at(0);
  std::uint32_t value = at(0) & (0xffU >> (sequence.size() + 1));
  for (std::size_t i = 1; i < sequence.size(); ++i) value = value << 6U | (at(i) & 0x3fU);
  return value;
}

bool is_plain(std::uint32_t c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};
// Beyond ASCII: control characters, spaces that are none, marks of direction, what joins and what can't be seen, private use,
// and what is no character.
constexpr Range kUnseen[] = {{0x80, 0xa0},     {0xad, 0xad},     {0x034f, 0x034f}, {0x061c, 0x061c},   {0x115f, 0x1160},
                             {0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x2000, 0x200f}, {0x2028, 0x202f},   {0x205f, 0x206f},
                             {0x3000, 0x3000}, {0x3164, 0x3164}, {0xe000, 0xf8ff}, {0xfdd0, 0xfdef},   {0xfe00, 0xfe0f},
                             {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xffff}, {0xe0000, 0x10ffff}};

bool is_safe(std::uint32_t c, bool in_front) {
  if (c < 0x80) return is_plain(c) || c == '_' || (!in_front && (c == '.' || c == '-'));
  for (const auto& range : kUnseen)
    if (c >= range.first && c <= range.last) return false;
  return true;
}

// No longer than `most`, cut between characters.
std::string_view cut(std::string_view name, std::size_t most) {
  if (name.size() <= most) return name;
  while (most > 0 && (static_cast<unsigned char>(name[most]) & 0xc0U) == 0x80U) --most;
  return name.substr(0, most);
}

std::string shortened(std::string_view name) {
  if (name.size() <= kMaxNameBytes) return std::string(name);
  const auto dot = name.rfind('.');
  const auto ending = dot == std::string_view::npos || name.size() - dot > kMaxEndingBytes ? "" : name.substr(dot);
  return std::string(cut(name.substr(0, name.size() - ending.size()), kMaxNameBytes - ending.size())).append(ending);
}

}  // namespace

std::string safe_name(std::string_view name) {
  std::string safe;
  while (!name.empty()) {
    const auto sequence = name.substr(0, sequence_length(name.front()));
    is_safe(code_point(sequence), safe.empty()) ? safe.append(sequence) : safe.append("_");
    name.remove_prefix(sequence.size());
  }
  return safe.empty() ? "_" : shortened(safe);
}

std::string attachment_disposition(std::string_view name) {
  std::string ascii;
  auto rest = name;
  for (; !rest.empty(); rest.remove_prefix(sequence_length(rest.front())))
    ascii += sequence_length(rest.front()) == 1 ? rest.front() : '_';
  return "attachment; filename=\"" + ascii + "\"; filename*=UTF-8''" + s3::uri_encode(name);
}

}  // namespace parley::query_api
