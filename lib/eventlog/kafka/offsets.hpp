// Where a partition begins and ends.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>

#include "eventlog/kafka/handles.hpp"

namespace parley::eventlog {

// `which` is RD_KAFKA_OFFSET_BEGINNING or RD_KAFKA_OFFSET_END. Waits up to `timeout`.
std::expected<std::int64_t, rd_kafka_resp_err_t> query_offset(rd_kafka_t* kafka, const std::string& topic,
                                                              std::uint32_t partition, std::int64_t which,
                                                              std::chrono::milliseconds timeout);

}  // namespace parley::eventlog
