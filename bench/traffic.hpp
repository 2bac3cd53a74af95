// What the benchmarks feed: groups of two whose members post in turns, spread over the partitions by the groups' ids. The same
// shape gives the same commands, a millisecond apart, so that the time of a row tells where its command stands in the log.
//
// Concurrency: one thread. Values.
#pragma once

#include <cstdint>
#include <string>

#include "core/command.hpp"
#include "eventlog/event_log.hpp"

namespace parley::bench {

struct TrafficShape {
  std::size_t channels = 1000;
  std::size_t text_bytes = 128;
  bool keyed = false;  // every post has an idempotency key of its own
};

class Traffic {
 public:
  explicit Traffic(TrafficShape shape);
  // First each channel's creation, then posts for ever, to no channel more often than to another, in no order.
  core::Command next();

 private:
  core::Payload create(std::uint64_t number);
  core::Payload post(std::uint64_t number);

  TrafficShape shape_;
  std::uint64_t made_ = 0;
  std::vector<core::ChannelId> channels_;
  core::UserId author_;  // of the command under way
  std::string key_;
  std::string text_;
};

// The record that ingest would append for it.
eventlog::NewRecord record_of(const core::Command& command, std::uint32_t partitions);

}  // namespace parley::bench
