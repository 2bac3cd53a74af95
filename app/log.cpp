#include "app/log.hpp"

#include <filesystem>

#include "eventlog/embedded/embedded_log.hpp"
#include "eventlog/kafka/kafka_log.hpp"
#include "runtime/clock.hpp"
#include "runtime/log.hpp"

namespace parley::app {

namespace {

using Opened = std::expected<std::unique_ptr<eventlog::EventLog>, std::string>;

Opened open_embedded(const Options& options, bool read_only) {
  return eventlog::open_embedded_log({.dir = std::filesystem::path(options.data) / "log",
                                      .partitions = read_only ? 0 : options.log.partitions,
                                      .max_queued_bytes = options.log.queue_bytes,
                                      .read_only = read_only});
}

std::vector<std::pair<std::string, std::string>> kafka_properties(const Options& options) {
  std::vector<std::pair<std::string, std::string>> properties;
  for (const auto& property : split_list(options.log.kafka_properties)) {
    const auto equals = property.find('=');
    properties.emplace_back(property.substr(0, equals), property.substr(equals + 1));
  }
  return properties;
}

eventlog::KafkaOptions kafka_options(const Options& options) {
  return {.brokers = options.log.brokers,
          .topic = options.log.topic,
          .replication_factor = options.log.replication_factor,
          .append_timeout = std::chrono::milliseconds(options.log.append_timeout_ms),
          .start_timeout = std::chrono::milliseconds(options.log.start_timeout_ms),
          .max_queued_bytes = options.log.queue_bytes,
          .properties = kafka_properties(options),
          .warn = [](std::string_view words) { spdlog::warn("Kafka: {}", words); }};
}

Opened open_kafka(const Options& options, const std::string& group, std::uint32_t partitions) {
  auto kafka = kafka_options(options);
  kafka.partitions = partitions;
  kafka.group = group;
  return eventlog::open_kafka_log(kafka);
}

std::expected<std::unique_ptr<keys::KeyStore>, std::string> open_keys_of(const Options& options, std::uint64_t epoch,
                                                                         keys::Access access, std::uint64_t first) {
  if (options.log.kind == "embedded")
    return keys::open_disk_key_store(std::filesystem::path(options.data) / "keys", epoch, access, first);
  auto kafka = kafka_options(options);
  kafka.topic = keys_topic_of(options.log);
  kafka.partitions = 1;
  kafka.compacted = true;
  auto log = eventlog::open_kafka_log(kafka);
  if (!log) return std::unexpected(log.error());
  return keys::open_log_key_store(std::move(*log), epoch, access, std::chrono::milliseconds(options.log.start_timeout_ms));
}

}  // namespace

std::expected<OpenLog, std::string> open_log(const Options& options, const std::string& group, Begins begins) {
  auto log =
      options.log.kind == "embedded" ? open_embedded(options, false) : open_kafka(options, group, options.log.partitions);
  if (!log) return std::unexpected(log.error());
  codec::Control wanted;
  wanted.dedup_window_ms = std::int64_t{options.log.dedup_window_hours} * 3'600'000;
  const std::chrono::milliseconds deadline(options.log.start_timeout_ms);
  auto control = fold::ensure_control(**log, wanted, deadline, begins == Begins::AtOnce ? deadline * 0 : deadline / 2);
  if (!control) return std::unexpected(control.error());
  return OpenLog{std::move(*log), *control};
}

std::expected<OpenLog, std::string> open_log_to_read(const Options& options) {
  auto log = options.log.kind == "embedded" ? open_embedded(options, true) : open_kafka(options, "", 0);
  if (!log) return std::unexpected(log.error());
  auto control = fold::read_control(**log, std::chrono::milliseconds(options.log.start_timeout_ms));
  if (!control) return std::unexpected(control.error());
  return OpenLog{std::move(*log), *control};
}

std::expected<std::unique_ptr<keys::KeyStore>, std::string> open_keys(const Options& options, const OpenLog& log,
                                                                      keys::Access access) {
  if (access == keys::Access::Reading) return open_keys_of(options, log.control.epoch, access, 1);
  const auto begun = fold::is_begun(*log.log, std::chrono::milliseconds(options.log.start_timeout_ms));
  if (!begun) return std::unexpected(begun.error());
  if (!*begun) return open_keys_of(options, log.control.epoch, keys::Access::Beginning, 1);
  // Keys that were lost had numbers, which are not to be given again: they counted from 1, and this is far beyond.
  if (options.log.new_keys == "on")
    return open_keys_of(options, log.control.epoch, keys::Access::Beginning,
                        static_cast<std::uint64_t>(runtime::SystemClock().now_ms()));
  return open_keys_of(options, log.control.epoch, keys::Access::Writing, 1);
}

}  // namespace parley::app
