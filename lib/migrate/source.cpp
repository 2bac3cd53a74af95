#include "migrate/source.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <cstring>

#include "codec/limits.hpp"

namespace parley::migrate {
namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

using Digest = std::array<std::uint8_t, SHA256_DIGEST_LENGTH>;
Digest digest(std::string_view text) {
  Digest out;
  SHA256(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), out.data());
  return out;
}

// So that parts can't run into each other.
void append_part(std::string& out, std::string_view part) {
  for (const char c : part) {
    if (c == '/')
      out += "%2F";
    else if (c == '%')
      out += "%25";
    else
      out += c;
  }
}

}  // namespace

std::string_view wrong_with_source(std::string_view name) {
  static_assert(kMaxSourceCharacters == 40);
  if (name.empty() || name.size() > kMaxSourceCharacters) return "must have 1 to 40 characters";
  return std::ranges::all_of(name, is_plain) ? "" : "must have letters, digits, '.', '_' and '-' alone";
}

std::string as_source(std::string_view text) {
  std::string name(text.substr(0, kMaxSourceCharacters));
  for (auto& c : name)
    if (!is_plain(c)) c = '_';
  return name.empty() ? "_" : name;
}

Source::Source(std::string_view name) : prefix_("import:" + std::string(name) + ":"), gateway_(hash_of(prefix_)) {}

std::string Source::key(std::initializer_list<std::string_view> parts) const {
  std::string what;
  for (const auto part : parts) {
    if (!what.empty()) what += '/';
    append_part(what, part);
  }
  if (prefix_.size() + what.size() <= codec::kMaxKeyCharacters) return prefix_ + what;
  static constexpr char kHex[] = "0123456789abcdef";
  auto key = prefix_ + "#";
  for (const auto byte : digest(what)) (key += kHex[byte >> 4]) += kHex[byte & 15];
  return key;
}

std::uint64_t hash_of(std::string_view key) {
  const auto bytes = digest(key);
  std::uint64_t hash = 0;
  std::memcpy(&hash, bytes.data(), sizeof hash);
  return hash;
}

// The id ends with the lower half, as command_id() puts it there.
void put_hash(core::Command& command, std::uint64_t hash) {
  command.id = core::command_id(command.stream.slot(), command.received_at, hash);
  command.origin.shard = static_cast<std::uint32_t>(hash >> 32);
}

std::uint64_t hash_in(const core::Command& command) {
  std::uint64_t hash = command.origin.shard;
  for (const char byte : command.id.bytes().substr(core::Uuid::kBytes - sizeof(std::uint32_t)))
    hash = hash << 8 | static_cast<std::uint8_t>(byte);
  return hash;
}

}  // namespace parley::migrate
