// A token bucket in one number: the generic cell rate algorithm (GCRA) of ITU-T I.371, annex A, in its virtual scheduling form.
// Kept is the "theoretical arrival time", at which the bucket will be full again; whatever is taken moves it on by the time in
// which as much trickles in.
//
// Concurrency: any thread, without a lock: taking is one compare-and-swap. Limits: a bucket that nobody takes from is full
// again after burst / per_second seconds, and then like a new one.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>

#include "limit/rate.hpp"

namespace parley::limit {

using Time = std::chrono::nanoseconds;  // since a beginning that all who share a bucket have in common

class Bucket {
 public:
  // Takes so many tokens; or none, and says how long to wait until they are there. More than the burst is taken from a full
  // bucket alone, which then owes the rest.
  std::optional<Time> take(const Rate& rate, std::uint64_t amount, Time now);
  // What take() would say now; nothing is taken.
  [[nodiscard]] std::optional<Time> wait(const Rate& rate, std::uint64_t amount, Time now) const {
    return wait(rate, amount, now, full_at(now));
  }
  // Takes so many tokens, there or not: what there is not, it owes.
  void charge(const Rate& rate, std::uint64_t amount, Time now);
  [[nodiscard]] std::uint64_t tokens(const Rate& rate, Time now) const;
  [[nodiscard]] Time until_full(Time now) const { return full_at(now) - now; }

 private:
  static Time worth(const Rate& rate, std::uint64_t amount);
  static std::optional<Time> wait(const Rate& rate, std::uint64_t amount, Time now, Time full_at);
  [[nodiscard]] Time full_at(Time now) const { return std::max(Time(arrival_.load(std::memory_order_relaxed)), now); }

  std::atomic<Time::rep> arrival_{0};
};

}  // namespace parley::limit
