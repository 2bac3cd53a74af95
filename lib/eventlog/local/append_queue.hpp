// What was handed to a log of this process and waits for its writer: many producers, one taker, bounded in bytes.
//
// Operation: push() takes whole vectors, so that nothing is moved record by record; what can't be taken is queued for refusal,
// since completions run on the writer's thread and never inside append(). What the writer took counts against the bound until
// it says that this is written.
// Concurrency: push() and close() from any thread, take() from the writer's.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "eventlog/event_log.hpp"

namespace parley::eventlog {

struct AppendGroup {
  std::vector<std::vector<AppendRequest>> requests;  // in the order of their appends
  std::vector<Refusal> refused;
};

class AppendQueue {
 public:
  explicit AppendQueue(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  void push(std::vector<AppendRequest> requests);
  // Waits up to `wait` for something to do. False: stopped, and nothing is left.
  bool take(AppendGroup& group, std::chrono::milliseconds wait);
  // What was taken needs no room any more; to be said before its completions run, so that they may append.
  void written();
  // From now on refuses everything as Unavailable; waits until the writer has done what was queued, and at `deadline` refuses
  // what it hasn't taken.
  void close(std::chrono::milliseconds deadline);
  // Lets take() return false once the queue is empty.
  void stop();

 private:
  void admit_one_by_one(std::vector<AppendRequest>&& requests);
  void refuse(std::vector<AppendRequest>&& requests, AppendError error);
  [[nodiscard]] bool nothing_queued() const { return queued_.requests.empty() && queued_.refused.empty(); }

  const std::size_t max_bytes_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable drained_;
  AppendGroup queued_;
  std::size_t queued_bytes_ = 0;
  std::size_t taken_bytes_ = 0;
  bool writer_waits_ = false;
  bool closed_ = false;
  bool stopping_ = false;
};

}  // namespace parley::eventlog
