#include "fold/pipeline.hpp"

#include <gmock/gmock.h>

#include "tests/support/manual_log.hpp"
#include "tests/unit/fold/partition.hpp"
#include "tests/unit/fold/sender.hpp"

namespace parley::fold {
namespace {

using ::testing::HasSubstr;

class PipelineTest : public ::testing::Test {
 protected:
  std::expected<std::unique_ptr<Pipeline>, std::string> open(std::vector<std::uint32_t> partitions, std::size_t threads = 1) {
    return Pipeline::open(log_, control_,
                          {.dir = dir_ / "state",
                           .partitions = std::move(partitions),
                           .threads = threads,
                           .write_buffer_bytes = 1 << 20,
                           .block_cache_bytes = 4 << 20,
                           .worker = {}},
                          nullptr, nullptr);
  }
  void add_profile(std::uint32_t partition) {
    auto record = record_of(sender_.command({"anybody"}, core::SetProfile{.name = "N"}), control_.partitions);
    while (record.partition != partition)
      record =
          record_of(sender_.command({"user " + std::to_string(++users_)}, core::SetProfile{.name = "N"}), control_.partitions);
    log_.add(std::move(record));
  }
  static void turn(Pipeline& pipeline) {
    for (const auto& worker : pipeline.workers())
      for (std::size_t i = 0; i < worker->folds().size(); ++i) worker->turn(std::chrono::milliseconds(0));
  }

  testing::TempDir dir_{testing::memory_directory()};
  testing::ManualLog log_{4};
  const codec::Control control_{.partitions = 4, .epoch = 7};
  Sender sender_;
  int users_ = 0;
};

TEST_F(PipelineTest, HoldsThePartitionsThatItIsGivenAndNoOthers) {
  const auto pipeline = open({1, 3}).value();
  EXPECT_FALSE(pipeline->holds(0));
  EXPECT_TRUE(pipeline->holds(1));
  EXPECT_TRUE(pipeline->holds(3));
  EXPECT_FALSE(pipeline->holds(4));
}

TEST_F(PipelineTest, SpreadsItsPartitionsOverTheThreadsAndHasNoIdleOnes) {
  const auto two = open({0, 1, 2, 3}, 2).value();
  EXPECT_EQ(two->workers().size(), 2U);
  for (const auto& worker : two->workers()) EXPECT_EQ(worker->folds().size(), 2U);
}

TEST_F(PipelineTest, HasNoMoreThreadsThanPartitionsAndAtLeastOne) {
  EXPECT_EQ(open({0, 1}, 9).value()->workers().size(), 2U);
  EXPECT_EQ(open({0, 1}, 0).value()->workers().size(), 1U);
}

TEST_F(PipelineTest, LagsByTheMostOfAnyPartition) {
  add_profile(0);
  add_profile(2);
  add_profile(2);
  const auto pipeline = open({0, 1, 2, 3}).value();
  EXPECT_EQ(pipeline->lag(), 2U);
  turn(*pipeline);
  EXPECT_EQ(pipeline->lag(), 0U);
}

TEST_F(PipelineTest, GoesOnWhereItWasStopped) {
  add_profile(0);
  {
    const auto pipeline = open({0, 1}).value();
    turn(*pipeline);
  }
  const auto pipeline = open({0, 1}).value();
  EXPECT_EQ(pipeline->progress(0).next, 1U);
  EXPECT_EQ(pipeline->progress(1).next, 0U);
}

TEST_F(PipelineTest, KeepsEachPartitionInTheGenerationThatServes) {
  const auto pipeline = open({2}).value();
  EXPECT_TRUE(std::filesystem::exists(dir_ / "state" / "p0002" / "CURRENT"));
  EXPECT_TRUE(std::filesystem::is_directory(dir_ / "state" / "p0002" / "gen-000001"));
  EXPECT_EQ(current_generation(dir_ / "state", 2), dir_ / "state" / "p0002" / "gen-000001");
}

TEST_F(PipelineTest, DoesNotOpenTheStateOfAnotherLog) {
  {
    add_profile(0);
    const auto pipeline = open({0}).value();
    turn(*pipeline);
  }
  const auto other = Pipeline::open(log_, {.partitions = 4, .epoch = 8},
                                    {.dir = dir_ / "state", .partitions = {0}, .worker = {}}, nullptr, nullptr);
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error(), HasSubstr("of another log"));
}

TEST_F(PipelineTest, DoesNotOpenAStateThatIsAheadOfTheLog) {
  for (int i = 0; i < 3; ++i) add_profile(2);
  turn(*open({1, 2}).value());
  testing::ManualLog older(4);
  older.add({.partition = 2, .key = {}, .value = {}, .event = {}});
  const PipelineOptions options{.dir = dir_ / "state", .partitions = {1, 2}, .worker = {}};
  const auto opened = Pipeline::open(older, control_, options, nullptr, nullptr);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error(), HasSubstr("partition 2 is ahead of the log, which has 1 records of the 3"));
  older.read_error = eventlog::ReadError::Unavailable;
  EXPECT_TRUE(Pipeline::open(older, control_, options, nullptr, nullptr)) << "a log that does not say where it ends";
}

TEST_F(PipelineTest, IsUnhealthyAsLongAsOnePartitionCanNotBeReadAndFoldsTheOthers) {
  const auto pipeline = open({0, 1, 2, 3}).value();
  add_profile(1);
  log_.read_error = eventlog::ReadFailure(eventlog::ReadError::Corrupt, 1, 0);
  for (eventlog::Offset folded = 0; folded < 3; ++folded) {
    add_profile(2);
    turn(*pipeline);
    EXPECT_FALSE(pipeline->healthy());
    EXPECT_EQ(pipeline->progress(2).next, folded + 1);
  }
  log_.read_error.reset();
  turn(*pipeline);
  EXPECT_TRUE(pipeline->healthy());
}

TEST_F(PipelineTest, DoesNotOpenAStateThatAnotherHasOpen) {
  const auto pipeline = open({0}).value();
  EXPECT_FALSE(open({0}));
}

}  // namespace
}  // namespace parley::fold
