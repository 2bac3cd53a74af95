// How far a consumer group has come, told to Kafka for lag tools: the newest word on each partition, when send() is called.
//
// Concurrency: any thread.
#pragma once

#include <map>
#include <mutex>

#include "eventlog/kafka/handles.hpp"
#include "eventlog/kafka/kafka_log.hpp"

namespace parley::eventlog {

class GroupProgress {
 public:
  // No group: says nothing.
  explicit GroupProgress(const KafkaOptions& options) : options_(options) {}

  void report(Partition partition, Offset next);
  // Asynchronous, best effort: whether it worked arrives in `results` and is nobody's concern.
  void send(rd_kafka_t* kafka, rd_kafka_queue_t* results);

 private:
  const KafkaOptions& options_;
  std::mutex mutex_;
  std::map<Partition, Offset> unsent_;
};

}  // namespace parley::eventlog
