#include "fold/pipeline.hpp"

#include <algorithm>

#include "runtime/log.hpp"

namespace parley::fold {

std::filesystem::path partition_dir(const std::filesystem::path& dir, std::uint32_t partition) {
  return dir / fmt::format("p{:04}", partition);
}

std::expected<std::filesystem::path, std::string> current_generation(const std::filesystem::path& dir,
                                                                     std::uint32_t partition) {
  auto generations = store::Generations::open(partition_dir(dir, partition));
  if (!generations) return std::unexpected(generations.error().what);
  auto current = generations->current();
  if (!current) return std::unexpected(current.error().what);
  if (*current) return generations->path_of(**current);
  const auto first = generations->make_next();
  if (!first) return std::unexpected(first.error().what);
  if (auto switched = generations->switch_to(*first); !switched) return std::unexpected(switched.error().what);
  return generations->path_of(*first);
}

namespace {

std::expected<std::unique_ptr<store::Store>, std::string> open_store(const PipelineOptions& options,
                                                                     const std::filesystem::path& dir) {
  const auto share = options.block_cache_bytes / options.partitions.size();
  auto opened = store::Store::open({.dir = dir,
                                    .write_buffer_bytes = options.write_buffer_bytes,
                                    .block_cache_bytes = std::max<std::size_t>(share, 4 << 20),
                                    .ordered = ordered_tables()});
  if (!opened) return std::unexpected(opened.error().what);
  return std::move(*opened);
}

}  // namespace

std::expected<std::unique_ptr<Pipeline>, std::string> Pipeline::open(eventlog::EventLog& log, const codec::Control& control,
                                                                     const PipelineOptions& options, Projection* projection,
                                                                     Publisher* publisher) {
  std::unique_ptr<Pipeline> pipeline(new Pipeline(control));
  pipeline->partitions_ = options.partitions;
  pipeline->held_.resize(control.partitions);
  const auto threads = std::clamp<std::size_t>(options.threads, 1, options.partitions.size());
  std::vector<std::vector<PartitionFold*>> shares(threads);
  for (std::size_t i = 0; i < options.partitions.size(); ++i) {
    const auto partition = options.partitions[i];
    auto& held = pipeline->held_[partition];
    auto dir = current_generation(options.dir, partition);
    if (!dir) return std::unexpected(dir.error());
    held.dir = std::move(*dir);
    auto store = open_store(options, held.dir);
    if (!store) return std::unexpected(store.error());
    held.store = std::move(*store);
    auto fold = PartitionFold::open(partition, *held.store, control, projection, options.keys);
    if (!fold) return std::unexpected(fold.error());
    held.fold = std::move(*fold);
    shares[i % threads].push_back(held.fold.get());
  }
  for (auto& share : shares) {
    auto folds = share;
    pipeline->workers_.push_back(std::make_unique<Worker>(log, std::move(folds), publisher, options.worker));
    for (const auto* fold : share) pipeline->held_[fold->partition()].worker = pipeline->workers_.back().get();
  }
  for (const auto partition : pipeline->partitions_) {
    const auto end = pipeline->held_[partition].worker->see_end(partition);
    const auto next = pipeline->held_[partition].fold->next();
    if (end && *end < next)
      return std::unexpected(
          fmt::format("the stored state of partition {} is ahead of the log, which has {} records of the {} "
                      "that are folded; remove it and it is built again",
                      partition, *end, next));
  }
  return pipeline;
}

Pipeline::~Pipeline() { stop(); }

void Pipeline::start() {
  for (auto& worker : workers_) worker->start();
  ends_ = std::jthread([this](const std::stop_token& stop) { watch_ends(stop); });
  purger_ = std::jthread([this](const std::stop_token& stop) { purge(stop); });
}

void Pipeline::watch_ends(const std::stop_token& stop) {
  constexpr std::chrono::milliseconds kTurn{20};
  constexpr int kTurnsBetween = 50;
  for (int turn = 1; !stop.stop_requested(); ++turn) {
    std::this_thread::sleep_for(kTurn);
    if (turn % kTurnsBetween != 0) continue;
    for (const auto partition : partitions_)
      if (!stop.stop_requested()) held_[partition].worker->see_end(partition);
  }
}

void Pipeline::purge(const std::stop_token& stop) {
  constexpr std::chrono::milliseconds kTurn{50};
  constexpr std::chrono::seconds kAfterFailure{5};
  using Clock = std::chrono::steady_clock;
  std::vector<eventlog::Offset> purged(held_.size());
  std::vector<std::optional<Clock::time_point>> failed(held_.size());
  for (; !stop.stop_requested(); std::this_thread::sleep_for(kTurn)) {
    for (const auto partition : partitions_) {
      auto& held = held_[partition];
      const auto up_to = held.fold->to_purge();
      if (!up_to || *up_to <= purged[partition] || stop.stop_requested()) continue;
      if (failed[partition] && Clock::now() < *failed[partition] + kAfterFailure) continue;
      if (auto done = held.store->compact(); !done) {
        if (!failed[partition])
          spdlog::error("the files of partition {} can't be rewritten; trying again: {}", partition, done.error().what);
        failed[partition] = Clock::now();
        continue;
      }
      failed[partition].reset();
      purged[partition] = *up_to;
      held.worker->post([fold = held.fold.get(), up_to = *up_to] { fold->purged(up_to); });
    }
  }
}

void Pipeline::halt() {
  for (auto& worker : workers_) worker->stop();
}

void Pipeline::stop() {
  if (std::exchange(stopped_, true)) return;
  ends_ = {};
  purger_ = {};
  halt();
  for (const auto partition : partitions_)
    if (auto& store = held_[partition].store)
      if (auto flushed = store->flush(); !flushed)
        spdlog::warn("the state of partition {} was not put on disk: {}", partition, flushed.error().what);
}

bool Pipeline::holds(std::uint32_t partition) const { return partition < held_.size() && held_[partition].fold != nullptr; }
const Progress& Pipeline::progress(std::uint32_t partition) const { return held_[partition].worker->progress(partition); }
const FoldCounts& Pipeline::counts(std::uint32_t partition) const { return held_[partition].fold->counts(); }

bool Pipeline::healthy() const {
  return std::ranges::all_of(workers_, [](const auto& worker) { return worker->healthy(); });
}

std::uint64_t Pipeline::lag() const {
  std::uint64_t most = 0;
  for (const auto partition : partitions_) {
    const auto& p = progress(partition);
    const auto next = p.next.load(std::memory_order_acquire);
    const auto end = p.log_end.load(std::memory_order_relaxed);
    most = std::max(most, end > next ? end - next : 0);
  }
  return most;
}

}  // namespace parley::fold
