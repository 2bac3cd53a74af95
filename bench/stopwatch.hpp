// Time that went by, and CPU time that this process used meanwhile, on all its threads: background ones too.
#pragma once

#include <sys/resource.h>

#include <chrono>

namespace parley::bench {

class Stopwatch {
 public:
  struct Lap {
    double wall_s = 0;
    double cpu_s = 0;
  };
  [[nodiscard]] Lap lap() const {
    return {std::chrono::duration<double>(Clock::now() - since_).count(), process_cpu_s() - cpu_since_s_};
  }

 private:
  using Clock = std::chrono::steady_clock;
  static double process_cpu_s() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
  }
  Clock::time_point since_ = Clock::now();
  double cpu_since_s_ = process_cpu_s();
};

}  // namespace parley::bench
