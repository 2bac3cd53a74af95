#include "eventlog/kafka/client.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace parley::eventlog {
namespace {

// With librdkafka's other names for them.
constexpr auto kOwnProperties = std::to_array<std::string_view>({
    "acks",
    "auto.offset.reset",
    "batch.num.messages",
    "bootstrap.servers",
    "check.crcs",
    "delivery.timeout.ms",
    "enable.auto.commit",
    "enable.auto.offset.store",
    "enable.idempotence",
    "fetch.error.backoff.ms",
    "fetch.wait.max.ms",
    "group.id",
    "isolation.level",
    "message.timeout.ms",
    "metadata.broker.list",
    "queue.buffering.max.kbytes",
    "queue.buffering.max.messages",
    "queued.max.messages.kbytes",
    "queued.min.messages",
    "request.required.acks",
    "retry.backoff.ms",
});

// Gathers properties; the first that is refused is remembered. What is set before the options' own gives way to them.
class Conf {
 public:
  Conf(rd_kafka_type_t type, const KafkaOptions& options) : type_(type) {
    set("client.id", "parley");
    set("allow.auto.create.topics", "false");
    set("message.max.bytes", kMaxMessageBytes);
    set("socket.nagle.disable", "true");
    set("reconnect.backoff.ms", 50);  // a broker that comes back is found soon
    set("reconnect.backoff.max.ms", 1000);
    if (type == RD_KAFKA_PRODUCER) set("linger.ms", "1");
    for (const auto& [name, value] : options.properties) set(name.c_str(), value);
    set_own("bootstrap.servers", options.brokers);
    rd_kafka_conf_set_opaque(conf_.get(), const_cast<KafkaOptions*>(&options));
    rd_kafka_conf_set_log_cb(conf_.get(), [](const rd_kafka_t* kafka, int, const char*, const char* line) {
      const auto& warn = static_cast<const KafkaOptions*>(rd_kafka_opaque(kafka))->warn;
      if (warn) warn(line);
    });
  }

  void set(const char* name, const std::string& value) {
    std::array<char, 256> why{};
    const auto result = rd_kafka_conf_set(conf_.get(), name, value.c_str(), why.data(), why.size());
    if (result != RD_KAFKA_CONF_OK && problem_.empty()) problem_ = why.data();
  }
  template <std::integral Number>
  void set(const char* name, Number value) {
    set(name, std::to_string(value));
  }
  template <class Value>
  void set_own(const char* name, const Value& value) {
    if (!is_own_kafka_property(name)) std::abort();  // the list above lacks it
    set(name, value);
  }
  void set_events(int events) { rd_kafka_conf_set_events(conf_.get(), events); }

  std::expected<KafkaPtr, std::string> make() && {
    if (!problem_.empty()) return std::unexpected("Kafka client: " + problem_);
    std::array<char, 256> why{};
    KafkaPtr kafka(rd_kafka_new(type_, conf_.get(), why.data(), why.size()));
    if (!kafka) return std::unexpected("Kafka client: " + std::string(why.data()));
    (void)conf_.release();  // the client has it now
    return kafka;
  }

 private:
  rd_kafka_type_t type_;
  ConfPtr conf_{rd_kafka_conf_new()};
  std::string problem_;
};

}  // namespace

bool is_own_kafka_property(std::string_view name) { return std::ranges::find(kOwnProperties, name) != kOwnProperties.end(); }

std::expected<KafkaPtr, std::string> make_producer(const KafkaOptions& options) {
  Conf conf(RD_KAFKA_PRODUCER, options);
  conf.set_own("enable.idempotence", "true");
  conf.set_own("acks", "all");
  conf.set_own("batch.num.messages", 10'000);
  conf.set_own("message.timeout.ms", options.append_timeout.count());
  conf.set_own("retry.backoff.ms", 50);
  // The log's own bound, in bytes, is the one that counts.
  conf.set_own("queue.buffering.max.messages", 10'000'000);
  conf.set_own("queue.buffering.max.kbytes", (options.max_queued_bytes >> 10) * 4 + (64 << 10));
  conf.set_events(RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR);
  return std::move(conf).make();
}

std::expected<KafkaPtr, std::string> make_consumer(const KafkaOptions& options) {
  Conf conf(RD_KAFKA_CONSUMER, options);
  conf.set_own("group.id", options.group.empty() ? "parley" : options.group);  // asked for, and not joined
  conf.set_own("enable.auto.commit", "false");
  conf.set_own("enable.auto.offset.store", "false");
  conf.set_own("auto.offset.reset", "error");  // a log that no longer has what it had is damaged
  conf.set_own("isolation.level", "read_committed");
  conf.set_own("check.crcs", "true");
  // A fetch returns as soon as there is something: this bounds only how long an idle one delays a new assignment.
  conf.set_own("fetch.wait.max.ms", 50);
  conf.set_own("fetch.error.backoff.ms", 50);
  conf.set_own("queued.min.messages", 50'000);
  conf.set_own("queued.max.messages.kbytes", 16 << 10);
  return std::move(conf).make();
}

}  // namespace parley::eventlog
