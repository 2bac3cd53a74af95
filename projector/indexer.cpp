#include "projector/indexer.hpp"

#include <algorithm>

#include "runtime/scheduling.hpp"

namespace parley::projector {

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kAfterTrouble{1000};

}  // namespace

Indexer::Indexer(const fold::Pipeline& pipeline, TouchedQueue& queue, const IndexerOptions& options)
    : pipeline_(pipeline), options_(options) {
  options_.threads = std::clamp<std::size_t>(options.threads, 1, pipeline.partitions().size());
  if (options_.makes_way) options_.index.between = [this] { runtime::give_way(stop_.get_token()); };
  indexes_.resize(pipeline.control().partitions);
  for (const auto partition : pipeline.partitions())
    indexes_[partition] =
        std::make_unique<PartitionIndex>(pipeline.store(partition), dir(partition), partition, queue, options_.index);
}

Indexer::~Indexer() { stop(std::chrono::milliseconds(0)); }

void Indexer::start() {
  stop_ = std::stop_source();
  for (std::size_t i = 0; i < options_.threads; ++i) threads_.emplace_back([this, i] { run(i); });
}

void Indexer::stop(std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds kLookAgain{5};
  const auto until = SteadyClock::now() + patience;
  while (!threads_.empty() && !is_current() && SteadyClock::now() < until) std::this_thread::sleep_for(kLookAgain);
  stop_.request_stop();
  threads_.clear();
}

void Indexer::run(std::size_t thread) {
  const auto stop = stop_.get_token();
  runtime::schedule_behind_others();
  const auto& partitions = pipeline_.partitions();
  while (!stop.stop_requested()) {
    auto rest = options_.interval;
    for (auto i = thread; i < partitions.size() && !stop.stop_requested(); i += options_.threads) {
      if (!is_behind(partitions[i])) continue;
      const auto turn = indexes_[partitions[i]]->turn();
      if (options_.makes_way) runtime::give_way(stop);
      if (turn == PartitionIndex::Turn::More) rest = std::chrono::milliseconds(0);
      if (turn == PartitionIndex::Turn::Failed) rest = kAfterTrouble;
    }
    runtime::rest(rest, stop);
  }
}

bool Indexer::is_behind(std::uint32_t partition) const {
  const auto& index = *indexes_[partition];
  return index.next() < pipeline_.progress(partition).next.load(std::memory_order_acquire) || index.wants_turn();
}

bool Indexer::is_current() const {
  return std::ranges::none_of(pipeline_.partitions(), [&](std::uint32_t partition) { return is_behind(partition); });
}

std::uint64_t Indexer::looked_at() const {
  std::uint64_t sum = 0;
  for (const auto partition : pipeline_.partitions()) sum += indexes_[partition]->looked_at();
  return sum;
}

void Indexer::measure(runtime::Metrics& metrics) const {
  for (const auto partition : pipeline_.partitions()) {
    const runtime::Labels labels{{"partition", std::to_string(partition)}};
    const auto& index = *indexes_[partition];
    metrics.counter_from("parley_search_indexed_total", "Messages that the search index took in or dropped, since the start",
                         labels, [&index] { return static_cast<double>(index.looked_at()); });
    metrics.gauge_from("parley_search_next_offset", "What of the partition was folded before it is found by searches", labels,
                       [&index] { return static_cast<double>(index.next()); });
    metrics.gauge_from("parley_search_lag", "Records of the partition that are folded and not in the search index yet", labels,
                       [this, partition] {
                         const auto folded = pipeline_.progress(partition).next.load(std::memory_order_relaxed);
                         const auto found = next(partition);
                         return static_cast<double>(folded > found ? folded - found : 0);
                       });
    metrics.counter_from("parley_search_failures_total", "Turns of the search index that failed, since the start", labels,
                         [&index] { return static_cast<double>(index.failures()); });
  }
}

}  // namespace parley::projector
