#include "eventlog/kafka/group_progress.hpp"

#include <utility>

namespace parley::eventlog {

void GroupProgress::report(Partition partition, Offset next) {
  if (options_.group.empty()) return;
  const std::lock_guard lock(mutex_);
  unsent_[partition] = next;
}

void GroupProgress::send(rd_kafka_t* kafka, rd_kafka_queue_t* results) {
  std::map<Partition, Offset> progress;
  {
    const std::lock_guard lock(mutex_);
    progress = std::exchange(unsent_, {});
  }
  if (progress.empty()) return;
  const PartitionListPtr list(rd_kafka_topic_partition_list_new(static_cast<int>(progress.size())));
  for (const auto& [partition, next] : progress) {
    rd_kafka_topic_partition_list_add(list.get(), options_.topic.c_str(), static_cast<std::int32_t>(partition))->offset =
        static_cast<std::int64_t>(next);
  }
  const GroupOffsetsPtr offsets(rd_kafka_AlterConsumerGroupOffsets_new(options_.group.c_str(), list.get()));
  auto* groups = offsets.get();
  rd_kafka_AlterConsumerGroupOffsets(kafka, &groups, 1, nullptr, results);
}

}  // namespace parley::eventlog
