#include "core/ids.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <cstdlib>
#include <initializer_list>

namespace parley::core {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
// Where the dashes stand in a UUID's text: 8-4-4-4-12.
constexpr bool is_dash_position(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

using Bytes = std::array<std::uint8_t, Uuid::kBytes>;

// RFC 9562: version 8 ("vendor specific") in byte 6, the variant 10 in byte 8.
void stamp_version_8(Bytes& bytes) {
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x80);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
}

void append_field(std::string& out, std::string_view field) {
  const auto length = static_cast<std::uint32_t>(field.size());
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(length >> shift & 0xFF));
  out.append(field);
}

Bytes hash_fields(std::initializer_list<std::string_view> fields) {
  std::string input;
  for (const auto field : fields) append_field(input, field);
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest;
  if (!SHA256(reinterpret_cast<const std::uint8_t*>(input.data()), input.size(), digest.data())) std::abort();
  Bytes bytes;
  std::copy_n(digest.begin(), bytes.size(), bytes.begin());
  stamp_version_8(bytes);
  return bytes;
}

void set_slot(Bytes& bytes, Slot slot) {
  bytes[0] = static_cast<std::uint8_t>(slot >> 8);
  bytes[1] = static_cast<std::uint8_t>(slot & 0xFF);
}

}  // namespace

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != kTextLength) return std::nullopt;
  Bytes bytes;
  std::size_t byte = 0;
  for (std::size_t i = 0; i < kTextLength;) {
    if (is_dash_position(i)) {
      if (text[i++] != '-') return std::nullopt;
      continue;
    }
    const int high = hex_value(text[i]);
    const int low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes[byte++] = static_cast<std::uint8_t>(high << 4 | low);
    i += 2;
  }
  return Uuid{bytes};
}

std::optional<Uuid> Uuid::from_bytes(std::string_view bytes) {
  if (bytes.size() != kBytes) return std::nullopt;
  Uuid uuid;
  std::memcpy(uuid.bytes_.data(), bytes.data(), kBytes);
  return uuid;
}

void Uuid::write_text(char* out) const {
  std::size_t at = 0;
  for (const auto byte : bytes_) {
    if (is_dash_position(at)) out[at++] = '-';
    out[at++] = kHexDigits[byte >> 4];
    out[at++] = kHexDigits[byte & 0x0F];
  }
}

std::string Uuid::text() const {
  std::string text(kTextLength, '\0');
  write_text(text.data());
  return text;
}

std::optional<UserId> UserId::parse(std::string_view text) {
  // The longest code point is 4 bytes: this bounds the work on a text that is far too long.
  if (text.empty() || text.size() > 4 * kMaxCharacters || !is_utf8(text)) return std::nullopt;
  if (count_characters(text) > kMaxCharacters || has_control_characters(text) || text.contains('/')) return std::nullopt;
  return UserId{std::string{text}};
}

WorkspaceId workspace_id(const UserId& creator, std::string_view key) {
  return {Uuid{hash_fields({"workspace", creator.text, key})}};
}

ChannelId group_id(const UserId& creator, std::string_view key) { return {Uuid{hash_fields({"group", creator.text, key})}}; }

ChannelId channel_id(const WorkspaceId& workspace, const UserId& creator, std::string_view key) {
  auto bytes = hash_fields({"channel", workspace.bytes(), creator.text, key});
  set_slot(bytes, workspace.slot());
  return {Uuid{bytes}};
}

ChannelId direct_id(const UserId& one, const UserId& other) {
  const auto& [first, second] = std::minmax(one, other);
  return {Uuid{hash_fields({"direct", first.text, second.text})}};
}

ChannelId room_id(std::string_view name) { return {Uuid{hash_fields({"room", name})}}; }

StreamId erasure_stream(const UserId& user, Slot slot) {
  auto bytes = hash_fields({"erasure", user.text});
  set_slot(bytes, slot);
  return {Uuid{bytes}};
}

// Bytes 0-1 slot | 2-5 | the low half of 6, whose high half is the version.
IdNumber number_of(const Uuid& id) {
  std::uint64_t number = 0;
  for (const char c : id.bytes().substr(0, kNumberedBytes)) number = number << 8 | static_cast<std::uint8_t>(c);
  return {number << 4 | (static_cast<std::uint8_t>(id.bytes()[kNumberedBytes]) & 0x0F)};
}

std::string bytes_of(IdNumber number) {
  std::string bytes;
  for (int shift = 44; shift >= 4; shift -= 8) bytes.push_back(static_cast<char>(number.value >> shift & 0xFF));
  return bytes;
}
StreamId name_stream(std::string_view space, std::string_view name) { return {Uuid{hash_fields({"name", space, name})}}; }

StreamId user_stream(const UserId& user) { return {Uuid{hash_fields({"user", user.text})}}; }

// Bytes 0-1 slot | 2-5 time, its high 32 bits | 6-7 version and the next 12 | 8 variant, the last 4, random 2 | 9-15 random.
CommandId command_id(Slot slot, TimeMs now, std::uint64_t random) {
  const auto time = static_cast<std::uint64_t>(now.value);
  Bytes bytes;
  set_slot(bytes, slot);
  for (int i = 0; i < 4; ++i) bytes[2 + i] = static_cast<std::uint8_t>(time >> (40 - 8 * i));
  bytes[6] = static_cast<std::uint8_t>(time >> 12 & 0x0F);
  bytes[7] = static_cast<std::uint8_t>(time >> 4);
  bytes[8] = static_cast<std::uint8_t>((time & 0x0F) << 2 | (random >> 56 & 0x03));
  for (int i = 0; i < 7; ++i) bytes[9 + i] = static_cast<std::uint8_t>(random >> (48 - 8 * i));
  stamp_version_8(bytes);
  return {Uuid{bytes}};
}

TimeMs time_of(const CommandId& id) {
  const auto byte = [&](std::size_t i) { return std::uint64_t{static_cast<std::uint8_t>(id.bytes()[i])}; };
  const auto high = byte(2) << 24 | byte(3) << 16 | byte(4) << 8 | byte(5);
  const auto low = (byte(6) & 0x0F) << 12 | byte(7) << 4 | (byte(8) >> 2 & 0x0F);
  return {static_cast<std::int64_t>(high << 16 | low)};
}

}  // namespace parley::core
