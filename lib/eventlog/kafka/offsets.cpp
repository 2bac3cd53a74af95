#include "eventlog/kafka/offsets.hpp"

namespace parley::eventlog {

// Beginning and end are times that Kafka's protocol knows by the same numbers. rd_kafka_query_watermark_offsets() would be the
// obvious call, but has no end while the broker is away, whatever its timeout says (2.0.2).
std::expected<std::int64_t, rd_kafka_resp_err_t> query_offset(rd_kafka_t* kafka, const std::string& topic,
                                                              std::uint32_t partition, std::int64_t which,
                                                              std::chrono::milliseconds timeout) {
  const PartitionListPtr list(rd_kafka_topic_partition_list_new(1));
  auto* entry = rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), static_cast<std::int32_t>(partition));
  entry->offset = which;
  const auto error = rd_kafka_offsets_for_times(kafka, list.get(), static_cast<int>(timeout.count()));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return std::unexpected(error);
  if (entry->err != RD_KAFKA_RESP_ERR_NO_ERROR) return std::unexpected(entry->err);
  if (entry->offset < 0) return std::unexpected(RD_KAFKA_RESP_ERR__NO_OFFSET);
  return entry->offset;
}

}  // namespace parley::eventlog
