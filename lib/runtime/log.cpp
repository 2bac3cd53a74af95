#include "runtime/log.hpp"

#include <poll.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>

#include "runtime/utf8.hpp"

namespace parley::runtime {
namespace {

thread_local std::string_view current_trace;

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  out += '"';
}

// A log may quote what a peer sent; one bad byte must not make the line unreadable to whoever collects it.
std::string well_formed(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_character(text);
    if (length == 0) {
      out += "\xef\xbf\xbd";
      text.remove_prefix(1);
    } else {
      out += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return out;
}

std::string timestamp(spdlog::log_clock::time_point time) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  const std::time_t seconds = ms / 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec, ms % 1000);
}

std::string text_log_line(const spdlog::details::log_msg& message, std::string_view trace_id) {
  std::string line = fmt::format("{} {:<8} {}", timestamp(message.time), spdlog::level::to_string_view(message.level),
                                 std::string_view(message.payload.data(), message.payload.size()));
  if (!trace_id.empty()) line.append(" trace_id=").append(trace_id);
  return line + '\n';
}

// Writes whole lines, as long as no one has to be waited for: a pipe that polls as writable takes 4 KiB at once.
class ImpatientSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit ImpatientSink(bool json) : json_(json) {}

 private:
  static constexpr std::size_t kChunk = 4096;

  void sink_it_(const spdlog::details::log_msg& message) override {
    std::string line = json_ ? json_log_line(message, current_trace) : text_log_line(message, current_trace);
    if (dropped_ > 0) line = dropped_line() + line;
    if (write(line)) {
      dropped_ = 0;
    } else {
      ++dropped_;
    }
  }
  void flush_() override {}

  [[nodiscard]] std::string dropped_line() const {
    const std::string text = fmt::format("{} log lines were dropped: no one read them in time", dropped_);
    const spdlog::details::log_msg message("", spdlog::level::warn, text);
    return json_ ? json_log_line(message, {}) : text_log_line(message, {});
  }

  // A line that was begun is finished when the reader comes back (`rest_`), so that lines stay whole.
  bool write(std::string_view line) {
    if (!rest_.empty()) {
      rest_.erase(0, write_some(rest_));
      if (!rest_.empty()) return false;
    }
    const std::size_t done = write_some(line);
    if (done > 0 && done < line.size()) rest_ = line.substr(done);
    return done > 0;
  }

  static std::size_t write_some(std::string_view text) {
    std::size_t done = 0;
    while (done < text.size()) {
      pollfd ready{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
      if (::poll(&ready, 1, 0) <= 0 || (ready.revents & POLLOUT) == 0) break;
      const ssize_t n = ::write(STDERR_FILENO, text.data() + done, std::min(kChunk, text.size() - done));
      if (n <= 0) break;
      done += static_cast<std::size_t>(n);
    }
    return done;
  }

  bool json_;
  std::uint64_t dropped_ = 0;
  std::string rest_;
};

}  // namespace

LogTrace::LogTrace(std::string_view trace_id) : before_(current_trace) { current_trace = trace_id; }
LogTrace::~LogTrace() { current_trace = before_; }

std::string json_log_line(const spdlog::details::log_msg& message, std::string_view trace_id) {
  const auto level = spdlog::level::to_string_view(message.level);
  std::string line = R"({"time":")" + timestamp(message.time) + R"(","level":")";
  line.append(level.data(), level.size()).append(R"(","message":)");
  append_json_string(line, well_formed({message.payload.data(), message.payload.size()}));
  if (!trace_id.empty()) {
    line += R"(,"trace_id":)";
    append_json_string(line, well_formed(trace_id));
  }
  return line + "}\n";
}

std::expected<void, std::string> set_up_log(const LogOptions& options) {
  const auto level = spdlog::level::from_str(options.level);
  if (level == spdlog::level::off && options.level != "off") return std::unexpected("unknown log level: " + options.level);
  const bool json =
      options.format == LogFormat::Json || (options.format == LogFormat::Automatic && ::isatty(STDERR_FILENO) == 0);
  auto logger = std::make_shared<spdlog::logger>("", std::make_shared<ImpatientSink>(json));
  logger->set_level(level);
  spdlog::set_default_logger(std::move(logger));
  return {};
}

}  // namespace parley::runtime
