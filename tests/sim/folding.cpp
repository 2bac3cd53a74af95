#include "tests/sim/folding.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace parley::sim {

Folding::Folding(eventlog::EventLog& log, const codec::Control& control, const keys::KeyTable& keys, std::filesystem::path dir,
                 Dice& dice, fold::Projection* projection, fold::Publisher* publisher)
    : log_(log), dir_(std::move(dir)) {
  fold::PipelineOptions options{.dir = dir_ / "live",
                                .partitions = {},
                                .threads = 1 + dice.below(control.partitions),
                                .write_buffer_bytes = 4 << 20,
                                .block_cache_bytes = 1 << 20,
                                .keys = &keys,
                                .worker = {.max_records = 1 + dice.below(12)}};
  for (std::uint32_t partition = 0; partition < control.partitions; ++partition) options.partitions.push_back(partition);
  auto opened = fold::Pipeline::open(log, control, options, projection, publisher);
  if (!opened) {
    ADD_FAILURE() << opened.error();
    std::abort();
  }
  pipeline_ = std::move(*opened);
}

std::uint64_t Folding::folded() const {
  std::uint64_t sum = 0;
  for (const auto partition : pipeline_->partitions()) sum += pipeline_->progress(partition).next;
  return sum;
}

bool Folding::is_new() const { return folded() == 0; }

bool Folding::is_level() const {
  return std::ranges::all_of(pipeline_->partitions(), [this](std::uint32_t partition) {
    return pipeline_->progress(partition).next == log_.end(partition);
  });
}

bool Folding::turn(Dice& dice) {
  const auto before = folded();
  dice.any(pipeline_->workers())->turn({});
  return folded() > before;
}

std::filesystem::path Folding::saved(std::uint32_t partition) const { return dir_ / ("saved" + std::to_string(partition)); }

void Folding::save() {
  for (const auto partition : pipeline_->partitions()) {
    std::filesystem::remove_all(saved(partition));
    const auto made = pipeline_->store(partition).checkpoint(saved(partition));
    ASSERT_TRUE(made) << made.error().what;
  }
}

// RocksDB flushes when it is closed, which a process that is killed does not: the directories go back to what was saved.
void Folding::kill() {
  const auto partitions = pipeline_->partitions();
  pipeline_.reset();
  for (const auto partition : partitions) {
    const auto live = fold::current_generation(dir_ / "live", partition);
    ASSERT_TRUE(live) << live.error();
    std::filesystem::remove_all(*live);
    if (std::filesystem::exists(saved(partition)))
      std::filesystem::copy(saved(partition), *live, std::filesystem::copy_options::recursive);
  }
}

}  // namespace parley::sim
