// How large what a client writes may be. These are bounds of the log's format: a reader refuses what is beyond them, so that
// an option of ingest may be lower but never higher.
#pragma once

#include <cstddef>
#include <cstdint>

namespace parley::codec {

inline constexpr std::size_t kMaxTextBytes = 16384;     // of a message; at least 1
inline constexpr std::size_t kMaxNameCharacters = 200;  // of a user, workspace or channel; at least 1, no control characters
inline constexpr std::size_t kMaxRoomNameCharacters = 128;  // at least 1, no control characters
inline constexpr std::size_t kMaxNamespaceCharacters = 64;  // of names of the site's: a-z, 0-9, _, . and -; at least 1
inline constexpr std::size_t kMaxRoleCharacters = 32;       // of an account: A-Z and _; at least 1
inline constexpr std::size_t kMaxPasswordHashBytes = 127;   // at least 1, printable ASCII
inline constexpr std::size_t kMaxTopicCharacters = 1000;
inline constexpr std::size_t kMaxAvatarUrlBytes = 2048;
inline constexpr std::size_t kMaxMembers = 1000;           // named when a channel is created
inline constexpr std::size_t kMaxKeyCharacters = 128;      // of an idempotency key; at least 1
inline constexpr std::size_t kMaxEmojiBytes = 64;          // at least 1, no control characters
inline constexpr std::size_t kMaxReasonCharacters = 1000;  // of a ban
inline constexpr std::size_t kMaxAttachments = 20;
inline constexpr std::size_t kMaxAttachmentsBytes = 16 << 10;  // as compact JSON
inline constexpr std::size_t kMaxMetadataBytes = 4 << 10;      // as compact JSON
inline constexpr std::size_t kMaxWatchedUsers = 200;           // whose presence a connection watches
inline constexpr std::size_t kSealBytes = 12 + 16;             // what a sealed body has besides its words: nonce and tag
inline constexpr std::size_t kMaxSealedBytes = 64 << 10;       // more than any words that are within the other bounds
inline constexpr std::size_t kMaxJsonDepth = 32;
inline constexpr std::size_t kMaxTraceparentBytes = 128;
inline constexpr std::uint64_t kMaxNumber = (std::uint64_t{1} << 53) - 1;  // what every JSON reader keeps exact
inline constexpr std::uint32_t kMaxPage = 200;
inline constexpr std::uint32_t kDefaultPage = 50;
inline constexpr std::size_t kMinPasswordBytes = 8;  // no bound of the log's format: no password is in it
inline constexpr std::size_t kMaxPasswordBytes = 1024;
inline constexpr std::size_t kMaxSearchBytes = 512;  // of what is searched for; at least 1. No bound of the log's format

}  // namespace parley::codec
