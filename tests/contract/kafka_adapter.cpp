#include "eventlog/kafka/kafka_log.hpp"
#include "tests/contract/adapter.hpp"
#include "tests/contract/kafka_broker.hpp"

namespace parley::contract {
namespace {

class KafkaAdapter : public Adapter {
 public:
  Opened open(std::uint32_t partitions, std::size_t max_queued_bytes) override {
    const auto brokers = shared_broker();
    if (!brokers) return std::unexpected(brokers.error());
    return eventlog::open_kafka_log(
        {.brokers = *brokers, .topic = topic_, .partitions = partitions, .max_queued_bytes = max_queued_bytes});
  }

 private:
  const std::string topic_ = fresh_topic();
};

}  // namespace

AdapterKind kafka_adapter() {
  return {"Kafka", [] { return std::make_unique<KafkaAdapter>(); }};
}

}  // namespace parley::contract
