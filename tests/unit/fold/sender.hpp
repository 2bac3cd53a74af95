// Makes commands as ingest does, with a clock in the test's hand: a second passes before every one.
#pragma once

#include "codec/command_codec.hpp"
#include "eventlog/event_log.hpp"

namespace parley::fold {

class Sender {
 public:
  core::Command command(const core::UserId& user, core::Payload payload, std::string key = "") {
    now.value += 1'000;
    core::Command made{.user = user, .key = std::move(key), .received_at = now, .payload = std::move(payload)};
    made.stream = codec::stream_for(made.payload, user);
    made.id = core::command_id(made.stream.slot(), now, ++commands_);
    if (!made.key.empty()) codec::set_payload_hash(made);
    return made;
  }

  core::TimeMs now{1'767'225'600'000};  // 2026-01-01: the beginning of a bucket of an hour

 private:
  std::uint64_t commands_ = 0;
};

inline eventlog::NewRecord record_of(const core::Command& command, std::uint32_t partitions) {
  return {.partition = core::partition_of(command.stream.slot(), partitions),
          .key = std::string(command.stream.bytes()),
          .value = codec::encode(command),
          .event = {.type = std::string(codec::event_type(command))}};
}

}  // namespace parley::fold
