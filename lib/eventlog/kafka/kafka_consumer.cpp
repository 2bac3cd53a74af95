#include "eventlog/kafka/kafka_consumer.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace parley::eventlog {
namespace {

ReadError error_of(rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:  // what was to be read next is not there
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
      return ReadError::Corrupt;
    default:
      return ReadError::Unavailable;
  }
}

// Of one that passes, it is not said of which partition: it may be over without a record of it.
ReadFailure failure_of(const rd_kafka_message_t& message) {
  const auto error = error_of(message.err);
  if (error != ReadError::Corrupt || message.partition < 0) return error;
  return {error, static_cast<Partition>(message.partition), static_cast<Offset>(message.offset)};
}

std::string bytes_of(const void* data, std::size_t size) {
  return data != nullptr ? std::string(static_cast<const char*>(data), size) : std::string();
}

std::string type_of(const rd_kafka_message_t& message) {
  rd_kafka_headers_t* headers = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  if (rd_kafka_header_get_last(headers, "ce_type", &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return bytes_of(value, size);
}

Record record_of(const rd_kafka_message_t& message) {
  return {.offset = static_cast<Offset>(message.offset),
          .key = bytes_of(message.key, message.key_len),
          .value = bytes_of(message.payload, message.len),
          .type = type_of(message)};
}

}  // namespace

KafkaConsumer::KafkaConsumer(KafkaPtr client, std::string topic)
    : client_(std::move(client)), queue_(rd_kafka_queue_get_consumer(client_.get())), topic_(std::move(topic)) {}

void KafkaConsumer::assign(Partition partition, Offset from) {
  std::erase_if(ready_, [&](const auto& batch) { return batch.partition == partition; });
  std::erase_if(wanted_, [&](const auto& wanted) { return wanted.partition == partition; });
  wanted_.push_back({partition, from});
}

PartitionListPtr KafkaConsumer::list_of(std::span<const Wanted> wanted) const {
  PartitionListPtr list(rd_kafka_topic_partition_list_new(static_cast<int>(wanted.size())));
  for (const auto& [partition, from] : wanted) {
    rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(), static_cast<std::int32_t>(partition))->offset =
        static_cast<std::int64_t>(from);
  }
  return list;
}

bool KafkaConsumer::assign_wanted() {
  std::vector<Wanted> again;
  std::ranges::copy_if(wanted_, std::back_inserter(again),
                       [&](const auto& wanted) { return assigned_.contains(wanted.partition); });
  if (!again.empty() && ErrorPtr(rd_kafka_incremental_unassign(client_.get(), list_of(again).get()))) return false;
  for (const auto& wanted : again) assigned_.erase(wanted.partition);
  if (ErrorPtr(rd_kafka_incremental_assign(client_.get(), list_of(wanted_).get()))) return false;
  for (const auto& wanted : wanted_) assigned_.insert(wanted.partition);
  wanted_.clear();
  return true;
}

std::expected<std::optional<RecordBatch>, ReadFailure> KafkaConsumer::poll(std::chrono::milliseconds timeout,
                                                                           std::size_t max_records) {
  if (!wanted_.empty() && !assign_wanted()) return std::unexpected(ReadError::Unavailable);
  if (ready_.empty() && !error_) {
    if (woken_.exchange(false)) timeout = std::chrono::milliseconds::zero();
    fetch(timeout, max_records);
  }
  if (!ready_.empty()) {
    auto batch = std::move(ready_.front());
    ready_.pop_front();
    return batch;
  }
  if (error_ == ReadError::Corrupt) return std::unexpected(*error_);  // for good
  if (error_) return std::unexpected(*std::exchange(error_, std::nullopt));
  woken_ = false;
  return std::nullopt;
}

// librdkafka's batch call waits until the batch is full: so the first message is waited for, and what is there by then is
// taken.
void KafkaConsumer::fetch(std::chrono::milliseconds timeout, std::size_t max_records) {
  std::vector<rd_kafka_message_t*> messages(std::max<std::size_t>(max_records, 1));
  const auto take = [&](std::size_t from, std::size_t count, int wait_ms) {
    const auto taken = rd_kafka_consume_batch_queue(queue_.get(), wait_ms, messages.data() + from, count);
    return static_cast<std::size_t>(std::max<ssize_t>(taken, 0));
  };
  auto count = take(0, 1, static_cast<int>(timeout.count()));
  if (count == 1) count += take(1, messages.size() - 1, 0);
  sort(std::span(messages).first(count));
}

void KafkaConsumer::sort(std::span<rd_kafka_message_t* const> messages) {
  std::map<Partition, std::vector<Record>> by_partition;
  for (auto* taken : messages) {
    const MessagePtr message(taken);
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      by_partition[static_cast<Partition>(message->partition)].push_back(record_of(*message));
    } else if (error_ != ReadError::Corrupt) {
      error_ = failure_of(*message);
    }
  }
  for (auto& [partition, records] : by_partition) {
    ready_.push_back({partition, std::make_shared<const std::vector<Record>>(std::move(records)), 0});
  }
}

void KafkaConsumer::wake() {
  woken_ = true;
  rd_kafka_queue_yield(queue_.get());
}

}  // namespace parley::eventlog
