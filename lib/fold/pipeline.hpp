// The folds of the partitions that a process holds: a store in a generation directory for each, and the workers that feed them.
//
// Concurrency: open(), start() and stop() from one thread; a store's snapshots, progress and counts from any. Ownership: owns
// stores, folds and workers; the log, the projection and the publisher must outlive it.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "fold/worker.hpp"
#include "store/generation.hpp"

namespace parley::fold {

struct PipelineOptions {
  std::filesystem::path dir;              // p0000/gen-000001 … are made below it
  std::vector<std::uint32_t> partitions;  // which to hold
  std::size_t threads = 1;                // at most one for a partition
  std::size_t write_buffer_bytes = 64 << 20;
  std::size_t block_cache_bytes = 128 << 20;  // over all partitions
  const keys::KeyTable* keys = nullptr;       // what opens sealed bodies; must outlive the pipeline
  WorkerOptions worker;
};

class Pipeline {
 public:
  // `projection` and `publisher` may be null. The error is a sentence (a state that can't be read, is of another log or has
  // more than this one).
  static std::expected<std::unique_ptr<Pipeline>, std::string> open(eventlog::EventLog& log, const codec::Control& control,
                                                                    const PipelineOptions& options, Projection* projection,
                                                                    Publisher* publisher);
  ~Pipeline();  // stops
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  void start();
  // Ends the workers, each after the batch under way or, when that can't be folded, without it. What is posted to them from
  // then on runs where it is posted.
  void halt();
  // The same, and puts what is folded on disk.
  void stop();

  [[nodiscard]] const codec::Control& control() const { return control_; }
  [[nodiscard]] bool holds(std::uint32_t partition) const;
  // REQUIRES, of the next five: holds(partition).
  [[nodiscard]] store::Store& store(std::uint32_t partition) { return *held_[partition].store; }
  [[nodiscard]] const store::Store& store(std::uint32_t partition) const { return *held_[partition].store; }
  // The generation's, in which its store is.
  [[nodiscard]] const std::filesystem::path& dir(std::uint32_t partition) const { return held_[partition].dir; }
  [[nodiscard]] const Progress& progress(std::uint32_t partition) const;
  [[nodiscard]] const FoldCounts& counts(std::uint32_t partition) const;
  [[nodiscard]] const std::vector<std::uint32_t>& partitions() const { return partitions_; }
  [[nodiscard]] bool healthy() const;
  // Records that are in the log, as far as is known, and not folded yet: the most of any partition.
  [[nodiscard]] std::uint64_t lag() const;
  // Are there bytes of erased words in the files of the partition's store?
  [[nodiscard]] bool purging(std::uint32_t partition) const { return held_[partition].fold->to_purge().has_value(); }
  [[nodiscard]] const std::vector<std::unique_ptr<Worker>>& workers() const { return workers_; }

 private:
  struct Held {
    std::filesystem::path dir;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<PartitionFold> fold;
    Worker* worker = nullptr;
  };
  explicit Pipeline(const codec::Control& control) : control_(control) {}
  void watch_ends(const std::stop_token& stop);
  void purge(const std::stop_token& stop);

  codec::Control control_;
  std::vector<std::uint32_t> partitions_;
  std::vector<Held> held_;  // by partition
  std::vector<std::unique_ptr<Worker>> workers_;
  std::jthread ends_;    // looks at the log's ends, so that no fold waits for a log that is away
  std::jthread purger_;  // rewrites the files of a store from which words were erased
  bool stopped_ = false;
};

// The directory of one partition's generations.
std::filesystem::path partition_dir(const std::filesystem::path& dir, std::uint32_t partition);
// The generation that serves; the first one is made when there is none.
std::expected<std::filesystem::path, std::string> current_generation(const std::filesystem::path& dir, std::uint32_t partition);

}  // namespace parley::fold
