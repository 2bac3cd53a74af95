// The pipeline: one thread that reads some partitions of the log, folds them and hands on what came of it. In `serve` it feeds
// the read models and the broadcaster at once, so that the fold runs once.
//
// Concurrency: start(), stop() and post() from any thread; everything else runs on the worker's own. Ownership: the log, the
// folds and the publisher must outlive it. Limits: at most `max_records` at once; tasks are few (attaches of sockets).
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "fold/partition_fold.hpp"
#include "runtime/inbox.hpp"

namespace parley::fold {

// Takes what was folded, after it is in the store: whoever hears of a change can read it back.
class Publisher {
 public:
  virtual ~Publisher() = default;
  virtual void publish(const PartitionFold& fold, std::vector<Step> steps) = 0;
};

// How far a partition is; read by any thread.
struct Progress {
  std::atomic<eventlog::Offset> next{0};     // the first record that is not folded and stored yet
  std::atomic<eventlog::Offset> log_end{0};  // as last seen
};

struct WorkerOptions {
  std::size_t max_records = 4096;  // folded at once
};

class Worker {
 public:
  using Task = std::function<void()>;
  Worker(eventlog::EventLog& log, std::vector<PartitionFold*> folds, Publisher* publisher, WorkerOptions options);
  ~Worker();  // stops
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void start();
  void stop();  // ends after the batch under way, or without it if the store refuses it, and joins
  // What the thread does again and again: runs the tasks, then folds what there is, for which it waits up to `wait`. False:
  // the log can't be read. For those who drive a worker by hand. REQUIRES: not started.
  bool turn(std::chrono::milliseconds wait);
  // Runs `task` on the worker's thread between two batches; once that has stopped, on the caller's.
  void post(Task task);

  [[nodiscard]] PartitionFold* fold_of(std::uint32_t partition) const;
  [[nodiscard]] const std::vector<PartitionFold*>& folds() const { return folds_; }
  [[nodiscard]] const Progress& progress(std::uint32_t partition) const;
  // Looks where the log ends now, which may take as long as the log is away; none: that can't be told. Any thread but the
  // worker's.
  std::optional<eventlog::Offset> see_end(std::uint32_t partition);
  // False while a partition can't be folded, for its store's sake or the log's.
  [[nodiscard]] bool healthy() const { return healthy_.load(std::memory_order_relaxed); }

 private:
  void run();
  void run_tasks();
  void run_last_tasks();
  bool gather(std::chrono::milliseconds wait);
  void fold(std::uint32_t partition, std::span<const eventlog::RecordBatch> runs);
  void fails(std::optional<std::uint32_t> partition, const std::string& sentence);
  void works(std::optional<std::uint32_t> partition);

  eventlog::EventLog& log_;
  std::vector<PartitionFold*> folds_;
  Publisher* publisher_;
  WorkerOptions options_;
  std::unique_ptr<eventlog::Consumer> consumer_;
  std::vector<eventlog::RecordBatch> runs_;          // gathered
  std::vector<std::unique_ptr<Progress>> progress_;  // by partition; null: not ours
  runtime::Inbox<Task> tasks_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> ended_{false};
  std::recursive_mutex after_end_;                  // of who runs tasks then, which may post others
  std::set<std::optional<std::uint32_t>> failing_;  // partitions; none: the log as a whole
  std::atomic<bool> healthy_{true};                 // nothing is
  std::jthread thread_;
};

}  // namespace parley::fold
