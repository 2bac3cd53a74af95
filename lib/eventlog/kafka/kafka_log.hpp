// The log on Kafka or Redpanda, by librdkafka: idempotent producer with acks=all, explicit partitions, manual assignment.
//
// Operation: the topic is made when it isn't there (partition count, cleanup.policy=delete, retention.ms=-1,
// retention.bytes=-1), and checked otherwise; what does not fit is refused with a sentence. An ack is Kafka's: it survives
// the broker process; whether it survives a power cut is the broker's flush policy.
// Concurrency: completions run on one thread of this log's. Errors: a record that can't be delivered within `append_timeout`
// (give or take the second in which librdkafka looks) is Unavailable when librdkafka knows that it was never persisted, else
// Unknown. A broker that went away is tried again for ever.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "eventlog/event_log.hpp"

namespace parley::eventlog {

struct KafkaOptions {
  std::string brokers;  // bootstrap list, host:port,…
  std::string topic = "parley.commands";
  std::uint32_t partitions = 12;  // of a new topic; an old one must have as many. 0: whatever the old one has
  int replication_factor = -1;    // of a new topic; -1: the broker's default
  bool compacted = false;         // the topic forgets a record when there is a newer one of its key
  std::string group;              // for report_progress; empty: none
  std::chrono::milliseconds append_timeout{5000};
  std::chrono::milliseconds start_timeout{10000};  // to reach the broker and make or check the topic
  std::size_t max_queued_bytes = 64 << 20;         // handed over and not acked yet
  // Further properties of librdkafka's, such as security.protocol and sasl.*. REQUIRES: none is_own_kafka_property().
  std::vector<std::pair<std::string, std::string>> properties;
  // What librdkafka has to say, a line at a time, on its threads.
  std::function<void(std::string_view)> warn;
};

// Those that are always the log's to set, because it would be no log with others or has a bound of its own for them.
bool is_own_kafka_property(std::string_view name);

std::expected<std::unique_ptr<EventLog>, std::string> open_kafka_log(const KafkaOptions& options);

}  // namespace parley::eventlog
