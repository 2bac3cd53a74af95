#include "limit/bucket.hpp"

#include <algorithm>

namespace parley::limit {

// Both are at most 10^9, save for `amount`, which a request's size bounds: it fits.
Time Bucket::worth(const Rate& rate, std::uint64_t amount) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  return Time(static_cast<Time::rep>(amount * kSecond / rate.per_second));
}

std::optional<Time> Bucket::wait(const Rate& rate, std::uint64_t amount, Time now, Time full_at) {
  if (rate.is_off() || amount == 0) return std::nullopt;
  const auto needed = full_at + worth(rate, std::min(amount, rate.burst)) - now;
  const auto most = worth(rate, rate.burst);
  return needed > most ? std::optional(needed - most) : std::nullopt;
}

std::optional<Time> Bucket::take(const Rate& rate, std::uint64_t amount, Time now) {
  if (rate.is_off() || amount == 0) return std::nullopt;
  const auto cost = worth(rate, amount).count();
  auto arrival = arrival_.load(std::memory_order_relaxed);
  while (true) {
    const auto full = std::max(Time(arrival), now);
    if (auto left = wait(rate, amount, now, full)) return left;
    if (arrival_.compare_exchange_weak(arrival, full.count() + cost, std::memory_order_relaxed)) return std::nullopt;
  }
}

void Bucket::charge(const Rate& rate, std::uint64_t amount, Time now) {
  if (rate.is_off() || amount == 0) return;
  const auto cost = worth(rate, amount).count();
  auto arrival = arrival_.load(std::memory_order_relaxed);
  while (!arrival_.compare_exchange_weak(arrival, std::max(Time(arrival), now).count() + cost, std::memory_order_relaxed)) {
  }
}

std::uint64_t Bucket::tokens(const Rate& rate, Time now) const {
  if (rate.is_off()) return 0;
  const auto there = worth(rate, rate.burst) - until_full(now);
  if (there.count() <= 0) return 0;
  // As a fraction, since 10^9 seconds in nanoseconds leave no room to multiply.
  const auto tokens = static_cast<double>(there.count()) * static_cast<double>(rate.per_second) / 1e9;
  return std::min(static_cast<std::uint64_t>(tokens + 1e-6), rate.burst);
}

}  // namespace parley::limit
