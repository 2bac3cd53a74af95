// The search of a process that holds read models: index and answers, if it is switched on.
//
// Concurrency: main thread. Ownership: pipeline and queue must outlive it.
#pragma once

#include <expected>
#include <memory>
#include <string>

#include "app/options.hpp"
#include "projector/search_reads.hpp"

namespace parley::app {

class Searching {
 public:
  // The error is a sentence.
  static std::expected<Searching, std::string> open(const Options& options, const fold::Pipeline& pipeline,
                                                    projector::TouchedQueue& queue, runtime::Metrics& metrics);
  // Null: it is off.
  [[nodiscard]] projector::SearchReads* reads() const { return reads_.get(); }
  // When the log is caught up with: until then the fold has the processors for itself.
  void start();
  // REQUIRES: the pipeline is stopped, and nobody reads any more. What is folded is taken in, unless that takes long.
  void stop();

 private:
  std::unique_ptr<projector::Indexer> indexer_;
  std::unique_ptr<projector::SearchReads> reads_;
};

inline bool searches(const Options& options) { return options.search.on == "on"; }
projector::PartitionIndexOptions index_options(const Options& options);

}  // namespace parley::app
