// The newest records of a log of this process, in memory: a consumer that keeps up reads them here, shared and uncopied, and
// waits here for more.
//
// Operation: the writer publishes what has become durable; beyond `max_bytes` the oldest published records of any partition are
// let go, and a consumer that still needs them is told to read behind the tail.
// Concurrency: any thread; a Waiter belongs to one consumer, save for wake(). Ownership: records are immutable and shared.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "eventlog/event_log.hpp"

namespace parley::eventlog {

using SharedRecords = std::shared_ptr<const std::vector<Record>>;

// The next offset that a consumer wants of a partition.
struct Position {
  Partition partition = 0;
  Offset next = 0;
};

class Tail {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  struct Waiter {
    std::condition_variable news;
    std::span<const Position> wants;  // set while it waits
    bool woken = false;
  };
  // What there is for one of the positions.
  struct Found {
    std::size_t position = 0;          // index into the positions
    std::optional<RecordBatch> batch;  // none: the records lie behind the tail
    Offset end = 0;                    // of the partition
  };

  Tail(std::uint32_t partitions, std::size_t max_bytes) : partitions_(partitions), max_bytes_(max_bytes) {}

  // The partition goes on at `end`; what is below and was not published lies behind the tail.
  void start_at(Partition partition, Offset end);
  // Adds non-empty runs of records, each beginning at the end of its partition, and wakes who waits for them.
  void publish(std::span<const RecordBatch> runs);
  [[nodiscard]] Offset end(Partition partition) const;

  void enter(Waiter& waiter);
  void leave(Waiter& waiter);
  void wake(Waiter& waiter);
  // Looks at the positions, beginning with number `start`, until one of them has something; none: woken, or too late.
  std::optional<Found> wait(Waiter& waiter, std::span<const Position> positions, std::size_t start, Deadline deadline);

 private:
  struct Part {
    Offset end = 0;
    std::deque<SharedRecords> runs;
  };
  static const SharedRecords* run_with(const Part& part, Offset offset);
  [[nodiscard]] std::optional<Found> look(std::span<const Position> positions, std::size_t start) const;
  [[nodiscard]] bool has_news(std::span<const Position> positions) const;
  void evict(std::vector<SharedRecords>& evicted);

  mutable std::mutex mutex_;
  std::vector<Part> partitions_;
  struct Age {
    Partition partition;
    std::size_t bytes;
  };
  std::deque<Age> oldest_first_;
  std::size_t bytes_ = 0;
  const std::size_t max_bytes_;
  std::vector<Waiter*> waiters_;
};

}  // namespace parley::eventlog
