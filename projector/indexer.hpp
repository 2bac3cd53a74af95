// The threads that keep the search indexes of a pipeline's partitions up with its stores, behind everything else that wants the
// processor.
//
// Operation: each `interval` a thread looks whether its partitions were folded further, and takes in what was; what it is
// behind with, it does without a pause. Concurrency: start() and stop() from one thread, the rest from any. Ownership: pipeline
// and queue must outlive it. Limits: those of PartitionIndex.
#pragma once

#include <thread>

#include "fold/pipeline.hpp"
#include "projector/partition_index.hpp"
#include "runtime/metrics.hpp"

namespace parley::projector {

struct IndexerOptions {
  PartitionIndexOptions index;
  std::chrono::milliseconds interval{500};
  std::size_t threads = 1;
  bool makes_way = false;  // for the rest of a process that is busy; REQUIRES: one thread
};

class Indexer {
 public:
  Indexer(const fold::Pipeline& pipeline, TouchedQueue& queue, const IndexerOptions& options);
  ~Indexer();  // stops
  Indexer(const Indexer&) = delete;
  Indexer& operator=(const Indexer&) = delete;

  void start();
  // After what is folded by now is taken in, or after `patience`.
  void stop(std::chrono::milliseconds patience);

  // REQUIRES, of both: the pipeline holds the partition. What was folded before next() is found; 0: it is still being built.
  [[nodiscard]] eventlog::Offset next(std::uint32_t partition) const { return indexes_[partition]->next(); }
  [[nodiscard]] std::filesystem::path dir(std::uint32_t partition) const { return index_dir(pipeline_.dir(partition)); }
  // Of messages put or removed since the start, over all partitions.
  [[nodiscard]] std::uint64_t looked_at() const;
  // Is all that is folded by now taken in?
  [[nodiscard]] bool is_current() const;
  // REQUIRES: it outlives the last scrape.
  void measure(runtime::Metrics& metrics) const;

 private:
  void run(std::size_t thread);
  [[nodiscard]] bool is_behind(std::uint32_t partition) const;

  const fold::Pipeline& pipeline_;
  IndexerOptions options_;
  std::stop_source stop_;
  std::vector<std::unique_ptr<PartitionIndex>> indexes_;  // by partition; null: not ours
  std::vector<std::jthread> threads_;
};

}  // namespace parley::projector
