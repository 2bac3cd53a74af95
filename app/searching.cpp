#include "app/searching.hpp"

namespace parley::app {

using std::chrono::milliseconds;

projector::PartitionIndexOptions index_options(const Options& options) {
  projector::PartitionIndexOptions index;
  index.language = options.search.language;
  return index;
}

std::expected<Searching, std::string> Searching::open(const Options& options, const fold::Pipeline& pipeline,
                                                      projector::TouchedQueue& queue, runtime::Metrics& metrics) {
  for (const auto partition : pipeline.partitions())
    if (auto loaded = queue.load(partition, pipeline.store(partition), pipeline.progress(partition).next); !loaded)
      return std::unexpected("what the search index is to take in can't be read: " + loaded.error().what);
  Searching searching;
  if (!searches(options)) return searching;
  const auto& search = options.search;
  searching.indexer_ = std::make_unique<projector::Indexer>(
      pipeline, queue,
      projector::IndexerOptions{
          .index = index_options(options), .interval = milliseconds(search.interval_ms), .makes_way = true});
  searching.indexer_->measure(metrics);
  searching.reads_ =
      std::make_unique<projector::SearchReads>(pipeline, *searching.indexer_,
                                               projector::SearchOptions{.language = search.language,
                                                                        .threads = search.threads,
                                                                        .max_waiting = search.queue,
                                                                        .timeout = milliseconds(search.timeout_ms)},
                                               metrics);
  return searching;
}

void Searching::start() {
  if (indexer_) indexer_->start();
}

void Searching::stop() {
  constexpr milliseconds kToTakeIn{2000};
  reads_.reset();
  if (indexer_) indexer_->stop(kToTakeIn);
  indexer_.reset();
}

}  // namespace parley::app
