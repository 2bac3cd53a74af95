#include "dialect/pagenow/message.hpp"

#include <algorithm>

#include "core/ids.hpp"
#include "dialect/times.hpp"

namespace parley::dialect::pagenow {

// The channel's id with the seq laid over its last six bytes: those of a channel are all different, and none is its own.
std::string message_id(const Json& message) {
  const auto channel = core::Uuid::parse(text_in(message, "channel_id")).value_or(core::Uuid{});
  std::array<std::uint8_t, core::Uuid::kBytes> bytes{};
  std::ranges::transform(channel.bytes(), bytes.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
  auto seq = message.value("seq", std::uint64_t{0});
  for (auto byte = bytes.rbegin(); byte != bytes.rbegin() + 6; ++byte, seq >>= 8)
    *byte ^= static_cast<std::uint8_t>(seq & 0xFF);
  return core::Uuid(bytes).text();
}

std::string sent_at(const Json& message) { return iso_of(number_in(message)); }

}  // namespace parley::dialect::pagenow
