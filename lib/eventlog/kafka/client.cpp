#include "eventlog/kafka/client.hpp"

#include <array>

namespace parley::eventlog {
namespace {

// Gathers properties; the first that is refused is remembered.
class Conf {
 public:
  Conf(rd_kafka_type_t type, const KafkaOptions& options) : type_(type) {
    set("bootstrap.servers", options.brokers);
    set("client.id", "parley");
    set("allow.auto.create.topics", "false");
    set("message.max.bytes", kMaxMessageBytes);
    set("socket.nagle.disable", "true");
    set("reconnect.backoff.ms", 50);  // a broker that comes back is found soon
    set("reconnect.backoff.max.ms", 1000);
    if (type == RD_KAFKA_PRODUCER) set("linger.ms", "1");
    for (const auto& [name, value] : options.properties) set(name.c_str(), value);
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

std::expected<KafkaPtr, std::string> make_producer(const KafkaOptions& options) {
  Conf conf(RD_KAFKA_PRODUCER, options);
  conf.set("enable.idempotence", "true");
  conf.set("acks", "all");
  conf.set("batch.num.messages", 10'000);
  conf.set("message.timeout.ms", options.append_timeout.count());
  conf.set("retry.backoff.ms", 50);
  // The log's own bound, in bytes, is the one that counts.
  conf.set("queue.buffering.max.messages", 10'000'000);
  conf.set("queue.buffering.max.kbytes", (options.max_queued_bytes >> 10) * 4 + (64 << 10));
  conf.set_events(RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR);
  return std::move(conf).make();
}

std::expected<KafkaPtr, std::string> make_consumer(const KafkaOptions& options) {
  Conf conf(RD_KAFKA_CONSUMER, options);
  conf.set("group.id", options.group.empty() ? "parley" : options.group);  // asked for, and not joined
  conf.set("enable.auto.commit", "false");
  conf.set("enable.auto.offset.store", "false");
  conf.set("auto.offset.reset", "error");  // a log that no longer has what it had is damaged
  conf.set("isolation.level", "read_committed");
  conf.set("check.crcs", "true");
  // A fetch returns as soon as there is something: this bounds only how long an idle one delays a new assignment.
  conf.set("fetch.wait.max.ms", 50);
  conf.set("fetch.error.backoff.ms", 50);
  conf.set("queued.min.messages", 50'000);
  conf.set("queued.max.messages.kbytes", 16 << 10);
  return std::move(conf).make();
}

}  // namespace parley::eventlog
