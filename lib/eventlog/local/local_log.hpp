// A log that lives in this process: one writer thread that takes all that is queued, gives out offsets, commits the group to
// the Storage, publishes it to the Tail and only then calls the completions.
//
// Errors: after a commit that failed it takes nothing until the storage has healed and has said anew where each partition ends,
// since the group may have got there.
// Concurrency, Limits: see event_log.hpp. Ownership: owns its storage; consumers must not outlive it.
#pragma once

#include <atomic>
#include <thread>

#include "eventlog/local/append_queue.hpp"
#include "eventlog/local/storage.hpp"
#include "eventlog/local/tail.hpp"

namespace parley::eventlog {

struct LocalLimits {
  std::size_t max_queued_bytes = 0;
  std::size_t tail_bytes = 0;
};

class LocalLog final : public EventLog {
 public:
  // The error ends a sentence that begins with the log: where a partition ends can't be read, and so not be gone on from.
  static std::expected<std::unique_ptr<LocalLog>, std::string> open(std::uint32_t partitions, std::unique_ptr<Storage> storage,
                                                                    const LocalLimits& limits);
  ~LocalLog() override;

  [[nodiscard]] std::uint32_t partitions() const override { return static_cast<std::uint32_t>(next_.size()); }
  void append(std::vector<AppendRequest> requests) override { queue_.push(std::move(requests)); }
  std::unique_ptr<Consumer> consumer() override;
  std::expected<Offset, ReadError> end(Partition partition) override { return tail_.end(partition); }
  [[nodiscard]] bool keeps_events() const override { return false; }
  [[nodiscard]] bool healthy() const override { return healthy_; }
  void report_progress(Partition, Offset) override {}
  void close(std::chrono::milliseconds deadline) override { queue_.close(deadline); }

 private:
  LocalLog(std::uint32_t partitions, std::unique_ptr<Storage> storage, const LocalLimits& limits);
  void run();
  bool heal();
  void write();
  void publish();
  std::expected<void, std::string> start_from_storage();
  void complete();
  void fail(AppendError error);

  std::unique_ptr<Storage> storage_;
  AppendQueue queue_;
  Tail tail_;
  // The writer's.
  AppendGroup group_;
  std::vector<Offset> next_;   // of each partition, before the group
  std::vector<Offset> ahead_;  // the same with the group
  std::atomic<bool> healthy_ = true;
  std::chrono::steady_clock::time_point next_heal_;
  std::thread writer_;
};

}  // namespace parley::eventlog
