#include "eventlog/kafka/admin.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "eventlog/kafka/offsets.hpp"

namespace parley::eventlog {
namespace {

using std::chrono::milliseconds;
using Why = std::array<char, 256>;

std::unexpected<std::string> words(rd_kafka_resp_err_t error) { return std::unexpected<std::string>(rd_kafka_err2str(error)); }

}  // namespace

Admin::Admin(rd_kafka_t* kafka, const std::string& topic, std::chrono::steady_clock::time_point deadline)
    : kafka_(kafka),
      topic_(topic),
      handle_(rd_kafka_topic_new(kafka, topic.c_str(), nullptr)),
      results_(rd_kafka_queue_new(kafka)),
      deadline_(deadline) {}

int Admin::left_ms() const {
  const auto left = std::chrono::duration_cast<milliseconds>(deadline_ - std::chrono::steady_clock::now());
  return static_cast<int>(std::max<std::int64_t>(left.count(), 1));
}

AdminOptionsPtr Admin::options(rd_kafka_admin_op_t operation) const {
  AdminOptionsPtr options(rd_kafka_AdminOptions_new(kafka_, operation));
  Why why{};
  rd_kafka_AdminOptions_set_request_timeout(options.get(), left_ms(), why.data(), why.size());
  return options;
}

std::expected<EventPtr, std::string> Admin::result() {
  EventPtr event(rd_kafka_queue_poll(results_.get(), -1));  // comes at the latest when its request times out
  if (rd_kafka_event_error(event.get()) == RD_KAFKA_RESP_ERR_NO_ERROR) return event;
  return std::unexpected<std::string>(rd_kafka_event_error_string(event.get()));
}

std::expected<Admin::State, std::string> Admin::state() const {
  const rd_kafka_metadata_t* fetched = nullptr;
  const auto error = rd_kafka_metadata(kafka_, 0, handle_.get(), &fetched, left_ms());
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return words(error);
  const MetadataPtr metadata(fetched);
  const auto& topic = metadata->topics[0];
  switch (topic.err) {
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
      return State{};
    case RD_KAFKA_RESP_ERR_NO_ERROR:
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE: {
      const std::span partitions(topic.partitions, static_cast<std::size_t>(topic.partition_cnt));
      const bool all_led = std::ranges::all_of(partitions, [](const auto& each) { return each.leader >= 0; });
      return State{.exists = true, .all_led = all_led, .partitions = static_cast<std::uint32_t>(partitions.size())};
    }
    default:
      return words(topic.err);
  }
}

std::expected<void, std::string> Admin::create(std::uint32_t partitions, int replication_factor, const TopicConfigs& configs) {
  Why why{};
  const NewTopicPtr topic(
      rd_kafka_NewTopic_new(topic_.c_str(), static_cast<int>(partitions), replication_factor, why.data(), why.size()));
  if (!topic) return std::unexpected<std::string>(why.data());
  for (const auto& [name, value] : configs) rd_kafka_NewTopic_set_config(topic.get(), name.c_str(), value.c_str());
  auto* topics = topic.get();
  rd_kafka_CreateTopics(kafka_, &topics, 1, options(RD_KAFKA_ADMIN_OP_CREATETOPICS).get(), results_.get());
  const auto event = result();
  if (!event) return std::unexpected(event.error());
  std::size_t count = 0;
  const auto* const* made = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event->get()), &count);
  const auto error = rd_kafka_topic_result_error(made[0]);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) return {};
  const char* detail = rd_kafka_topic_result_error_string(made[0]);
  return std::unexpected<std::string>(detail != nullptr ? detail : rd_kafka_err2str(error));
}

std::expected<TopicConfigs, std::string> Admin::configs() {
  const ConfigResourcePtr resource(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic_.c_str()));
  auto* resources = resource.get();
  rd_kafka_DescribeConfigs(kafka_, &resources, 1, options(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS).get(), results_.get());
  const auto event = result();
  if (!event) return std::unexpected(event.error());
  std::size_t count = 0;
  const auto* const* described =
      rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event->get()), &count);
  if (const auto error = rd_kafka_ConfigResource_error(described[0]); error != RD_KAFKA_RESP_ERR_NO_ERROR) return words(error);
  const auto* const* entries = rd_kafka_ConfigResource_configs(described[0], &count);
  TopicConfigs configs;
  for (const auto* entry : std::span(entries, count)) {
    const char* value = rd_kafka_ConfigEntry_value(entry);
    configs[rd_kafka_ConfigEntry_name(entry)] = value != nullptr ? value : "";
  }
  return configs;
}

std::expected<std::int64_t, std::string> Admin::beginning(std::uint32_t partition) const {
  const auto offset = query_offset(kafka_, topic_, partition, RD_KAFKA_OFFSET_BEGINNING, milliseconds(left_ms()));
  if (!offset) return words(offset.error());
  return *offset;
}

}  // namespace parley::eventlog
