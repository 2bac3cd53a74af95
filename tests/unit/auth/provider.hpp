// An issuer's JWKS address as a test holds it: what it answers now, and how often it was asked.
#pragma once

#include <chrono>
#include <mutex>
#include <thread>

#include "auth/key_ring.hpp"

namespace parley::auth {

class Provider {
 public:
  using Answer = std::expected<std::string, std::string>;
  explicit Provider(Answer answer) : answer_(std::move(answer)) {}

  void answer(Answer answer) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }
  // While it hangs, who asks waits, and gets in the end what was the answer when he asked.
  void hang(bool on) { hangs_ = on; }
  [[nodiscard]] int asked() const { return asked_; }
  KeyRing::Fetch fetch() {
    return [this](const std::stop_token& stop) {
      auto answer = now();
      ++asked_;
      while (hangs_ && !stop.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      return answer;
    };
  }

 private:
  Answer now() {
    const std::lock_guard lock(mutex_);
    return answer_;
  }

  std::mutex mutex_;
  Answer answer_;
  std::atomic<bool> hangs_ = false;
  std::atomic<int> asked_ = 0;
};

// Waits until it is so; false: it was not within ten seconds.
template <class Condition>
bool until(const Condition& is_so) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

}  // namespace parley::auth
