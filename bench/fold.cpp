// What a partition's fold costs: a batch of posts as a log's consumer hands it over, folded into a store of its own. The time
// includes what RocksDB makes the writer wait for; its background work is in the CPU time of `rebuild`, not here.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>

#include "bench/traffic.hpp"
#include "fold/partition_fold.hpp"
#include "projector/read_tables.hpp"
#include "tests/support/temp_dir.hpp"

namespace parley::bench {
namespace {

constexpr std::size_t kBatch = 4096;
constexpr codec::Control kControl{.partitions = 1, .epoch = 1};

template <class T, class E>
T require(std::expected<T, E> result) {
  if (!result) std::abort();
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// A fold with its channels made, and the log it goes on with.
class Partition {
 public:
  Partition(TrafficShape shape, fold::Projection* projection)
      : traffic_(shape),
        store_(require(store::Store::open({.dir = dir_.path(), .ordered = fold::ordered_tables()}))),
        fold_(require(fold::PartitionFold::open(0, *store_, kControl, projection))) {
    fold(next(shape.channels));
  }

  std::vector<eventlog::Record> next(std::size_t count) {
    std::vector<eventlog::Record> records;
    records.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      auto record = record_of(traffic_.next(), kControl.partitions);
      records.push_back({offset_++, std::move(record.key), std::move(record.value), std::move(record.event.type)});
    }
    return records;
  }

  void fold(const std::vector<eventlog::Record>& records) {
    std::vector<fold::Step> steps;
    steps.reserve(records.size());
    require(fold_->fold(records, steps));
    benchmark::DoNotOptimize(steps);
  }

  [[nodiscard]] std::uint64_t accepted() const { return fold_->counts().accepted; }

 private:
  testing::TempDir dir_;
  Traffic traffic_;
  eventlog::Offset offset_ = 0;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<fold::PartitionFold> fold_;
};

void run_batches(benchmark::State& run, bool keyed, fold::Projection* projection) {
  const auto channels = static_cast<std::size_t>(run.range(0));
  Partition partition({.channels = channels, .keyed = keyed}, projection);
  for (auto _ : run) {
    run.PauseTiming();
    const auto records = partition.next(kBatch);
    run.ResumeTiming();
    partition.fold(records);
  }
  const auto posts = static_cast<std::uint64_t>(run.iterations()) * kBatch;
  if (partition.accepted() != channels + posts) std::abort();
  run.SetItemsProcessed(static_cast<std::int64_t>(posts));
}

// What a broadcaster of its own does.
void FoldPosts(benchmark::State& run) { run_batches(run, false, nullptr); }
BENCHMARK(FoldPosts)->Arg(1)->Arg(1000)->Unit(benchmark::kMillisecond);

// What a projector does, and `serve`.
void FoldPostsIntoReadModels(benchmark::State& run) {
  projector::ReadTables tables;
  run_batches(run, false, &tables);
}
BENCHMARK(FoldPostsIntoReadModels)->Arg(1)->Arg(1000)->Unit(benchmark::kMillisecond);

void FoldPostsWithKeysIntoReadModels(benchmark::State& run) {
  projector::ReadTables tables;
  run_batches(run, true, &tables);
}
BENCHMARK(FoldPostsWithKeysIntoReadModels)->Arg(1)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace parley::bench
