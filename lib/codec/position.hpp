// The opaque text that names a place in the log: "p1-<epoch, hex>-<partition>-<offset>". Everything before `next` is included.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::codec {

struct Position {
  std::uint64_t epoch = 0;  // of the log: positions of another one mean nothing
  std::uint32_t partition = 0;
  std::uint64_t next = 0;  // the offset after the last one included
  bool operator==(const Position&) const = default;

  void append_to(std::string& out) const;
  [[nodiscard]] std::string text() const;
  // Exactly what text() gives; none otherwise.
  static std::optional<Position> parse(std::string_view text);
};

// At least one, separated by commas. Spaces beside them are allowed, since proxies join headers so, and an empty element is
// passed over (RFC 9110, 5.6.1).
std::optional<std::vector<Position>> parse_positions(std::string_view text);

}  // namespace parley::codec
