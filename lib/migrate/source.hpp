// Where an export comes from, and how what is in it is named in the log: by idempotency keys `import:<source>:<what>`, which
// are there in the clear for ever. So whoever reads the log knows what of the source is in it.
//
// Concurrency: values and pure functions.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace parley::migrate {

inline constexpr std::size_t kMaxSourceCharacters = 40;
// What is wrong with it, for people; empty: nothing. Letters, digits, '.', '_', '-'.
std::string_view wrong_with_source(std::string_view name);
// The nearest to `text` that can be one.
std::string as_source(std::string_view text);

class Source {
 public:
  explicit Source(std::string_view name) : prefix_("import:" + std::string(name) + ":") {}

  [[nodiscard]] const std::string& prefix() const { return prefix_; }
  // The key of what has this name in parts: "message", channel, id. What would be too long is hashed.
  [[nodiscard]] std::string key(std::initializer_list<std::string_view> parts) const;

 private:
  std::string prefix_;
};

// 64 bits of a SHA-256: of ten million keys two are alike once in 400,000 times.
std::uint64_t hash_of(std::string_view key);

}  // namespace parley::migrate
