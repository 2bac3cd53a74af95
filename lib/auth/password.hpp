// Passwords as Argon2id hashes in their usual text ("$argon2id$v=19$m=65536,t=2,p=1$…"), made and checked by libsodium.
//
// Concurrency: any thread. Limits: a call takes the processor for tens of milliseconds, and the memory that its cost says: it
// is nothing for a shard (password_pool.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::auth {

// What a hash costs whoever makes, checks or guesses it.
struct PasswordCost {
  static constexpr std::uint32_t kMostOperations = 64;
  static constexpr std::uint32_t kLeastMemoryKib = 8;
  static constexpr std::uint32_t kMostMemoryKib = 1 << 20;
  std::uint32_t operations = 2;  // passes over the memory
  std::uint32_t memory_kib = 64 << 10;
};

// None: there is no memory for it.
std::optional<std::string> hash_password(std::string_view password, const PasswordCost& cost);
// False also of what is no such hash, and of one that costs more than the most of PasswordCost: it came from elsewhere.
bool fits_password(const std::string& hash, std::string_view password);

}  // namespace parley::auth
