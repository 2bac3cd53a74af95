// What the search index has not taken in yet: table touched, a row for each batch of the fold that gave messages another text.
//
// Operation: the fold writes the rows in its own batches, so they come and go with the state that they speak of, and takes away
// those that an index has committed. The row of key 0 says since which offset there is none missing: an index that is further
// back, or of which nothing is known, is built from the messages instead. The store has one writer, the fold; the indexer only
// says how far it is.
// Concurrency: load() before the fold starts, touch() on the partition's fold thread, the rest on any. Ownership: outlives the
// fold. Limits: at most kMaxRows rows a partition; beyond, they are given up, and the index is built anew.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <vector>

#include "fold/partition_fold.hpp"

namespace parley::projector {

class TouchedQueue {
 public:
  static constexpr std::size_t kMaxRows = 1'000'000;

  // Without an index (`used` false) nothing is written, and what is left of an earlier one goes.
  TouchedQueue(std::uint32_t partitions, bool used, std::size_t max_rows = kMaxRows);

  // What the partition's store has, which is folded up to `next`.
  store::Stored<void> load(std::uint32_t partition, const store::Store& store, eventlog::Offset next);
  void touch(std::uint32_t partition, eventlog::Offset next, const codec::TouchedRow& touched, store::Batch& batch);

  // No row is missing from this offset on.
  [[nodiscard]] eventlog::Offset since(std::uint32_t partition) const { return of(partition).since.load(); }
  // What was folded before `next` is committed in the index.
  void took_in(std::uint32_t partition, eventlog::Offset next) { of(partition).taken_in = next; }
  [[nodiscard]] eventlog::Offset taken_in(std::uint32_t partition) const { return of(partition).taken_in.load(); }

 private:
  struct Partition {
    std::deque<eventlog::Offset> rows;  // the fold's: what stands in the table, upwards
    bool marked = false;                // the fold's: the row of key 0 is there
    std::atomic<eventlog::Offset> since{0};
    std::atomic<eventlog::Offset> taken_in{0};
  };
  [[nodiscard]] Partition& of(std::uint32_t partition) const { return *partitions_[partition]; }

  bool used_;
  std::size_t max_rows_;
  std::vector<std::unique_ptr<Partition>> partitions_;
};

}  // namespace parley::projector
