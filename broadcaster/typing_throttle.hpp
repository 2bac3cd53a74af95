// Who was told to be typing where just now: at most once every kInterval for a user and channel, from however many connections.
//
// Concurrency: one thread. Limits: holds what was told within the interval; beyond max_entries of that, nothing more is told.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <set>
#include <utility>

#include "core/ids.hpp"

namespace parley::broadcaster {

class TypingThrottle {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds kInterval{3};  // of the contract
  static constexpr std::size_t kMaxEntries = 100'000;

  explicit TypingThrottle(std::size_t max_entries = kMaxEntries) : max_entries_(max_entries) {}

  // Is he to be told of now? Then not again for the interval. REQUIRES: times don't go back.
  bool admit(const core::ChannelId& channel, const core::UserId& user, Time now) {
    for (; !by_age_.empty() && by_age_.front().first + kInterval <= now; by_age_.pop_front())
      told_.erase(by_age_.front().second);
    if (told_.size() >= max_entries_) return false;
    const auto [place, fresh] = told_.emplace(channel, user);
    if (fresh) by_age_.emplace_back(now, place);
    return fresh;
  }

 private:
  using Told = std::set<std::pair<core::ChannelId, core::UserId>>;

  std::size_t max_entries_;
  Told told_;
  std::deque<std::pair<Time, Told::iterator>> by_age_;  // oldest first
};

}  // namespace parley::broadcaster
