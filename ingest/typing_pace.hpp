// How often one connection's typing is passed on: at most once every kInterval for a channel. The broadcaster does the same for
// a user over all his connections; this spares it what is bound to be dropped.
//
// Concurrency: one thread. Limits: kMaxChannels within the interval; typing in more is dropped.
#pragma once

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "core/ids.hpp"

namespace parley::ingest {

class TypingPace {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds kInterval{3};  // of the contract
  static constexpr std::size_t kMaxChannels = 32;

  bool admit(const core::ChannelId& channel, Time now) {
    std::erase_if(passed_, [now](const auto& passed) { return passed.second + kInterval <= now; });
    const bool just_now = std::ranges::find(passed_, channel, &Passed::first) != passed_.end();
    if (just_now || passed_.size() >= kMaxChannels) return false;
    passed_.emplace_back(channel, now);
    return true;
  }

 private:
  using Passed = std::pair<core::ChannelId, Time>;
  std::vector<Passed> passed_;
};

}  // namespace parley::ingest
