#include "runtime/trace.hpp"

#include <spdlog/fmt/fmt.h>

#include "runtime/random.hpp"

namespace parley::runtime {
namespace {

// "vv-tttttttttttttttttttttttttttttttt-ssssssssssssssss-ff"
constexpr std::size_t kLength = 55;

// Lower-case hexadecimal alone: the standard forbids capitals.
std::optional<std::uint64_t> parse_hex(std::string_view digits) {
  std::uint64_t value = 0;
  for (const char c : digits) {
    if (c >= '0' && c <= '9') {
      value = value << 4 | static_cast<std::uint64_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      value = value << 4 | static_cast<std::uint64_t>(c - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  return value;
}

std::uint64_t random_nonzero() {
  for (;;) {
    if (const std::uint64_t value = random_u64(); value != 0) return value;
  }
}

}  // namespace

std::optional<TraceContext> TraceContext::parse(std::string_view text) {
  if (text.size() < kLength || text[2] != '-' || text[35] != '-' || text[52] != '-') return std::nullopt;
  const auto version = parse_hex(text.substr(0, 2));
  const auto high = parse_hex(text.substr(3, 16));
  const auto low = parse_hex(text.substr(19, 16));
  const auto span = parse_hex(text.substr(36, 16));
  const auto flags = parse_hex(text.substr(53, 2));
  if (!version || !high || !low || !span || !flags || *version == 0xff) return std::nullopt;
  if (text.size() > kLength && (*version == 0 || text[kLength] != '-')) return std::nullopt;
  if ((*high == 0 && *low == 0) || *span == 0) return std::nullopt;
  return TraceContext(*high, *low, *span, static_cast<std::uint8_t>(*flags & 1));
}

TraceContext TraceContext::make() { return {random_u64(), random_nonzero(), random_nonzero(), 1}; }

TraceContext TraceContext::from(std::string_view traceparent) {
  const auto given = parse(traceparent);
  return given ? *given : make();
}

TraceContext TraceContext::child() const { return {trace_high_, trace_low_, random_nonzero(), flags_}; }

std::string TraceContext::traceparent() const {
  return fmt::format("00-{:016x}{:016x}-{:016x}-{:02x}", trace_high_, trace_low_, span_, flags_);
}

std::string TraceContext::trace_id() const { return fmt::format("{:016x}{:016x}", trace_high_, trace_low_); }

}  // namespace parley::runtime
