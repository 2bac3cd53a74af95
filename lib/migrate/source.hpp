// Where an export comes from, and how what is in it is known in the log again: each thing has a key `import:<source>:<what>`,
// and the command that brought it over has 64 bits of that key's hash in its id and its origin, for ever. The key itself is in
// a creation alone, whose id is made of it: an idempotency key of each message would be looked up and kept by every fold.
//
// Concurrency: values and pure functions.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "core/command.hpp"

namespace parley::migrate {

inline constexpr std::size_t kMaxSourceCharacters = 40;
// What is wrong with it, for people; empty: nothing. Letters, digits, '.', '_', '-'.
std::string_view wrong_with_source(std::string_view name);
// The nearest to `text` that can be one.
std::string as_source(std::string_view text);

class Source {
 public:
  explicit Source(std::string_view name);

  [[nodiscard]] const std::string& prefix() const { return prefix_; }
  // As which all that comes from here is in the log: the origin's gateway.
  [[nodiscard]] std::uint64_t gateway() const { return gateway_; }
  // The key of what has this name in parts: "message", channel, id. What would be too long is hashed.
  [[nodiscard]] std::string key(std::initializer_list<std::string_view> parts) const;

 private:
  std::string prefix_;
  std::uint64_t gateway_;
};

// 64 bits of a SHA-256: of ten million keys two are alike once in 400,000 times.
std::uint64_t hash_of(std::string_view key);
// Puts a key's hash into a command that has stream and time, and takes it out of one that has come from a source.
void put_hash(core::Command& command, std::uint64_t hash);
std::uint64_t hash_in(const core::Command& command);

}  // namespace parley::migrate
