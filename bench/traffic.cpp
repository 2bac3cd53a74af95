#include "bench/traffic.hpp"

#include "codec/command_codec.hpp"

namespace parley::bench {
namespace {

constexpr std::int64_t kBeginMs = 1'772'366'400'000;

// SplitMix64's finalizer: numbers in, the same scattered numbers out.
std::uint64_t scatter(std::uint64_t number) {
  number += 0x9E3779B97F4A7C15;
  number = (number ^ number >> 30) * 0xBF58476D1CE4E5B9;
  number = (number ^ number >> 27) * 0x94D049BB133111EB;
  return number ^ number >> 31;
}

core::UserId member(std::uint64_t channel, std::uint64_t which) {
  return {"user-" + std::to_string(channel) + (which % 2 == 0 ? "-a" : "-b")};
}

}  // namespace

Traffic::Traffic(TrafficShape shape) : shape_(shape), text_(shape.text_bytes, 'x') { channels_.reserve(shape.channels); }

core::Command Traffic::next() {
  const auto number = made_++;
  core::Command command;
  command.payload = number < shape_.channels ? create(number) : post(number);
  command.user = author_;
  command.key = key_;
  command.stream = codec::stream_for(command.payload, command.user);
  command.received_at = {kBeginMs + static_cast<std::int64_t>(number)};
  command.id = core::command_id(command.stream.slot(), command.received_at, scatter(number));
  command.origin = {0x1f2e3d4c5b6a7988, 1};
  if (!command.key.empty()) codec::set_payload_hash(command);
  return command;
}

core::Payload Traffic::create(std::uint64_t number) {
  author_ = member(number, 0);
  key_ = "create-" + std::to_string(number);
  channels_.push_back(core::group_id(author_, key_));
  return core::CreateChannel{
      .channel = channels_.back(), .kind = core::ChannelKind::Group, .name = "bench", .members = {member(number, 1)}};
}

core::Payload Traffic::post(std::uint64_t number) {
  const auto channel = scatter(number) % channels_.size();
  author_ = member(channel, number);
  key_ = shape_.keyed ? "post-" + std::to_string(number) : std::string{};
  return core::PostMessage{.channel = channels_[channel], .text = text_};
}

eventlog::NewRecord record_of(const core::Command& command, std::uint32_t partitions) {
  auto attributes = codec::event_attributes(command);
  return {.partition = core::partition_of(command.stream.slot(), partitions),
          .key = std::string(command.stream.bytes()),
          .value = codec::encode(command),
          .event = {.type = std::move(attributes.type),
                    .id = std::move(attributes.id),
                    .source = std::move(attributes.source),
                    .time = std::move(attributes.time),
                    .subject = std::move(attributes.subject),
                    .traceparent = std::move(attributes.traceparent)}};
}

}  // namespace parley::bench
