// The few questions and orders about a topic that a log has for the cluster, asked and waited for.
//
// Errors: librdkafka's words.
#pragma once

#include <chrono>
#include <expected>
#include <map>
#include <string>

#include "eventlog/kafka/handles.hpp"

namespace parley::eventlog {

using TopicConfigs = std::map<std::string, std::string>;

class Admin {
 public:
  // Everything that it waits for ends at `deadline`.
  Admin(rd_kafka_t* kafka, const std::string& topic, std::chrono::steady_clock::time_point deadline);

  struct State {
    bool exists = false;
    bool all_led = false;  // each partition has a leader
    std::uint32_t partitions = 0;
  };
  [[nodiscard]] std::expected<State, std::string> state() const;
  // One that is there already is no error.
  std::expected<void, std::string> create(std::uint32_t partitions, int replication_factor, const TopicConfigs& configs);
  std::expected<TopicConfigs, std::string> configs();
  // The offset of the partition's first record.
  [[nodiscard]] std::expected<std::int64_t, std::string> beginning(std::uint32_t partition) const;

 private:
  [[nodiscard]] int left_ms() const;
  [[nodiscard]] AdminOptionsPtr options(rd_kafka_admin_op_t operation) const;
  std::expected<EventPtr, std::string> result();

  rd_kafka_t* kafka_;
  const std::string& topic_;
  TopicPtr handle_;
  QueuePtr results_;
  std::chrono::steady_clock::time_point deadline_;
};

}  // namespace parley::eventlog
