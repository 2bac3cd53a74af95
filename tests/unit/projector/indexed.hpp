// A partition with its search index, both of which can be killed.
#pragma once

#include "projector/partition_index.hpp"
#include "projector/read_tables.hpp"
#include "search/searcher.hpp"
#include "tests/unit/fold/partition.hpp"
#include "tests/unit/fold/records.hpp"
#include "tests/unit/fold/sender.hpp"

namespace parley::projector {

class Indexed {
 public:
  explicit Indexed(PartitionIndexOptions options = {}, std::size_t max_rows = TouchedQueue::kMaxRows)
      : options_(options), queue_(1, true, max_rows), tables_(&queue_), partition_(fold::kControl, &tables_) {
    begin();
  }

  void fold(std::span<const eventlog::Record> records) { partition_.fold(records); }
  [[nodiscard]] eventlog::Offset next() const { return partition_->next(); }
  fold::Partition& partition() { return partition_; }
  TouchedQueue& queue() { return queue_; }

  PartitionIndex::Turn turn() { return index_->turn(); }
  // Takes in all that is folded.
  void catch_up() {
    for (int i = 0; i < 10'000; ++i)
      if (turn() == PartitionIndex::Turn::Done) return;
    FAIL() << "the index never has enough";
  }
  [[nodiscard]] eventlog::Offset found() const { return index_->next(); }
  [[nodiscard]] std::uint64_t looked_at() const { return index_->looked_at(); }

  // The process is killed: the store forgets what was not flushed, the index what was not committed.
  void kill() {
    index_.reset();
    partition_.kill();
    begin();
  }
  void restart() {
    index_.reset();
    partition_.restart();
    begin();
  }
  void lose_index() {
    index_.reset();
    std::filesystem::remove_all(dir());
    begin();
  }

  std::vector<std::uint64_t> find(const core::ChannelId& channel, const std::string& text) {
    const auto hits =
        search::Searcher(dir(), options_.language)
            .find({.text = text, .channels = {channel}}, 0, 1000, std::chrono::steady_clock::now() + std::chrono::seconds(10));
    std::vector<std::uint64_t> seqs;
    if (!hits) ADD_FAILURE() << hits.error().what;
    if (hits)
      for (const auto& hit : (*hits)->all()) seqs.push_back(hit.message.seq.value);
    return seqs;
  }
  [[nodiscard]] search::Digest digest() const {
    const auto made = search::digest(dir());
    EXPECT_TRUE(made);
    return made.value_or(search::Digest{});
  }
  // Of an index that is built from the messages as they are now.
  [[nodiscard]] search::Digest digest_of_a_new_one() {
    TouchedQueue nothing(1, false);
    PartitionIndex made(partition_.store(), dir_ / "another", 0, nothing, options_);
    while (made.turn() == PartitionIndex::Turn::More) {
    }
    const auto digest = search::digest(dir_ / "another");
    EXPECT_TRUE(digest);
    std::filesystem::remove_all(dir_ / "another");
    return digest.value_or(search::Digest{});
  }
  std::size_t rows() {
    std::size_t count = 0;
    EXPECT_TRUE(partition_.store().snapshot()->scan(fold::id(fold::Table::Touched), {}, {}, [&](auto key, auto) {
      count += fold::number_at_end(key, 8) != 0 ? 1 : 0;
      return true;
    }));
    return count;
  }
  [[nodiscard]] std::filesystem::path dir() const { return dir_ / "search"; }

 private:
  void begin() {
    ASSERT_TRUE(queue_.load(0, partition_.store(), partition_->next()));
    index_ = std::make_unique<PartitionIndex>(partition_.store(), dir(), 0, queue_, options_);
  }

  testing::TempDir dir_{testing::memory_directory()};
  PartitionIndexOptions options_;
  TouchedQueue queue_;
  ReadTables tables_;
  fold::Partition partition_;
  std::unique_ptr<PartitionIndex> index_;
};

}  // namespace parley::projector
