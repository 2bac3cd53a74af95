#include "app/progress.hpp"

#include <unistd.h>

#include <cstdio>

namespace parley::app {

Progress::Progress() : terminal_(::isatty(STDERR_FILENO) == 1) {}

bool Progress::is_due() {
  const auto now = Clock::now();
  if (now - shown_ < std::chrono::milliseconds(250)) return false;
  shown_ = now;
  return true;
}

void Progress::bar(std::uint64_t part, std::uint64_t whole, std::string_view words, bool last) const {
  constexpr int kWidth = 40;
  const auto share = whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 1;
  std::fprintf(stderr, "\r[%-*.*s] %3.0f%% %.*s%s", kWidth, static_cast<int>(share * kWidth),
               "########################################", share * 100, static_cast<int>(words.size()), words.data(),
               last ? "\n" : "");
}

void Progress::line(std::string_view event, std::string_view fields) {
  std::fprintf(stderr, "{\"event\":\"%.*s\",%.*s}\n", static_cast<int>(event.size()), event.data(),
               static_cast<int>(fields.size()), fields.data());
}

}  // namespace parley::app
