#include "eventlog/embedded/record_format.hpp"

namespace parley::eventlog {
namespace {

constexpr char kFormat = 1;

void put_length(std::size_t length, std::string& out) {
  while (length >= 0x80) {
    out.push_back(static_cast<char>(length | 0x80));
    length >>= 7;
  }
  out.push_back(static_cast<char>(length));
}

std::optional<std::size_t> take_length(std::string_view& in) {
  std::size_t length = 0;
  for (unsigned shift = 0; shift < 35 && !in.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    length |= static_cast<std::size_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return length;
  }
  return std::nullopt;
}

std::optional<std::string_view> take_string(std::string_view& in) {
  const auto length = take_length(in);
  if (!length || *length > in.size()) return std::nullopt;
  const auto taken = in.substr(0, *length);
  in.remove_prefix(*length);
  return taken;
}

}  // namespace

std::array<char, 8> offset_key(Offset offset) {
  std::array<char, 8> key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<char>(offset >> (56 - 8 * i));
  return key;
}

std::optional<Offset> offset_of(std::string_view key) {
  if (key.size() != sizeof(Offset)) return std::nullopt;
  Offset offset = 0;
  for (const char byte : key) offset = offset << 8 | static_cast<unsigned char>(byte);
  return offset;
}

void encode_head(std::string_view type, std::string_view key, std::string& head) {
  head.push_back(kFormat);
  put_length(type.size(), head);
  head.append(type);
  put_length(key.size(), head);
  head.append(key);
}

std::optional<Record> decode_record(Offset offset, std::string_view bytes) {
  if (bytes.empty() || bytes.front() != kFormat) return std::nullopt;
  bytes.remove_prefix(1);
  const auto type = take_string(bytes);
  const auto key = type ? take_string(bytes) : std::nullopt;
  if (!key) return std::nullopt;
  return Record{offset, std::string(*key), std::string(bytes), std::string(*type)};
}

}  // namespace parley::eventlog
