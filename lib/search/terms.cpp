#include "search/terms.hpp"

namespace parley::search {

core::MessageRef message_at(const std::string& place) {
  core::MessageRef message;
  constexpr auto kId = core::Uuid::kBytes;
  if (place.size() != kId + sizeof(std::uint64_t)) return message;
  message.channel = core::ChannelId::from_bytes(std::string_view(place).substr(0, kId)).value_or(core::ChannelId{});
  for (const char c : place.substr(kId)) message.seq.value = message.seq.value << 8 | static_cast<std::uint8_t>(c);
  return message;
}

}  // namespace parley::search
