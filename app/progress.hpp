// How far a long tool is, on standard error: a bar on a terminal, a JSON object a line otherwise. Told often, shown now and
// then.
//
// Concurrency: one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace parley::app {

class Progress {
 public:
  Progress();
  [[nodiscard]] bool on_terminal() const { return terminal_; }
  // Is it time to show something? Then not again for a while.
  bool is_due();
  // A bar for `part` of `whole`, with words behind it; the last one ends the line.
  void bar(std::uint64_t part, std::uint64_t whole, std::string_view words, bool last = false) const;
  // {"event":EVENT,FIELDS}
  static void line(std::string_view event, std::string_view fields);

 private:
  using Clock = std::chrono::steady_clock;
  bool terminal_;
  Clock::time_point shown_{};
};

// What is counted, and since when.
class Pace {
 public:
  void reach(std::uint64_t count) {
    count_ = count;
    seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - since_).count();
  }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] double seconds() const { return seconds_; }
  [[nodiscard]] double per_second() const { return seconds_ > 0 ? static_cast<double>(count_) / seconds_ : 0; }

 private:
  std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
  std::uint64_t count_ = 0;
  double seconds_ = 0;
};

}  // namespace parley::app
