#include "dialect/times.hpp"

#include "codec/rfc3339.hpp"

namespace parley::dialect {

std::string iso_of(std::int64_t ms) { return codec::time_text({ms}); }

std::optional<std::int64_t> ms_of_iso(std::string_view text) {
  const auto time = codec::parse_time(text);
  return time ? std::optional(time->value) : std::nullopt;
}

std::string float_seconds_of(std::int64_t ms) {
  auto fraction = std::to_string(1000 + ms % 1000).substr(1);
  while (fraction.size() > 1 && fraction.back() == '0') fraction.pop_back();
  return std::to_string(ms / 1000) + "." + fraction;
}

std::int64_t ms_in(const Json& object, std::string_view field) { return ms_of_iso(text_in(object, field)).value_or(0); }

std::int64_t number_in(const Json& message) {
  const auto it = message.find("number");
  return it != message.end() && it->is_number_integer() ? it->get<std::int64_t>() : ms_in(message, "posted_at");
}

}  // namespace parley::dialect
