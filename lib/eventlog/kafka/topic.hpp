// The topic that is to be a log: made, or checked for what a log needs.
#pragma once

#include "eventlog/kafka/handles.hpp"
#include "eventlog/kafka/kafka_log.hpp"

namespace parley::eventlog {

// The number of its partitions; or, in a sentence, why it can't be the log.
std::expected<std::uint32_t, std::string> settle_topic(rd_kafka_t* kafka, const KafkaOptions& options);

}  // namespace parley::eventlog
