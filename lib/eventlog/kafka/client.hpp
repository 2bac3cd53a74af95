// How this log sets up librdkafka's clients.
#pragma once

#include "eventlog/kafka/handles.hpp"
#include "eventlog/kafka/kafka_log.hpp"

namespace parley::eventlog {

// What a message may have around key and value: headers and Kafka's own framing.
inline constexpr std::size_t kMaxMessageBytes = kMaxRecordBytes + (64 << 10);

// Delivery reports, errors and results come as events on its main queue. `options` must outlive the client. The error says
// which property librdkafka refuses.
std::expected<KafkaPtr, std::string> make_producer(const KafkaOptions& options);
std::expected<KafkaPtr, std::string> make_consumer(const KafkaOptions& options);

}  // namespace parley::eventlog
