// A broker that is killed, with and without load. These tests always have a broker of their own.
#include <gmock/gmock.h>

#include <semaphore>
#include <thread>

#include "eventlog/kafka/kafka_log.hpp"
#include "tests/contract/kafka_broker.hpp"
#include "tests/contract/log_driver.hpp"

namespace parley::contract {
namespace {

using eventlog::EventLog;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

class KafkaOutageTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto started = KafkaBroker::start();
    ASSERT_TRUE(started) << started.error();
    broker_ = std::move(*started);
  }
  static void TearDownTestSuite() { broker_.reset(); }
  void SetUp() override { ASSERT_TRUE(broker_); }

  static std::unique_ptr<EventLog> open(milliseconds append_timeout) {
    auto opened = eventlog::open_kafka_log(
        {.brokers = broker_->address(), .topic = fresh_topic(), .partitions = 2, .append_timeout = append_timeout});
    if (!opened) ADD_FAILURE() << opened.error();
    return std::move(*opened);
  }

  static inline std::unique_ptr<KafkaBroker> broker_;
};

TEST_F(KafkaOutageTest, ABrokerKilledUnderLoadLosesDoublesAndReordersNothingThatWasAcked) {
  constexpr std::size_t kRecords = 60'000;
  constexpr std::ptrdiff_t kOutstanding = 500;
  const auto log = open(kDeadline);
  Outcomes outcomes;
  std::vector<Record> seen;
  std::jthread reader([&] {
    const auto consumer = log->consumer();
    consumer->assign(1, 0);
    seen = read(*consumer, kRecords)[1];
  });
  std::jthread killer([&] {
    for (const auto after : {kRecords / 4, kRecords / 2}) {
      if (!outcomes.wait_for(after)) return;
      broker_->kill9();
      broker_->start_again();
    }
  });
  std::counting_semaphore<kOutstanding> room(kOutstanding);
  for (std::size_t i = 0; i < kRecords; ++i) {
    room.acquire();
    std::vector<eventlog::AppendRequest> one;
    one.emplace_back(record_of(1, "key", std::to_string(i)), [&room, done = outcomes.report(i)](Outcome outcome) mutable {
      done(outcome);
      room.release();
    });
    log->append(std::move(one));
  }
  ASSERT_TRUE(outcomes.wait_for(kRecords));
  killer.join();
  reader.join();
  EXPECT_EQ(offsets_of(seen), offsets(0, kRecords));
  EXPECT_TRUE(values_of(seen) == numbers(0, kRecords));
  for (const auto& [number, each] : outcomes.all()) ASSERT_EQ(each, std::vector<Outcome>{number});
}

TEST_F(KafkaOutageTest, WhileTheBrokerIsAwayAppendsAreUnavailableInTimeAndLaterItGoesOnByItself) {
  constexpr milliseconds kAppendTimeout{1000};
  constexpr seconds kLibrdkafkaLooksEvery{1};
  const auto log = open(kAppendTimeout);
  append_numbers(*log, 1, 10);
  const auto consumer = log->consumer();
  consumer->assign(1, 0);
  EXPECT_EQ(values_of(read(*consumer, 10)[1]), numbers(0, 10));

  broker_->kill9();
  // The first may have been sent into a connection of which it wasn't known that it is dead.
  EXPECT_FALSE(append(*log, {record_of(1, "", "lost")}).front());
  const auto begin = Clock::now();
  EXPECT_EQ(append(*log, {record_of(1, "", "lost")}), std::vector<Outcome>{std::unexpected(AppendError::Unavailable)});
  EXPECT_LT(Clock::now() - begin, kAppendTimeout + 2 * kLibrdkafkaLooksEvery + seconds(1));
  EXPECT_FALSE(log->healthy());
  EXPECT_EQ(log->end(1), (std::expected<Offset, eventlog::ReadError>(std::unexpected(eventlog::ReadError::Unavailable))));

  broker_->start_again();
  const auto deadline = Clock::now() + kDeadline;
  while (!log->healthy() && Clock::now() < deadline) std::this_thread::sleep_for(milliseconds(20));
  EXPECT_TRUE(log->healthy()) << "and without any traffic";
  EXPECT_EQ(append(*log, {record_of(1, "", "10")}), std::vector<Outcome>{10});
  EXPECT_EQ(values_of(read(*consumer, 1)[1]), numbers(10, 11));
}

TEST_F(KafkaOutageTest, CloseEndsAtItsDeadlineAndTheRestGetsItsOutcome) {
  auto log = open(kDeadline);
  append_numbers(*log, 0, 1);
  broker_->kill9();
  Outcomes outcomes;
  std::vector<eventlog::AppendRequest> requests;
  for (std::size_t i = 0; i < 100; ++i) requests.emplace_back(record_of(0, "", "x"), outcomes.report(i));
  log->append(std::move(requests));
  const auto begin = Clock::now();
  log->close(milliseconds(200));
  log.reset();
  EXPECT_LT(Clock::now() - begin, kDeadline / 2);
  EXPECT_EQ(outcomes.count(), 100U);
  for (const auto& [number, each] : outcomes.all()) EXPECT_FALSE(each.front());
  broker_->start_again();
}

}  // namespace
}  // namespace parley::contract
