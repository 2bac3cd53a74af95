// The threads of an indexer beside those of a pipeline, of one who writes and of one who searches, as they run in a process.
#include "projector/indexer.hpp"

#include <gtest/gtest.h>

#include "eventlog/memory/memory_log.hpp"
#include "projector/read_tables.hpp"
#include "search/searcher.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/fold/sender.hpp"

namespace parley::projector {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint32_t kPartitions = 2;
constexpr std::uint64_t kMessages = 300;
const core::UserId kAnn{"ann"};

class IndexerTest : public ::testing::Test {
 protected:
  IndexerTest() {
    fold::PipelineOptions options{.dir = dir_ / "state", .partitions = {0, 1}, .threads = kPartitions};
    options.worker.max_records = 7;
    pipeline_ = fold::Pipeline::open(*log_, control_, options, &tables_, nullptr).value();
    for (const auto partition : pipeline_->partitions()) EXPECT_TRUE(queue_.load(partition, pipeline_->store(partition), 0));
    indexer_.emplace(*pipeline_, queue_, IndexerOptions{.index = {}, .interval = milliseconds(1), .threads = kPartitions});
  }
  ~IndexerTest() override {
    indexer_.reset();
    pipeline_.reset();
    log_->close(seconds(1));
  }
  // A group of this partition.
  static core::ChannelId group_in(std::uint32_t partition) {
    for (int i = 0;; ++i)
      if (const auto id = core::group_id(kAnn, std::to_string(i)); core::partition_of(id.slot(), kPartitions) == partition)
        return id;
  }
  void write(core::Payload payload) {
    std::vector<eventlog::AppendRequest> requests(1);
    requests.front().record = fold::record_of(sender_.command(kAnn, std::move(payload)), kPartitions);
    requests.front().done = [this](auto appended) {
      EXPECT_TRUE(appended);
      --to_append_;
    };
    ++to_append_;
    log_->append(std::move(requests));
  }
  [[nodiscard]] std::size_t found(std::uint32_t partition) const {
    const auto hits = search::Searcher(indexer_->dir(partition), PartitionIndexOptions{}.language)
                          .find({.text = "hello", .channels = {group_in(partition)}}, 0, 2 * kMessages,
                                std::chrono::steady_clock::now() + seconds(10));
    return hits ? (*hits)->all().size() : 0;
  }
  [[nodiscard]] bool is_over() const {
    if (to_append_ > 0) return false;
    for (const auto partition : pipeline_->partitions())
      if (pipeline_->progress(partition).next != log_->end(partition)) return false;
    return indexer_->is_current();
  }

  std::atomic<int> to_append_{0};
  const codec::Control control_{.partitions = kPartitions, .epoch = 7};
  testing::TempDir dir_{testing::memory_directory()};
  std::unique_ptr<eventlog::EventLog> log_ = eventlog::make_memory_log(kPartitions);
  TouchedQueue queue_{kPartitions, true};
  ReadTables tables_{&queue_};
  std::unique_ptr<fold::Pipeline> pipeline_;
  std::optional<Indexer> indexer_;
  fold::Sender sender_;
};

TEST_F(IndexerTest, WhatIsFoldedIsFoundWhileOthersWriteAndSearch) {
  indexer_->start();
  pipeline_->start();
  std::jthread searching([this](const std::stop_token& stop) {
    std::size_t most[kPartitions] = {};
    while (!stop.stop_requested())
      for (std::uint32_t partition = 0; partition < kPartitions; ++partition) {
        const auto now = found(partition);
        EXPECT_GE(now, most[partition]) << "what was found once is found";
        most[partition] = now;
      }
  });
  for (std::uint32_t partition = 0; partition < kPartitions; ++partition)
    write(core::CreateChannel{.channel = group_in(partition), .kind = core::ChannelKind::Group});
  for (std::uint64_t seq = 1; seq <= kMessages; ++seq)
    for (std::uint32_t partition = 0; partition < kPartitions; ++partition) {
      write(core::PostMessage{.channel = group_in(partition), .text = "hello " + std::to_string(seq)});
      if (seq % 3 == 0) write(core::EditMessage{group_in(partition), {seq}, "hello again", {}});
    }
  const auto until = std::chrono::steady_clock::now() + seconds(60);
  while (!is_over() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(milliseconds(5));
  EXPECT_TRUE(is_over());
  searching.request_stop();
  searching.join();
  for (std::uint32_t partition = 0; partition < kPartitions; ++partition) EXPECT_EQ(found(partition), kMessages);
}

TEST_F(IndexerTest, StopsInTheMiddleOfItsWork) {
  write(core::CreateChannel{.channel = group_in(0), .kind = core::ChannelKind::Group});
  for (std::uint64_t seq = 1; seq <= kMessages; ++seq) write(core::PostMessage{.channel = group_in(0), .text = "hello"});
  indexer_->start();
  pipeline_->start();
  while (indexer_->looked_at() == 0) std::this_thread::yield();
  indexer_->stop(milliseconds(0));
  pipeline_->stop();
  EXPECT_GT(found(0), 0U);
  indexer_->start();
  indexer_->stop(seconds(60));
  EXPECT_EQ(indexer_->next(0), pipeline_->progress(0).next);
}

}  // namespace
}  // namespace parley::projector
