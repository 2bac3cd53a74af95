// Where time comes from. Parts take a Clock&, so that tests hold it in their hand.
#pragma once

#include <cstdint>

namespace parley::runtime {

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual std::int64_t now_ms() const = 0;  // since the Unix epoch
};
class SystemClock : public Clock {
 public:
  [[nodiscard]] std::int64_t now_ms() const override;
};
// Counts on evenly, whatever is done to the system's time; since some beginning of its own.
class SteadyClock : public Clock {
 public:
  [[nodiscard]] std::int64_t now_ms() const override;
};
class ManualClock : public Clock {
 public:
  explicit ManualClock(std::int64_t now_ms) : now_ms_(now_ms) {}
  [[nodiscard]] std::int64_t now_ms() const override { return now_ms_; }
  void advance(std::int64_t ms) { now_ms_ += ms; }

 private:
  std::int64_t now_ms_;
};

}  // namespace parley::runtime
