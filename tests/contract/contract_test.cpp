// What every log promises, asked of all of them.
#include <gmock/gmock.h>

#include <random>
#include <thread>

#include "tests/contract/adapter.hpp"
#include "tests/contract/log_driver.hpp"

namespace parley::contract {
namespace {

using eventlog::AppendRequest;
using eventlog::kMaxRecordBytes;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kPartitions = 3;
constexpr std::size_t kMaxQueuedBytes = 64 << 20;

class LogContract : public ::testing::TestWithParam<AdapterKind> {
 protected:
  void SetUp() override { ASSERT_NO_FATAL_FAILURE(open()); }
  void open() {
    auto opened = adapter_->open(kPartitions, kMaxQueuedBytes);
    ASSERT_TRUE(opened) << opened.error();
    log_ = std::move(*opened);
  }

  std::unique_ptr<Adapter> adapter_ = GetParam().make();
  std::unique_ptr<eventlog::EventLog> log_;
};

TEST_P(LogContract, HasThePartitionsItWasMadeWithAndIsHealthy) {
  EXPECT_EQ(log_->partitions(), kPartitions);
  EXPECT_TRUE(log_->healthy());
}

TEST_P(LogContract, RecordsAreReadInTheOrderOfTheirAppendsAtDenseOffsetsFromZero) {
  append_numbers(*log_, 1, 500);
  append_numbers(*log_, 1, 500);
  const auto records = read_partition(*log_, 1, 1000);
  ASSERT_EQ(offsets_of(records), offsets(0, 1000));
  EXPECT_EQ(values_of({records.begin(), records.begin() + 500}), numbers(0, 500));
  EXPECT_EQ(values_of({records.begin() + 500, records.end()}), numbers(0, 500));
}

TEST_P(LogContract, TheOffsetOfAnAckIsWhereTheRecordIsRead) {
  std::vector<eventlog::NewRecord> records;
  for (std::size_t i = 0; i < 300; ++i) records.push_back(record_of(i % kPartitions, "", std::to_string(i)));
  const auto outcomes = append(*log_, std::move(records));
  for (Partition partition = 0; partition < kPartitions; ++partition) {
    for (const auto& record : read_partition(*log_, partition, 100)) {
      EXPECT_EQ(outcomes[std::stoul(record.value)], Outcome(record.offset));
    }
  }
}

TEST_P(LogContract, EachPartitionCountsItsOwnOffsets) {
  append_numbers(*log_, 0, 5);
  append_numbers(*log_, 2, 3);
  const auto consumer = log_->consumer();
  for (Partition partition = 0; partition < kPartitions; ++partition) consumer->assign(partition, 0);
  auto records = read(*consumer, 8);
  EXPECT_EQ(values_of(records[0]), numbers(0, 5));
  EXPECT_EQ(values_of(records[1]), numbers(0, 0));
  EXPECT_EQ(values_of(records[2]), numbers(0, 3));
}

TEST_P(LogContract, EveryCompletionIsCalledExactlyOnceAndNeverFromWithinAppend) {
  Outcomes outcomes;
  std::atomic<int> from_within = 0;
  constexpr std::size_t kRecords = 2000;
  for (std::size_t i = 0; i < kRecords; ++i) {
    std::vector<AppendRequest> one;
    const auto appender = std::this_thread::get_id();
    one.emplace_back(record_of(0, "", i % 100 == 99 ? std::string(kMaxRecordBytes + 1, 'x') : "x"),
                     [&, appender, done = outcomes.report(i)](Outcome outcome) mutable {
                       if (std::this_thread::get_id() == appender) ++from_within;
                       done(outcome);
                     });
    log_->append(std::move(one));
  }
  ASSERT_TRUE(outcomes.wait_for(kRecords));
  log_.reset();  // after this there can't be any more
  EXPECT_EQ(from_within, 0);
  const auto all = outcomes.all();
  ASSERT_EQ(all.size(), kRecords);
  for (const auto& [number, each] : all) EXPECT_EQ(each.size(), 1U) << "record " << number;
}

TEST_P(LogContract, ManyThreadsAppendAndEachKeepsItsOrder) {
  constexpr std::size_t kThreads = 8;
  constexpr std::size_t kEach = 500;
  Outcomes outcomes;
  {
    std::vector<std::jthread> threads;
    for (std::size_t thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        for (std::size_t i = 0; i < kEach; ++i) {
          std::vector<AppendRequest> one;
          one.emplace_back(record_of(2, std::to_string(thread), std::to_string(i)), outcomes.report(thread * kEach + i));
          log_->append(std::move(one));
        }
      });
    }
  }
  ASSERT_TRUE(outcomes.wait_for(kThreads * kEach));
  const auto records = read_partition(*log_, 2, kThreads * kEach);
  EXPECT_EQ(offsets_of(records), offsets(0, kThreads * kEach));
  std::map<std::string, std::vector<std::string>> by_thread;
  for (const auto& record : records) by_thread[record.key].push_back(record.value);
  ASSERT_EQ(by_thread.size(), kThreads);
  for (const auto& [thread, values] : by_thread) EXPECT_EQ(values, numbers(0, kEach)) << "thread " << thread;
}

TEST_P(LogContract, AConsumerBeginsInTheMiddle) {
  append_numbers(*log_, 1, 100);
  const auto records = read_partition(*log_, 1, 63, 37);
  EXPECT_EQ(offsets_of(records), offsets(37, 100));
  EXPECT_EQ(values_of(records), numbers(37, 100));
}

TEST_P(LogContract, AConsumerThatBeginsAtTheEndSeesOnlyWhatComesLater) {
  append_numbers(*log_, 1, 10);
  const auto consumer = log_->consumer();
  consumer->assign(1, *log_->end(1));
  append_numbers(*log_, 1, 5);
  EXPECT_EQ(offsets_of(read(*consumer, 5)[1]), offsets(10, 15));
}

TEST_P(LogContract, AssigningAPartitionAgainMovesTheConsumer) {
  append_numbers(*log_, 1, 20);
  const auto consumer = log_->consumer();
  consumer->assign(1, 0);
  EXPECT_EQ(offsets_of(read(*consumer, 20)[1]), offsets(0, 20));
  consumer->assign(1, 5);
  EXPECT_EQ(offsets_of(read(*consumer, 15)[1]), offsets(5, 20));
}

TEST_P(LogContract, APartitionCanBeAddedWhileAnotherIsRead) {
  append_numbers(*log_, 0, 10);
  append_numbers(*log_, 1, 10);
  const auto consumer = log_->consumer();
  consumer->assign(0, 0);
  EXPECT_EQ(offsets_of(read(*consumer, 10)[0]), offsets(0, 10));
  consumer->assign(1, 3);
  append_numbers(*log_, 0, 2);
  auto records = read(*consumer, 9);
  EXPECT_EQ(offsets_of(records[0]), offsets(10, 12));
  EXPECT_EQ(offsets_of(records[1]), offsets(3, 10));
}

TEST_P(LogContract, AWaitingConsumerIsWokenByAnAppend) {
  const auto consumer = log_->consumer();
  consumer->assign(0, 0);
  for (int i = 0; i < 20; ++i) {
    const auto begin = Clock::now();
    std::jthread appender([&] { append_numbers(*log_, 0, 1); });
    const auto batch = consumer->poll(kDeadline, kManyRecords);
    ASSERT_TRUE(batch && *batch);
    EXPECT_EQ((*batch)->view().front().offset, static_cast<Offset>(i));
    EXPECT_LT(Clock::now() - begin, kDeadline / 2);
  }
}

TEST_P(LogContract, APollOfNothingEndsWhenItsTimeIsOver) {
  const auto consumer = log_->consumer();
  consumer->assign(0, 0);
  const auto begin = Clock::now();
  const auto batch = consumer->poll(milliseconds(50), kManyRecords);
  ASSERT_TRUE(batch);
  EXPECT_FALSE(*batch);
  EXPECT_GE(Clock::now() - begin, milliseconds(45));
}

TEST_P(LogContract, WakeEndsAPollThatWaits) {
  const auto consumer = log_->consumer();
  consumer->assign(0, 0);
  for (int i = 0; i < 20; ++i) {
    const auto begin = Clock::now();
    std::jthread waker([&] { consumer->wake(); });
    const auto batch = consumer->poll(kDeadline, kManyRecords);
    ASSERT_TRUE(batch);
    EXPECT_FALSE(*batch);
    EXPECT_LT(Clock::now() - begin, kDeadline / 2);
  }
}

TEST_P(LogContract, WakeBeforeAPollKeepsItFromWaiting) {
  const auto consumer = log_->consumer();
  consumer->assign(0, 0);
  consumer->wake();
  const auto begin = Clock::now();
  const auto batch = consumer->poll(kDeadline, kManyRecords);
  ASSERT_TRUE(batch);
  EXPECT_FALSE(*batch);
  EXPECT_LT(Clock::now() - begin, kDeadline / 2);
}

TEST_P(LogContract, TwoConsumersSeeTheSame) {
  const auto early = log_->consumer();
  for (Partition partition = 0; partition < kPartitions; ++partition) early->assign(partition, 0);
  for (Partition partition = 0; partition < kPartitions; ++partition) append_numbers(*log_, partition, 200);
  const auto late = log_->consumer();
  for (Partition partition = 0; partition < kPartitions; ++partition) late->assign(partition, 0);
  auto seen_early = read(*early, 600);
  auto seen_late = read(*late, 600);
  for (Partition partition = 0; partition < kPartitions; ++partition) {
    EXPECT_EQ(offsets_of(seen_early[partition]), offsets(0, 200));
    EXPECT_EQ(offsets_of(seen_late[partition]), offsets(0, 200));
    EXPECT_EQ(values_of(seen_early[partition]), values_of(seen_late[partition]));
  }
}

TEST_P(LogContract, KeysValuesAndTypesAreBytesAndMayBeEmpty) {
  std::string bytes;
  for (int i = 0; i < 1024; ++i) bytes.push_back(static_cast<char>(i));
  const std::string type = "parley.a-type-longer-than-any-small-string.v1";
  append(*log_, {record_of(0, "", bytes, type), record_of(0, bytes, "", ""), record_of(0, std::string(300, 'k'), "value")});
  const auto records = read_partition(*log_, 0, 3);
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0].key, "");
  EXPECT_EQ(records[0].value, bytes);
  EXPECT_EQ(records[0].type, type);
  EXPECT_EQ(records[1].key, bytes);
  EXPECT_EQ(records[1].value, "");
  EXPECT_EQ(records[1].type, "");
  EXPECT_EQ(records[2].key, std::string(300, 'k'));
}

TEST_P(LogContract, TheLargestRecordIsTakenAndALargerOneRefusedWithoutHarmToOthers) {
  std::string largest(kMaxRecordBytes - 3, 'x');
  std::minstd_rand random(1);
  for (auto& byte : largest) byte = static_cast<char>(random());
  const auto outcomes = append(*log_, {record_of(0, "", "before"), record_of(0, "", std::string(kMaxRecordBytes + 1, 'x')),
                                       record_of(0, "key", largest)});
  EXPECT_EQ(outcomes[0], Outcome(0));
  EXPECT_EQ(outcomes[1], Outcome(std::unexpected(AppendError::TooLarge)));
  EXPECT_EQ(outcomes[2], Outcome(1));
  const auto records = read_partition(*log_, 0, 2);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_TRUE(records[1].value == largest);
}

TEST_P(LogContract, TheEndIsTheOffsetOfTheNextRecord) {
  EXPECT_EQ(*log_->end(1), 0U);
  append_numbers(*log_, 1, 7);
  EXPECT_EQ(*log_->end(1), 7U);
  EXPECT_EQ(*log_->end(0), 0U);
  EXPECT_EQ(append(*log_, {record_of(1, "", "next")}), std::vector<Outcome>{7});
}

TEST_P(LogContract, AConsumerFarBehindReadsEverything) {
  constexpr std::size_t kRecords = 5000;
  std::vector<eventlog::NewRecord> records;
  for (std::size_t i = 0; i < kRecords; ++i) records.push_back(record_of(0, "key", std::to_string(i) + std::string(1000, '.')));
  append(*log_, std::move(records));
  append_numbers(*log_, 0, 1);
  EXPECT_EQ(offsets_of(read_partition(*log_, 0, kRecords + 1)), offsets(0, kRecords + 1));
}

TEST_P(LogContract, CloseWaitsForWhatWasHandedOverAndRefusesWhatComesLater) {
  Outcomes outcomes;
  std::vector<AppendRequest> requests;
  for (std::size_t i = 0; i < 1000; ++i) requests.emplace_back(record_of(0, "", std::to_string(i)), outcomes.report(i));
  log_->append(std::move(requests));
  log_->close(kDeadline);
  ASSERT_TRUE(outcomes.wait_for(1000));
  for (const auto& [number, each] : outcomes.all()) EXPECT_EQ(each, std::vector<Outcome>{number});
  EXPECT_EQ(append(*log_, {record_of(0, "", "late")}), std::vector<Outcome>{std::unexpected(AppendError::Unavailable)});
  EXPECT_EQ(values_of(read_partition(*log_, 0, 1000)), numbers(0, 1000));
}

std::string name_of(const ::testing::TestParamInfo<AdapterKind>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(Log, LogContract, ::testing::Values(memory_adapter(), embedded_adapter(), kafka_adapter()), name_of);

// What those promise that outlive their process.
class DurableLogContract : public LogContract {};

TEST_P(DurableLogContract, OpenedAgainItHasEverythingAndGoesOnAtTheNextOffset) {
  append_numbers(*log_, 1, 100);
  log_.reset();
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_EQ(*log_->end(1), 100U);
  EXPECT_EQ(append(*log_, {record_of(1, "", "100")}), std::vector<Outcome>{100});
  EXPECT_EQ(values_of(read_partition(*log_, 1, 101)), numbers(0, 101));
}

TEST_P(DurableLogContract, AnotherNumberOfPartitionsIsRefusedWithASentenceThatSaysBoth) {
  log_.reset();
  const auto opened = adapter_->open(5, kMaxQueuedBytes);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error(), ::testing::AllOf(::testing::HasSubstr("3"), ::testing::HasSubstr("5")));
}

TEST_P(DurableLogContract, AskedForNoNumberOfPartitionsItKeepsItsOwn) {
  log_.reset();
  const auto opened = adapter_->open(0, kMaxQueuedBytes);
  ASSERT_TRUE(opened) << opened.error();
  EXPECT_EQ((*opened)->partitions(), kPartitions);
}

TEST_P(DurableLogContract, AFullQueueRefusesTheRestAsOverloadedAndRecovers) {
  log_.reset();
  auto opened = adapter_->open(kPartitions, 20'000);
  ASSERT_TRUE(opened) << opened.error();
  std::vector<eventlog::NewRecord> records;
  for (int i = 0; i < 30; ++i) records.push_back(record_of(0, "", std::string(1000, 'x')));
  const auto outcomes = append(**opened, std::move(records));
  for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(outcomes[i], Outcome(i));
  for (std::size_t i = 20; i < 30; ++i) EXPECT_EQ(outcomes[i], Outcome(std::unexpected(AppendError::Overloaded)));
  EXPECT_EQ(append(**opened, {record_of(0, "", "x")}), std::vector<Outcome>{20});
}

INSTANTIATE_TEST_SUITE_P(Log, DurableLogContract, ::testing::Values(embedded_adapter(), kafka_adapter()), name_of);

}  // namespace
}  // namespace parley::contract
