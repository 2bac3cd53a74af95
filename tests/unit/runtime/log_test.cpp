#include "runtime/log.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

namespace parley::runtime {
namespace {

spdlog::details::log_msg message_of(std::string_view text) {
  const spdlog::log_clock::time_point time{std::chrono::milliseconds(1700000000123)};
  return {time, {}, "", spdlog::level::warn, spdlog::string_view_t(text.data(), text.size())};
}

// Standard error is a pipe of ours while it lives, and the default logger is put back.
class PipedStderr {
 public:
  PipedStderr() : stderr_(::dup(STDERR_FILENO)), logger_(spdlog::default_logger()) {
    EXPECT_EQ(::pipe(ends_.data()), 0);
    ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
    ::dup2(ends_[1], STDERR_FILENO);
  }
  ~PipedStderr() {
    spdlog::set_default_logger(logger_);
    ::dup2(stderr_, STDERR_FILENO);
    for (const int fd : {stderr_, ends_[0], ends_[1]}) ::close(fd);
  }
  std::string take() {
    std::string all;
    std::array<char, 65536> some{};
    for (ssize_t n = 0; (n = ::read(ends_[0], some.data(), some.size())) > 0;)
      all.append(some.data(), static_cast<std::size_t>(n));
    return all;
  }

 private:
  int stderr_;
  std::shared_ptr<spdlog::logger> logger_;
  std::array<int, 2> ends_{};
};

TEST(JsonLogLine, HasTimeLevelMessageAndTrace) {
  EXPECT_EQ(json_log_line(message_of("hello"), "abc"),
            "{\"time\":\"2023-11-14T22:13:20.123Z\",\"level\":\"warning\",\"message\":\"hello\",\"trace_id\":\"abc\"}\n");
}

TEST(JsonLogLine, LeavesOutATraceThatIsNotThere) {
  EXPECT_EQ(json_log_line(message_of("x"), "").find("trace_id"), std::string::npos);
}

TEST(JsonLogLine, EscapesWhatJsonForbidsAndReplacesBadUtf8) {
  EXPECT_NE(json_log_line(message_of("a\"b\\c\nd\x01"), "").find(R"("a\"b\\c\u000ad\u0001")"), std::string::npos);
  EXPECT_NE(json_log_line(message_of("ok \xc3\xa4 bad \xff\xc3"), "").find("\"ok \xc3\xa4 bad \xef\xbf\xbd\xef\xbf\xbd\""),
            std::string::npos);
}

TEST(JsonLogLine, ReplacesOverlongFormsAndSurrogatesToo) {
  for (const std::string_view bad : {"\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80"}) {
    EXPECT_EQ(json_log_line(message_of(bad), "").find(bad), std::string::npos);
  }
}

TEST(SetUpLog, RefusesALevelThatItDoesNotKnow) {
  const auto result = set_up_log({.level = "loud"});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error(), "unknown log level: loud");
}

TEST(SetUpLog, WritesJsonWhereNoTerminalReads) {
  PipedStderr piped;
  ASSERT_TRUE(set_up_log({.level = "info"}));
  spdlog::debug("not this");
  log_traced(spdlog::level::info, "0af7", "this {}", 1);
  const std::string line = piped.take();
  EXPECT_TRUE(line.starts_with("{\"time\":")) << line;
  EXPECT_TRUE(line.ends_with("\"message\":\"this 1\",\"trace_id\":\"0af7\"}\n")) << line;
}

TEST(SetUpLog, WritesTextWhenAsked) {
  PipedStderr piped;
  ASSERT_TRUE(set_up_log({.level = "info", .format = LogFormat::Text}));
  spdlog::warn("look out");
  EXPECT_TRUE(piped.take().ends_with(" warning  look out\n"));
}

TEST(SetUpLog, DropsLinesRatherThanWaitForTheReaderAndSaysSo) {
  PipedStderr piped;
  ASSERT_TRUE(set_up_log({.level = "info"}));
  const std::string big(1000, 'x');
  for (int i = 0; i < 200; ++i) spdlog::info(big);  // a pipe holds 64 KiB: waiting would hang here
  const std::string first = piped.take();
  EXPECT_GE(first.size(), 32768U);
  spdlog::info("after");
  EXPECT_NE(piped.take().find("log lines were dropped"), std::string::npos);
}

}  // namespace
}  // namespace parley::runtime
