// Logs on standard error: text on a terminal, one JSON object a line otherwise. After set_up_log() everything goes through
// spdlog's default logger (spdlog::info, …); log_traced() adds the trace that a line belongs to.
//
// Concurrency: any thread. Limits: never waits for who reads standard error: what does not fit in its pipe is dropped, and a
// later line says how many were.
#pragma once

#include <spdlog/spdlog.h>

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace parley::runtime {

enum class LogFormat : std::uint8_t { Automatic, Text, Json };

struct LogOptions {
  std::string level = "info";  // trace, debug, info, warning, error, critical or off
  LogFormat format = LogFormat::Automatic;
};

// The error says which level is unknown.
std::expected<void, std::string> set_up_log(const LogOptions& options);

// One line of the log as JSON, with its newline. `trace_id` may be empty.
std::string json_log_line(const spdlog::details::log_msg& message, std::string_view trace_id);

// The trace of the lines that this thread logs while it lives. REQUIRES: not held across a co_await.
class LogTrace {
 public:
  explicit LogTrace(std::string_view trace_id);
  ~LogTrace();
  LogTrace(const LogTrace&) = delete;
  LogTrace& operator=(const LogTrace&) = delete;

 private:
  std::string_view before_;
};

template <class... Args>
void log_traced(spdlog::level::level_enum level, std::string_view trace_id, fmt::format_string<Args...> format,
                Args&&... args) {
  const LogTrace trace(trace_id);
  spdlog::log(level, format, std::forward<Args>(args)...);
}

}  // namespace parley::runtime
