// What a person writes, sealed with a key of his own: encrypted in the log, readable by whoever has the key, and gone for good
// when that is destroyed. Sealed are a message's text, attachments and metadata, a profile's name and picture, and the hash of
// an account's password.
//
// Operation: AES-256-GCM with a random nonce; the command's id and its user are authenticated with it, so that a sealed body
// means nothing in another command. Concurrency: any thread. Errors: a body that can't be opened is none.
#pragma once

#include <array>
#include <cstdint>

#include "core/command.hpp"

namespace parley::codec {

// A user's key, and the number by which commands name it.
struct BodyKey {
  static constexpr std::size_t kSecretBytes = 64;
  std::uint64_t number = 0;             // 1 or more
  std::array<std::uint8_t, 32> seal{};  // for AES
  std::array<std::uint8_t, 32> hash{};  // for the hash of the payload (command_codec.hpp)

  // A new one, which nobody can guess; without a number.
  static BodyKey make();
  static BodyKey from_secret(std::uint64_t number, const std::array<std::uint8_t, kSecretBytes>& secret);
  [[nodiscard]] std::array<std::uint8_t, kSecretBytes> secret() const;
  bool operator==(const BodyKey&) const = default;
};

bool has_words(const core::Payload& payload);

// Fills `sealed` from the payload's words, which stay, and says whom they name. REQUIRES: has_words(), and the command has its
// id and its user.
void seal(core::Command& command, const BodyKey& key);
// Brings the words back into the payload, and lets `sealed` go. False: this is not what that key sealed for this command, or
// not what a client may write: nothing is changed. REQUIRES: it is sealed.
bool open(core::Command& command, const BodyKey& key);
// What is left when the key is gone: no words.
void forget_words(core::Command& command);

}  // namespace parley::codec
