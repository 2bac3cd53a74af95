#include "eventlog/kafka/kafka_log.hpp"

#include <cstdio>
#include <cstdlib>

#include "eventlog/kafka/kafka_consumer.hpp"
#include "eventlog/kafka/kafka_producer.hpp"
#include "eventlog/kafka/offsets.hpp"
#include "eventlog/kafka/topic.hpp"

namespace parley::eventlog {
namespace {

class KafkaLog final : public EventLog {
 public:
  KafkaLog(std::unique_ptr<const KafkaOptions> options, KafkaPtr producer, std::uint32_t partitions)
      : options_(std::move(options)), partitions_(partitions), producer_(std::move(producer), *options_) {}

  [[nodiscard]] std::uint32_t partitions() const override { return partitions_; }
  void append(std::vector<AppendRequest> requests) override { producer_.append(std::move(requests)); }
  [[nodiscard]] bool keeps_events() const override { return true; }
  [[nodiscard]] bool healthy() const override { return producer_.healthy(); }
  void report_progress(Partition partition, Offset next) override { producer_.report_progress(partition, next); }
  void close(std::chrono::milliseconds deadline) override { producer_.close(deadline); }

  std::unique_ptr<Consumer> consumer() override {
    auto client = make_consumer(*options_);
    if (!client) {  // its properties were good when the log was opened: the machine is out of threads or memory
      std::fprintf(stderr, "%s\n", client.error().c_str());
      std::abort();
    }
    return std::make_unique<KafkaConsumer>(std::move(*client), options_->topic);
  }

  std::expected<Offset, ReadError> end(Partition partition) override {
    const auto kafka = producer_.client();
    const auto offset = query_offset(kafka.get(), options_->topic, partition, RD_KAFKA_OFFSET_END, options_->append_timeout);
    if (!offset) return std::unexpected(ReadError::Unavailable);
    return static_cast<Offset>(*offset);
  }

 private:
  std::unique_ptr<const KafkaOptions> options_;  // librdkafka's threads look into it
  std::uint32_t partitions_;
  KafkaProducer producer_;
};

}  // namespace

std::expected<std::unique_ptr<EventLog>, std::string> open_kafka_log(const KafkaOptions& given) {
  auto options = std::make_unique<const KafkaOptions>(given);
  auto producer = make_producer(*options);
  if (!producer) return std::unexpected(std::move(producer.error()));
  if (const auto consumer = make_consumer(*options); !consumer) return std::unexpected(consumer.error());
  const auto partitions = settle_topic(producer->get(), *options);
  if (!partitions) return std::unexpected(partitions.error());
  return std::make_unique<KafkaLog>(std::move(options), std::move(*producer), *partitions);
}

}  // namespace parley::eventlog
