// So much a second, and so much at once.
//
// Concurrency: pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace parley::limit {

struct Rate {
  static constexpr std::uint64_t kMost = 1'000'000'000;
  std::uint64_t per_second = 0;  // 0: no limit
  std::uint64_t burst = 0;

  [[nodiscard]] bool is_off() const { return per_second == 0; }
  bool operator==(const Rate&) const = default;
  // "20/100": 20 a second, 100 at once, each from 1 to kMost; "off": no limit. Anything else: none.
  static std::optional<Rate> parse(std::string_view text);
};

}  // namespace parley::limit
