// W3C Trace Context: the `traceparent` that a request brings, carries through the log and shows in logs and problem bodies.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::runtime {

class TraceContext {
 public:
  // A traceparent header as sent; none when it does not keep to the standard (a version above 00 may have more fields).
  static std::optional<TraceContext> parse(std::string_view traceparent);
  // A trace that begins here, sampled.
  static TraceContext make();
  // What a caller's header says, or a new trace when it says nothing usable.
  static TraceContext from(std::string_view traceparent);

  // The next step of the same trace.
  [[nodiscard]] TraceContext child() const;
  [[nodiscard]] std::string traceparent() const;
  [[nodiscard]] std::string trace_id() const;  // 32 hexadecimal digits
  [[nodiscard]] bool sampled() const { return (flags_ & 1) != 0; }

 private:
  TraceContext(std::uint64_t high, std::uint64_t low, std::uint64_t span, std::uint8_t flags)
      : trace_high_(high), trace_low_(low), span_(span), flags_(flags) {}

  std::uint64_t trace_high_;
  std::uint64_t trace_low_;
  std::uint64_t span_;
  std::uint8_t flags_;
};

}  // namespace parley::runtime
