// The log's first record: what every reader must know before it folds.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "codec/decode_error.hpp"

namespace parley::codec {

inline constexpr std::string_view kControlType = "parley.control.v1";

struct Control {
  std::uint32_t format = 1;
  std::uint32_t partitions = 0;
  std::uint32_t rules_version = 1;
  std::uint64_t epoch = 0;
  std::int64_t dedup_window_ms = std::int64_t{24} * 3600 * 1000;
  bool operator==(const Control&) const = default;
};

std::string encode(const Control& control);
// Whether this program can work with it is the caller's to judge: any numbers are returned, save 0 partitions or format 0.
std::expected<Control, DecodeError> decode_control(std::string_view bytes);

}  // namespace parley::codec
