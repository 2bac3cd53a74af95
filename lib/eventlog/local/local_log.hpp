// A log that lives in this process: one writer thread that takes all that is queued, gives out offsets, commits the group to
// the Storage, publishes it to the Tail and only then calls the completions.
//
// Concurrency, Limits: see event_log.hpp. Ownership: owns its storage; consumers must not outlive it.
#pragma once

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
  LocalLog(std::uint32_t partitions, std::unique_ptr<Storage> storage, const LocalLimits& limits);
  ~LocalLog() override;

  [[nodiscard]] std::uint32_t partitions() const override { return static_cast<std::uint32_t>(next_.size()); }
  void append(std::vector<AppendRequest> requests) override { queue_.push(std::move(requests)); }
  std::unique_ptr<Consumer> consumer() override;
  std::expected<Offset, ReadError> end(Partition partition) override { return tail_.end(partition); }
  [[nodiscard]] bool keeps_events() const override { return false; }
  [[nodiscard]] bool healthy() const override { return storage_->healthy(); }
  void report_progress(Partition, Offset) override {}
  void close(std::chrono::milliseconds deadline) override { queue_.close(deadline); }

 private:
  void run();
  void heal();
  void write();
  void publish();
  void start_from_storage();
  void complete();
  void fail(AppendError error);

  std::unique_ptr<Storage> storage_;
  AppendQueue queue_;
  Tail tail_;
  // The writer's.
  AppendGroup group_;
  std::vector<Offset> next_;   // of each partition, before the group
  std::vector<Offset> ahead_;  // the same with the group
  bool failed_ = false;
  std::chrono::steady_clock::time_point next_heal_;
  std::thread writer_;
};

}  // namespace parley::eventlog
