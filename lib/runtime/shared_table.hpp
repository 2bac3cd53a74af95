// Values by name that all shards share: made when they are first asked for, forgotten when nobody holds them and they are idle.
//
// Operation: finding locks one of kStripes stripes, for as long as a hash map takes; who needs a value often keeps it. Now and
// then the making of a value sweeps its stripe. Concurrency: any thread. Limits: at most about `max` values (a stripe has its
// share, and at least one), and at most about twice as many as were in use at the last sweep.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace parley::runtime {

template <class T>
class SharedTable {
 public:
  explicit SharedTable(std::size_t max) : max_(std::max<std::size_t>(max / kStripes, 1)) {}

  // The value of that name; a new one, if there is none, by make(). Null: there are too many that are not is_idle().
  template <class Make, class IsIdle>
  std::shared_ptr<T> find(const std::string& name, const Make& make, const IsIdle& is_idle) {
    auto& stripe = stripes_[std::hash<std::string>{}(name) % kStripes];
    const std::lock_guard lock(stripe.mutex);
    if (const auto it = stripe.values.find(name); it != stripe.values.end()) return it->second;
    if (--stripe.until_sweep == 0) sweep(stripe, is_idle);
    if (stripe.values.size() >= max_) return nullptr;
    size_.fetch_add(1, std::memory_order_relaxed);
    return stripe.values.emplace(name, make()).first->second;
  }
  [[nodiscard]] std::size_t size() const { return size_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t kStripes = 64;
  static constexpr std::size_t kLeast = 16;  // values that are made between two sweeps
  struct Stripe {
    std::mutex mutex;
    std::unordered_map<std::string, std::shared_ptr<T>> values;
    std::size_t until_sweep = 1;
  };
  // Each costs as much as it looks at, so the next comes when as many were asked for as are left, or when the room is used up;
  // where there is next to none, it comes after some.
  template <class IsIdle>
  void sweep(Stripe& stripe, const IsIdle& is_idle) {
    size_.fetch_sub(std::erase_if(stripe.values,
                                  [&](const auto& entry) { return entry.second.use_count() == 1 && is_idle(*entry.second); }),
                    std::memory_order_relaxed);
    const auto left = stripe.values.size();
    const auto room = max_ - left;
    stripe.until_sweep = room > left / 4 ? std::min(room, std::max(kLeast, left)) : std::max(kLeast, left / 4);
  }

  std::size_t max_;  // in a stripe
  std::atomic<std::size_t> size_{0};
  std::array<Stripe, kStripes> stripes_;
};

}  // namespace parley::runtime
