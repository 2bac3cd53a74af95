#include "eventlog/kafka/topic.hpp"

#include <thread>

#include "eventlog/kafka/admin.hpp"
#include "eventlog/kafka/client.hpp"

namespace parley::eventlog {
namespace {

using Clock = std::chrono::steady_clock;
using Problem = std::optional<std::string>;

constexpr std::chrono::milliseconds kLookAgain{50};

// A log that forgets its first records, or the older ones of a key, can't be replayed; a table must not forget the newest ones.
const TopicConfigs kKeepsEverything = {{"cleanup.policy", "delete"}, {"retention.ms", "-1"}, {"retention.bytes", "-1"}};
const TopicConfigs kKeepsTheNewest = {{"cleanup.policy", "compact"}};
// So that what was replaced leaves the disk soon: a segment is closed after a minute, and compacted however little of it is
// old. Only of a new topic: an operator may think otherwise.
const TopicConfigs kForgetsSoon = {
    {"segment.ms", "60000"}, {"min.cleanable.dirty.ratio", "0.001"}, {"max.compaction.lag.ms", "60000"}};

const TopicConfigs& must_be(const KafkaOptions& options) { return options.compacted ? kKeepsTheNewest : kKeepsEverything; }

std::string about(const KafkaOptions& options, const std::string& what) {
  return "Kafka topic '" + options.topic + "' " + what;
}

Problem create(Admin& admin, const KafkaOptions& options) {
  if (options.partitions == 0) return about(options, "doesn't exist, and how many partitions it should get isn't said");
  auto configs = must_be(options);
  if (options.compacted) configs.insert(kForgetsSoon.begin(), kForgetsSoon.end());
  configs["max.message.bytes"] = std::to_string(kMaxMessageBytes);
  const auto created = admin.create(options.partitions, options.replication_factor, configs);
  if (!created) return about(options, "can't be made: " + created.error());
  return std::nullopt;
}

// A topic that was just made is not known to every broker at once, and its partitions get their leaders a little later.
std::expected<std::uint32_t, std::string> find_or_create(Admin& admin, const KafkaOptions& options,
                                                         Clock::time_point deadline) {
  for (bool created = false;; std::this_thread::sleep_for(kLookAgain)) {
    const auto state = admin.state();
    if (!state) {
      return std::unexpected("no Kafka broker at " + options.brokers + " tells about topic '" + options.topic + "' within " +
                             std::to_string(options.start_timeout.count()) + " ms: " + state.error());
    }
    if (state->exists && state->all_led) return state->partitions;
    if (!state->exists && !created) {
      if (auto problem = create(admin, options)) return std::unexpected(std::move(*problem));
      created = true;
    }
    if (Clock::now() > deadline) return std::unexpected(about(options, "has partitions without a leader"));
  }
}

Problem check_configs(Admin& admin, const KafkaOptions& options) {
  const auto configs = admin.configs();
  if (!configs) return about(options, "can't be checked: " + configs.error());
  for (const auto& [name, should_be] : must_be(options)) {
    const auto is = configs->find(name);
    if (is == configs->end() || is->second == should_be) continue;
    return about(options, "can't be a log: its " + name + " is '" + is->second + "' and must be '" + should_be + "'");
  }
  return std::nullopt;
}

// The leaders of a topic that was just made by somebody else may not know yet that they are.
Problem check_beginnings(const Admin& admin, const KafkaOptions& options, std::uint32_t partitions,
                         Clock::time_point deadline) {
  for (std::uint32_t partition = 0; partition < partitions; ++partition) {
    auto beginning = admin.beginning(partition);
    for (; !beginning && Clock::now() < deadline; beginning = admin.beginning(partition))
      std::this_thread::sleep_for(kLookAgain);
    if (!beginning) return about(options, "can't be checked: " + beginning.error());
    if (*beginning == 0) continue;
    return about(options, "can't be a log: its partition " + std::to_string(partition) + " lacks the records before offset " +
                              std::to_string(*beginning));
  }
  return std::nullopt;
}

}  // namespace

std::expected<std::uint32_t, std::string> settle_topic(rd_kafka_t* kafka, const KafkaOptions& options) {
  const auto deadline = Clock::now() + options.start_timeout;
  Admin admin(kafka, options.topic, deadline);
  const auto partitions = find_or_create(admin, options, deadline);
  if (!partitions) return partitions;
  if (options.partitions != 0 && options.partitions != *partitions) {
    return std::unexpected(about(options, "has " + std::to_string(*partitions) +
                                              " partitions and keeps them: it can't be opened with " +
                                              std::to_string(options.partitions)));
  }
  auto problem = check_configs(admin, options);
  if (!problem) problem = check_beginnings(admin, options, *partitions, deadline);
  if (problem) return std::unexpected(std::move(*problem));
  return partitions;
}

}  // namespace parley::eventlog
