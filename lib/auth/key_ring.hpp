// The issuer's keys as this process has them: fetched on a thread of its own at start and then every `refresh`, and ahead of
// time when a token names a key that is not among them, so that an issuer may change its keys while we run.
//
// Operation: a set that was fetched takes the place of the one before. While the issuer can't be reached, or sends what has no
// key in it, the keys that are there go on, however old, and it is tried again every `cooldown`. A fetch that somebody asked
// for begins no sooner than `cooldown` after the one before, so that made-up names of keys do not hammer the issuer.
// Concurrency: any thread; nobody is ever kept waiting. Ownership: who waits must be able to be called until stop(). Limits:
// kMaxWaiting; the fetch bounds itself in time and size.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "auth/key_set.hpp"
#include "runtime/metrics.hpp"

namespace parley::auth {

struct KeyRingOptions {
  std::chrono::milliseconds refresh{300'000};
  std::chrono::milliseconds cooldown{5000};
};

class KeyRing {
 public:
  // Gets the JWKS document, or says why not in a sentence.
  using Fetch = std::function<std::expected<std::string, std::string>(const std::stop_token&)>;
  static constexpr std::size_t kMaxWaiting = 10'000;

  KeyRing(Fetch fetch, KeyRingOptions options, runtime::Metrics& metrics);
  ~KeyRing() { stop(); }
  KeyRing(const KeyRing&) = delete;
  KeyRing& operator=(const KeyRing&) = delete;

  // The keys as of now; none before the first fetch that worked.
  [[nodiscard]] std::shared_ptr<const KeySet> keys() const;
  // Grows whenever other keys take the place of these: what was verified with the old ones is to be verified again.
  [[nodiscard]] std::uint64_t generation() const { return generation_.load(std::memory_order_acquire); }

  // A key is missing: asks for a fetch. When one is under way or begins within `within`, `then` is called once it has ended, on
  // the ring's thread. False: none does, or too many wait already.
  bool ask(std::chrono::milliseconds within, std::function<void()> then);
  // Ends the thread; nobody who waits is called any more. Idempotent.
  void stop();

 private:
  using Time = std::chrono::steady_clock::time_point;
  void run(const std::stop_token& stop);
  bool fetch_once(const std::stop_token& stop);
  void take(std::string document, KeySet keys);
  void complain(const std::string& why);
  void wait(bool fetched, const std::stop_token& stop);

  Fetch fetch_;
  KeyRingOptions options_;
  runtime::Counter& fetched_;
  runtime::Counter& failed_;
  runtime::Gauge& known_;
  runtime::Gauge& fetched_at_;

  std::string document_;   // that the keys are of
  std::string complaint_;  // of the fetch before; not repeated
  std::atomic<std::uint64_t> generation_{0};
  mutable std::mutex mutex_;  // what follows
  std::condition_variable_any asked_;
  std::shared_ptr<const KeySet> keys_;
  bool fetching_ = true;  // from the start on
  bool wanted_ = false;
  Time earliest_;  // when the next fetch may begin
  std::vector<std::function<void()>> waiting_;
  std::jthread thread_;
};

}  // namespace parley::auth
