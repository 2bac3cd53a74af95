// What waits for one gateway, gathered by partition, so that whatever came while a write ran goes out together.
//
// Operation: partitions take turns; within one, items leave in the order in which they came.
// Concurrency: one thread. Limits: none of its own; the stream that feeds it counts what it pushed by weight().
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>

#include "parley/internal/v1/gateway.pb.h"
#include "service/gateway.hpp"

namespace parley::service {

// About the bytes that it holds in memory while it waits, and takes on the wire; at least 1 an item.
std::size_t weight(const GatewayItem& item);
std::size_t weight(const GatewayBatch& batch);
// Nothing in it is missed by anyone: typing.
bool may_be_dropped(const GatewayBatch& batch);
// What may be dropped is, once so much of a queue's bound is used.
constexpr std::size_t room_for_droppable(std::size_t max_queued_bytes) { return max_queued_bytes / 8; }

class GatewayOutbox {
 public:
  void push(GatewayBatch batch);
  [[nodiscard]] bool empty() const { return turns_.empty(); }
  // Fills `frame`, which is empty, with items of the partition whose turn it is: about max_bytes of them, at least one.
  // Returns the weight of what was taken. REQUIRES: !empty().
  std::size_t take(std::size_t max_bytes, parley::internal::v1::ToGateway& frame);

 private:
  std::unordered_map<std::uint32_t, std::deque<GatewayItem>> waiting_;
  std::deque<std::uint32_t> turns_;  // the partitions that have something waiting
};

}  // namespace parley::service
