// What was asked of a key store on disk and waits for its thread.
//
// Concurrency: push() from any thread, take() from the store's. Limits: bounded by those who wait for an answer.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "keys/key_store.hpp"

namespace parley::keys {

struct Job {
  KeyRecord record;
  KeyStore::Done done;
};

class JobQueue {
 public:
  // False: it is closed.
  bool push(Job&& job) {
    {
      const std::scoped_lock lock(mutex_);
      if (closed_) return false;
      jobs_.push_back(std::move(job));
    }
    news_.notify_all();
    return true;
  }
  // All that waits, as soon as there is something, or whatever there is at `until`; none: closed, and nothing is left.
  std::optional<std::vector<Job>> take(std::optional<std::chrono::steady_clock::time_point> until) {
    std::unique_lock lock(mutex_);
    const auto is_due = [this] { return closed_ || !jobs_.empty(); };
    if (until)
      news_.wait_until(lock, *until, is_due);
    else
      news_.wait(lock, is_due);
    if (closed_ && jobs_.empty()) return std::nullopt;
    return std::exchange(jobs_, {});
  }
  void close() {
    {
      const std::scoped_lock lock(mutex_);
      closed_ = true;
    }
    news_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable news_;
  std::vector<Job> jobs_;
  bool closed_ = false;
};

}  // namespace parley::keys
