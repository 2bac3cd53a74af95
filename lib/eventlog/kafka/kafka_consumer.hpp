// The reading half of the Kafka log: a client of its own, partitions assigned by hand.
//
// Concurrency: one thread, save for wake(). Limits: librdkafka reads ahead up to 16 MiB a partition.
#pragma once

#include <atomic>
#include <deque>
#include <optional>
#include <set>
#include <span>

#include "eventlog/kafka/client.hpp"

namespace parley::eventlog {

class KafkaConsumer final : public Consumer {
 public:
  // `client` is one of make_consumer().
  KafkaConsumer(KafkaPtr client, std::string topic);

  void assign(Partition partition, Offset from) override;
  std::expected<std::optional<RecordBatch>, ReadFailure> poll(std::chrono::milliseconds timeout,
                                                              std::size_t max_records) override;
  void wake() override;

 private:
  struct Wanted {
    Partition partition;
    Offset from;
  };
  [[nodiscard]] bool assign_wanted();
  [[nodiscard]] PartitionListPtr list_of(std::span<const Wanted> wanted) const;
  void fetch(std::chrono::milliseconds timeout, std::size_t max_records);
  void sort(std::span<rd_kafka_message_t* const> messages);

  KafkaPtr client_;
  QueuePtr queue_;  // before the client's end
  std::string topic_;
  std::vector<Wanted> wanted_;  // asked for and not assigned yet
  std::set<Partition> assigned_;
  std::deque<RecordBatch> ready_;
  std::optional<ReadFailure> error_;  // told when what came before it was taken
  std::atomic<bool> woken_ = false;
};

}  // namespace parley::eventlog
