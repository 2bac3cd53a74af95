// The names of things: strong types, so that no id, number or time is taken for another one.
//
// Ids of workspaces and channels are UUIDs of version 8 (RFC 9562) made of a SHA-256 over what the thing is and who made
// it, so that a retried creation names the same thing. Their first 16 bits are the slot, which alone tells the log
// partition. Values; no ownership, any thread.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace parley::core {

using Slot = std::uint16_t;

class Uuid {
 public:
  static constexpr std::size_t kBytes = 16;
  static constexpr std::size_t kTextLength = 36;

  constexpr Uuid() = default;
  explicit constexpr Uuid(const std::array<std::uint8_t, kBytes>& bytes) : bytes_(bytes) {}

  // The canonical text form, in either case; nothing else (no braces, no URN).
  static std::optional<Uuid> parse(std::string_view text);
  // Exactly 16 raw bytes.
  static std::optional<Uuid> from_bytes(std::string_view bytes);

  // Writes kTextLength lower-case characters, unterminated.
  void write_text(char* out) const;
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::string_view bytes() const { return {reinterpret_cast<const char*>(bytes_.data()), kBytes}; }
  [[nodiscard]] Slot slot() const { return static_cast<Slot>(bytes_[0] << 8 | bytes_[1]); }
  [[nodiscard]] bool is_nil() const { return *this == Uuid{}; }
  auto operator<=>(const Uuid&) const = default;

 private:
  std::array<std::uint8_t, kBytes> bytes_{};
};

// A Uuid that names one kind of thing.
template <class Tag>
struct Id {
  Uuid uuid;
  static std::optional<Id> parse(std::string_view text) {
    const auto u = Uuid::parse(text);
    return u ? std::optional<Id>{Id{*u}} : std::nullopt;
  }
  static std::optional<Id> from_bytes(std::string_view bytes) {
    const auto u = Uuid::from_bytes(bytes);
    return u ? std::optional<Id>{Id{*u}} : std::nullopt;
  }
  [[nodiscard]] std::string text() const { return uuid.text(); }
  [[nodiscard]] std::string_view bytes() const { return uuid.bytes(); }
  [[nodiscard]] Slot slot() const { return uuid.slot(); }
  auto operator<=>(const Id&) const = default;
};
using WorkspaceId = Id<struct WorkspaceTag>;
using ChannelId = Id<struct ChannelTag>;
using StreamId = Id<struct StreamTag>;
using CommandId = Id<struct CommandTag>;

// A number that counts one kind of thing.
template <class Tag>
struct Number {
  std::uint64_t value = 0;
  [[nodiscard]] Number next() const { return {value + 1}; }
  auto operator<=>(const Number&) const = default;
};
using Seq = Number<struct SeqTag>;          // of a message in its channel; the first is 1
using Version = Number<struct VersionTag>;  // of an accepted change in its channel or workspace; the first is 1
// Of a message, for clients that know it by its time: milliseconds since 1970, or one more than the message before it has.
using MessageNumber = Number<struct MessageNumberTag>;

// Milliseconds since the Unix epoch, UTC.
struct TimeMs {
  std::int64_t value = 0;
  auto operator<=>(const TimeMs&) const = default;
};

// Who a valid token names. 1–128 characters (code points), no control characters, no '/'.
struct UserId {
  static constexpr std::size_t kMaxCharacters = 128;
  std::string text;
  static std::optional<UserId> parse(std::string_view text);
  auto operator<=>(const UserId&) const = default;
};

// Valid UTF-8 (RFC 3629: no surrogates, no overlong forms)?
bool is_utf8(std::string_view text);
// Code points of valid UTF-8.
std::size_t count_characters(std::string_view utf8);
// Has it a control character (C0, DEL, C1)?
bool has_control_characters(std::string_view utf8);

// --- how ids are made (protocol.md, section 1): the first 16 bytes of the SHA-256 over the fields, each behind its length as
// 4 bytes big-endian; the first field is the kind's word, a workspace is its 16 raw bytes; then version and variant are set
WorkspaceId workspace_id(const UserId& creator, std::string_view key);
ChannelId group_id(const UserId& creator, std::string_view key);
ChannelId channel_id(const WorkspaceId& workspace, const UserId& creator, std::string_view key);
ChannelId direct_id(const UserId& one, const UserId& other);
ChannelId room_id(std::string_view name);
StreamId user_stream(const UserId& user);
// Of one name of the site's (SiteName, command.hpp).
StreamId name_stream(std::string_view space, std::string_view name);
// Of the erasure of a user in the partition of a slot.
StreamId erasure_stream(const UserId& user, Slot slot);
inline StreamId stream_of(const WorkspaceId& w) { return {w.uuid}; }
inline StreamId stream_of(const ChannelId& c) { return {c.uuid}; }
// A command's id: the stream's slot, then the time, then `random`: so it finds its partition and sorts by time.
CommandId command_id(Slot slot, TimeMs now, std::uint64_t random);
// The time that command_id put in.
TimeMs time_of(const CommandId& id);

// --- ids for clients that want integers: 52 bits, of a channel's id or of a user's stream. The slot is in front, so a number
// tells its partition; two ids may have the same
using IdNumber = Number<struct IdNumberTag>;
inline constexpr IdNumber kMaxIdNumber{(std::uint64_t{1} << 52) - 1};
inline constexpr std::size_t kNumberedBytes = 6;  // of an id, at its front, are whole in its number
IdNumber number_of(const Uuid& id);
inline IdNumber number_of(const ChannelId& channel) { return number_of(channel.uuid); }
inline IdNumber number_of(const UserId& user) { return number_of(user_stream(user).uuid); }
inline Slot slot_of(IdNumber number) { return static_cast<Slot>(number.value >> 36); }
// With what every id of this number begins.
std::string bytes_of(IdNumber number);

// The partition of a slot (protocol.md, section 1).
inline std::uint32_t partition_of(Slot slot, std::uint32_t partitions) {
  return static_cast<std::uint32_t>(std::uint64_t{slot} * partitions / 65536);
}
// The lowest slot of a partition.
inline Slot first_slot(std::uint32_t partition, std::uint32_t partitions) {
  return static_cast<Slot>((std::uint64_t{partition} * 65536 + partitions - 1) / partitions);
}

}  // namespace parley::core

template <>
struct std::hash<parley::core::Uuid> {
  std::size_t operator()(const parley::core::Uuid& u) const noexcept {
    std::size_t h = 0;  // the bytes are a hash already
    std::memcpy(&h, u.bytes().data() + 8, sizeof h);
    return h;
  }
};
template <class Tag>
struct std::hash<parley::core::Id<Tag>> {
  std::size_t operator()(const parley::core::Id<Tag>& id) const noexcept { return std::hash<parley::core::Uuid>{}(id.uuid); }
};
template <>
struct std::hash<parley::core::UserId> {
  std::size_t operator()(const parley::core::UserId& u) const noexcept { return std::hash<std::string>{}(u.text); }
};
