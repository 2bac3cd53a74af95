// What the Kafka log promises beyond the contract: topics that can't be a log are refused, records are CloudEvents, and what
// others do to the topic is borne.
#include <gmock/gmock.h>

#include "eventlog/kafka/admin.hpp"
#include "eventlog/kafka/client.hpp"
#include "eventlog/kafka/kafka_log.hpp"
#include "eventlog/kafka/kafka_producer.hpp"
#include "tests/contract/kafka_broker.hpp"
#include "tests/contract/log_driver.hpp"

namespace parley::contract {
namespace {

using eventlog::EventLog;
using eventlog::KafkaOptions;
using ::testing::AllOf;
using ::testing::HasSubstr;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kPartitions = 2;

class KafkaLogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto brokers = shared_broker();
    ASSERT_TRUE(brokers) << brokers.error();
    options_ = {.brokers = *brokers, .topic = fresh_topic(), .partitions = kPartitions};
  }
  std::unique_ptr<EventLog> open() {
    auto opened = eventlog::open_kafka_log(options_);
    if (!opened) ADD_FAILURE() << opened.error();
    return std::move(*opened);
  }
  // As someone else would make it.
  void make_topic(const eventlog::TopicConfigs& configs) {
    const auto client = *eventlog::make_producer(options_);
    eventlog::Admin admin(client.get(), options_.topic, Clock::now() + kDeadline);
    const auto made = admin.create(kPartitions, 1, configs);
    ASSERT_TRUE(made) << made.error();
  }
  // Everything below the offset.
  void delete_records(Partition partition, Offset before) {
    const auto client = *eventlog::make_producer(options_);
    const eventlog::PartitionListPtr list(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(list.get(), options_.topic.c_str(), static_cast<int>(partition))->offset =
        static_cast<std::int64_t>(before);
    auto* request = rd_kafka_DeleteRecords_new(list.get());
    const eventlog::QueuePtr results(rd_kafka_queue_new(client.get()));
    rd_kafka_DeleteRecords(client.get(), &request, 1, nullptr, results.get());
    const eventlog::EventPtr result(rd_kafka_queue_poll(results.get(), -1));
    rd_kafka_DeleteRecords_destroy(request);
    ASSERT_EQ(rd_kafka_event_error(result.get()), RD_KAFKA_RESP_ERR_NO_ERROR);
  }

  KafkaOptions options_;
};

TEST_F(KafkaLogTest, ATopicThatForgetsIsRefusedAndTheSentenceSaysWhatIsWrong) {
  const std::vector<std::pair<std::string, std::string>> wrong = {{"cleanup.policy", "compact"},
                                                                  {"cleanup.policy", "compact,delete"},
                                                                  {"retention.ms", "604800000"},
                                                                  {"retention.bytes", "1000000000"}};
  for (const auto& [name, value] : wrong) {
    options_.topic = fresh_topic();
    eventlog::TopicConfigs configs = {{"cleanup.policy", "delete"}, {"retention.ms", "-1"}, {"retention.bytes", "-1"}};
    configs[name] = value;
    make_topic(configs);
    const auto opened = eventlog::open_kafka_log(options_);
    ASSERT_FALSE(opened) << name << "=" << value;
    EXPECT_THAT(opened.error(), AllOf(HasSubstr(options_.topic), HasSubstr(name), HasSubstr(value)));
  }
}

TEST_F(KafkaLogTest, ATopicThatHasLostItsBeginningIsRefused) {
  append_numbers(*open(), 1, 10);
  delete_records(1, 4);
  const auto opened = eventlog::open_kafka_log(options_);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error(), AllOf(HasSubstr("partition 1"), HasSubstr("offset 4")));
}

TEST_F(KafkaLogTest, AConsumerOfRecordsThatAreGoneIsToldThatTheLogIsDamaged) {
  const auto log = open();
  append_numbers(*log, 1, 10);
  delete_records(1, 4);
  const auto consumer = log->consumer();
  consumer->assign(1, 0);
  const auto deadline = Clock::now() + kDeadline;
  auto polled = consumer->poll(std::chrono::milliseconds(100), kManyRecords);
  while (polled && !*polled && Clock::now() < deadline) polled = consumer->poll(std::chrono::milliseconds(100), kManyRecords);
  ASSERT_FALSE(polled);
  EXPECT_EQ(polled.error(), eventlog::ReadError::Corrupt);
}

TEST_F(KafkaLogTest, ABrokerThatDoesNotAnswerIsNamedInTheSentence) {
  options_.brokers = "127.0.0.1:1";
  options_.start_timeout = std::chrono::milliseconds(500);
  const auto begin = Clock::now();
  const auto opened = eventlog::open_kafka_log(options_);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error(), HasSubstr("127.0.0.1:1"));
  EXPECT_LT(Clock::now() - begin, kDeadline / 2);
}

TEST_F(KafkaLogTest, APropertyThatLibrdkafkaDoesNotKnowIsNamedInTheSentence) {
  options_.properties = {{"no.such.property", "1"}};
  const auto opened = eventlog::open_kafka_log(options_);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error(), HasSubstr("no.such.property"));
}

TEST_F(KafkaLogTest, ATopicThatIsNotThereIsNotMadeWithoutANumberOfPartitions) {
  options_.partitions = 0;
  const auto opened = eventlog::open_kafka_log(options_);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error(), HasSubstr("doesn't exist"));
}

TEST_F(KafkaLogTest, ARecordIsACloudEventInBinaryMode) {
  const auto log = open();
  eventlog::NewRecord record{.partition = 0,
                             .key = "key",
                             .value = "value",
                             .event = {.type = "parley.test.v1",
                                       .id = "42",
                                       .source = "/parley/test",
                                       .time = "2024-01-01T00:00:00Z",
                                       .subject = "channel",
                                       .traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}};
  append(*log, {record});

  const auto client = *eventlog::make_consumer(options_);
  const eventlog::PartitionListPtr list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), options_.topic.c_str(), 0)->offset = 0;
  rd_kafka_assign(client.get(), list.get());
  const eventlog::MessagePtr message(rd_kafka_consumer_poll(client.get(), std::chrono::milliseconds(kDeadline).count()));
  ASSERT_TRUE(message);
  rd_kafka_headers_t* headers = nullptr;
  ASSERT_EQ(rd_kafka_message_headers(message.get(), &headers), RD_KAFKA_RESP_ERR_NO_ERROR);
  std::map<std::string, std::string> found;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) {
    found[name] = std::string(static_cast<const char*>(value), size);
  }
  const std::map<std::string, std::string> expected = {{"ce_specversion", "1.0"},
                                                       {"ce_id", "42"},
                                                       {"ce_source", "/parley/test"},
                                                       {"ce_type", "parley.test.v1"},
                                                       {"ce_time", "2024-01-01T00:00:00Z"},
                                                       {"ce_subject", "channel"},
                                                       {"content-type", "application/protobuf"},
                                                       {"traceparent", record.event.traceparent}};
  EXPECT_EQ(found, expected);
}

// A producer that is not ours writes transactions: their markers take offsets, and one is aborted.
TEST_F(KafkaLogTest, OffsetsOfControlBatchesAreGapsAndAbortedRecordsAreNotSeen) {
  const auto log = open();
  append_numbers(*log, 0, 1);
  auto foreign = options_;
  foreign.properties = {{"transactional.id", options_.topic}};
  const auto client = *eventlog::make_producer(foreign);
  const eventlog::TopicPtr topic(rd_kafka_topic_new(client.get(), options_.topic.c_str(), nullptr));
  const eventlog::QueuePtr events(rd_kafka_queue_get_main(client.get()));
  ASSERT_FALSE(rd_kafka_init_transactions(client.get(), -1));
  for (const bool commit : {false, true}) {
    ASSERT_FALSE(rd_kafka_begin_transaction(client.get()));
    std::string text = commit ? "committed" : "aborted";
    ASSERT_EQ(rd_kafka_produce(topic.get(), 0, RD_KAFKA_MSG_F_COPY, text.data(), text.size(), nullptr, 0, nullptr), 0);
    while (rd_kafka_outq_len(client.get()) > 0) eventlog::EventPtr(rd_kafka_queue_poll(events.get(), -1));
    auto* error = commit ? rd_kafka_commit_transaction(client.get(), -1) : rd_kafka_abort_transaction(client.get(), -1);
    ASSERT_FALSE(error) << rd_kafka_error_string(error);
  }
  append_numbers(*log, 0, 1);
  const auto records = read_partition(*log, 0, 3);
  EXPECT_EQ(values_of(records), (std::vector<std::string>{"0", "committed", "0"}));
  EXPECT_THAT(offsets_of(records),
              ::testing::ElementsAre(0, 3, ::testing::Gt(3)));  // the last marker may come after the record
}

TEST_F(KafkaLogTest, ProgressIsToldToTheConsumerGroup) {
  options_.group = options_.topic + ".group";
  const auto log = open();
  append_numbers(*log, 0, 7);
  log->report_progress(0, 3);
  log->report_progress(0, 5);
  const auto client = *eventlog::make_consumer(options_);
  const eventlog::PartitionListPtr list(rd_kafka_topic_partition_list_new(1));
  auto* entry = rd_kafka_topic_partition_list_add(list.get(), options_.topic.c_str(), 0);
  const auto deadline = Clock::now() + kDeadline;
  do {
    rd_kafka_committed(client.get(), list.get(), 1000);
  } while (entry->offset != 5 && Clock::now() < deadline);
  EXPECT_EQ(entry->offset, 5);
}

TEST_F(KafkaLogTest, AProducerThatIsBeyondRepairIsMadeAnewAndEveryRecordGetsItsOutcome) {
  (void)open();  // makes the topic
  eventlog::KafkaProducer producer(*eventlog::make_producer(options_), options_);
  Outcomes outcomes;
  const auto append_some = [&](std::size_t from, std::size_t to) {
    for (auto i = from; i < to; ++i) {
      std::vector<eventlog::AppendRequest> one;
      one.emplace_back(record_of(0, "", std::to_string(i)), outcomes.report(i));
      producer.append(std::move(one));
    }
  };
  append_some(0, 1000);
  rd_kafka_test_fatal_error(producer.client().get(), RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "asked for by a test");
  append_some(1000, 2000);
  ASSERT_TRUE(outcomes.wait_for(2000));
  const auto deadline = Clock::now() + kDeadline;
  std::size_t number = 2000;
  for (bool taken = false; !taken && Clock::now() < deadline; ++number) {
    append_some(number, number + 1);
    ASSERT_TRUE(outcomes.wait_for(number + 1));
    taken = outcomes.all().at(number).front().has_value();
  }
  EXPECT_TRUE(producer.healthy());
  for (const auto& [each, reported] : outcomes.all()) ASSERT_EQ(reported.size(), 1U) << each;
}

}  // namespace
}  // namespace parley::contract
