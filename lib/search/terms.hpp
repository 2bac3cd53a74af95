// How a message is laid down in Xapian. Inside lib/search only.
//
//   terms    words as they are written, in lower case, with their positions; Z + stem; C + channel, A + author, Q + channel +
//   seq values   0: when it was posted, 1: channel + seq, 2: the channel's short mark data     none: the row of the message is
//   where it always is
#pragma once

#include <xapian.h>

#include <cstdint>
#include <string>

#include "core/apply.hpp"

namespace parley::search {

inline constexpr Xapian::valueno kPostedAt = 0;
inline constexpr Xapian::valueno kPlace = 1;
inline constexpr Xapian::valueno kChannelMark = 2;

// Numbers that sort as bytes.
inline std::string big_endian(std::uint64_t value) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(value >> shift & 0xff));
  return bytes;
}
inline std::string time_value(core::TimeMs time) {
  return big_endian(static_cast<std::uint64_t>(time.value) ^ std::uint64_t{1} << 63);
}

inline std::string place_of(const core::MessageRef& message) {
  return std::string(message.channel.bytes()) + big_endian(message.seq.value);
}
core::MessageRef message_at(const std::string& place);

// Half of a channel's id, which is a hash: enough to look it up in a set.
inline std::string channel_mark(const core::ChannelId& channel) { return std::string(channel.bytes().substr(8)); }

inline std::string channel_term(const core::ChannelId& channel) { return "C" + std::string(channel.bytes()); }
inline std::string message_term(const core::MessageRef& message) { return "Q" + place_of(message); }
// By a hash of the user's id, which may be longer than a term.
inline std::string author_term(const core::UserId& author) { return "A" + std::string(core::user_stream(author).bytes()); }

}  // namespace parley::search
