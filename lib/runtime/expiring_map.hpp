// Values that may be taken once, until they expire: tickets.
//
// Concurrency: any thread. Limits: at most `max` entries; beyond, the ones that expire first give way.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace parley::runtime {

template <class T>
class ExpiringMap {
 public:
  explicit ExpiringMap(std::size_t max) : max_(max) {}

  // REQUIRES: `key` is not in it.
  void put(std::string key, T value, std::int64_t expires_at_ms) {
    const std::lock_guard lock(mutex_);
    if (by_expiry_.size() >= max_) erase_first();
    by_expiry_.emplace(expires_at_ms, key);
    values_.emplace(std::move(key), std::pair(expires_at_ms, std::move(value)));
  }
  // Takes it out; none: it never was, was taken, or has expired.
  std::optional<T> take(const std::string& key, std::int64_t now_ms) {
    const std::lock_guard lock(mutex_);
    while (!by_expiry_.empty() && by_expiry_.begin()->first <= now_ms) erase_first();
    const auto it = values_.find(key);
    if (it == values_.end()) return std::nullopt;
    auto [expiry, value] = std::move(it->second);
    values_.erase(it);
    auto [first, last] = by_expiry_.equal_range(expiry);
    while (first->second != key) ++first;
    by_expiry_.erase(first);
    return std::move(value);
  }

 private:
  void erase_first() {
    values_.erase(by_expiry_.begin()->second);
    by_expiry_.erase(by_expiry_.begin());
  }

  std::size_t max_;
  std::mutex mutex_;
  std::map<std::string, std::pair<std::int64_t, T>> values_;
  std::multimap<std::int64_t, std::string> by_expiry_;
};

}  // namespace parley::runtime
