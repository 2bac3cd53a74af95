#include "service/gateway_codec.hpp"

#include <optional>

#include "codec/change_codec.hpp"
#include "codec/row_proto.hpp"

namespace parley::service {
namespace {

void write(const Attached& attached, pb::ToGateway& frame) {
  auto& out = *frame.add_items()->mutable_attached();
  out.set_connection(attached.connection);
  out.set_shard(attached.shard);
  for (const auto& [channel, version, joined] : attached.channels) {
    out.add_channels(channel.bytes().data(), channel.bytes().size());
    out.add_versions(version.value);
    out.add_joined(joined.value);
  }
  out.set_next(attached.next);
  out.set_told_offset(attached.told.offset);
  out.set_told_index(attached.told.index);
}

void write(const Push& push, pb::ToGateway& frame) {
  if (!codec::is_client_change(*push.change)) return;
  auto& out = *frame.add_items()->mutable_push();
  out.set_offset(push.offset);
  out.set_index(push.index);
  codec::to_proto(*push.change, *out.mutable_change());
}

void write(const OutcomeReport& report, pb::ToGateway& frame) {
  auto& out = *frame.add_items()->mutable_outcome();
  out.set_command(report.command.bytes().data(), report.command.bytes().size());
  out.set_shard(report.shard);
  out.set_duplicate(report.duplicate);
  codec::to_proto(codec::OutcomeRow{.outcome = report.outcome, .offset = report.offset}, *out.mutable_outcome());
}

void write(const Typing& typing, pb::ToGateway& frame) {
  auto& out = *frame.add_items()->mutable_typing();
  out.set_user(typing.user.text);
  out.set_channel(typing.channel.bytes().data(), typing.channel.bytes().size());
}

void write(const Presence& presence, pb::ToGateway& frame) {
  auto& out = *frame.add_items()->mutable_presence();
  out.set_user(presence.user.text);
  out.set_online(presence.online);
  out.set_last_seen_ms(presence.last_seen.value);
  out.set_unsettled(presence.unsettled);
}

void write(const Listening& listening, pb::ToGateway& frame) {
  auto& out = *frame.add_items()->mutable_listening();
  out.set_connection(listening.connection);
  out.set_shard(listening.shard);
  out.set_room(listening.room.bytes().data(), listening.room.bytes().size());
  out.set_is_room(listening.is_room);
  out.set_version(listening.version.value);
  out.set_last_seq(listening.last_seq.value);
  out.set_next(listening.next);
}
void write(const WordsErased&, pb::ToGateway& frame) { frame.add_items()->mutable_words_erased(); }
void write(const Reached& reached, pb::ToGateway& frame) { frame.add_items()->mutable_reached()->set_next(reached.next); }

std::optional<GatewayItem> read(const pb::Attached& in) {
  if (in.channels_size() != in.versions_size() || in.channels_size() != in.joined_size()) return std::nullopt;
  Attached out{.connection = in.connection(),
               .shard = in.shard(),
               .channels = {},
               .next = in.next(),
               .told = {in.told_offset(), in.told_index()}};
  out.channels.reserve(static_cast<std::size_t>(in.channels_size()));
  for (int i = 0; i < in.channels_size(); ++i) {
    const auto channel = core::ChannelId::from_bytes(in.channels(i));
    if (!channel) return std::nullopt;
    out.channels.push_back({*channel, {in.versions(i)}, {in.joined(i)}});
  }
  return out;
}

std::optional<GatewayItem> read(const pb::Push& in) {
  auto change = codec::from_proto(in.change());
  if (!change) return std::nullopt;
  return Push{.offset = in.offset(), .change = std::make_shared<const core::Change>(*std::move(change)), .index = in.index()};
}

std::optional<GatewayItem> read(const pb::Outcome& in) {
  const auto command = core::CommandId::from_bytes(in.command());
  auto row = codec::from_proto(in.outcome());
  if (!command || !row) return std::nullopt;
  return OutcomeReport{.command = *command,
                       .shard = in.shard(),
                       .offset = row->offset,
                       .duplicate = in.duplicate(),
                       .outcome = std::move(row->outcome)};
}

std::optional<GatewayItem> read(const pb::Typing& in) {
  auto user = core::UserId::parse(in.user());
  const auto channel = core::ChannelId::from_bytes(in.channel());
  if (!user || !channel) return std::nullopt;
  return Typing{.user = *std::move(user), .channel = *channel};
}

std::optional<GatewayItem> read(const pb::Presence& in) {
  auto user = core::UserId::parse(in.user());
  if (!user) return std::nullopt;
  return Presence{
      .user = *std::move(user), .online = in.online(), .last_seen = {in.last_seen_ms()}, .unsettled = in.unsettled()};
}

std::optional<GatewayItem> read(const pb::Listening& in) {
  const auto room = core::ChannelId::from_bytes(in.room());
  if (!room) return std::nullopt;
  return Listening{.connection = in.connection(),
                   .shard = in.shard(),
                   .room = *room,
                   .is_room = in.is_room(),
                   .version = {in.version()},
                   .last_seq = {in.last_seq()},
                   .next = in.next()};
}

std::optional<GatewayItem> read(const pb::Item& in) {
  switch (in.item_case()) {
    case pb::Item::kAttached:
      return read(in.attached());
    case pb::Item::kPush:
      return read(in.push());
    case pb::Item::kOutcome:
      return read(in.outcome());
    case pb::Item::kTyping:
      return read(in.typing());
    case pb::Item::kPresence:
      return read(in.presence());
    case pb::Item::kListening:
      return read(in.listening());
    case pb::Item::kWordsErased:
      return WordsErased{};
    case pb::Item::kReached:
      return Reached{in.reached().next()};
    case pb::Item::ITEM_NOT_SET:
      break;
  }
  return std::nullopt;
}

}  // namespace

void append(const GatewayItem& item, pb::ToGateway& frame) {
  std::visit([&](const auto& one) { write(one, frame); }, item);
}

DecodedFrame decode(const pb::ToGateway& frame) {
  DecodedFrame decoded;
  decoded.batch.partition = frame.partition();
  decoded.batch.items.reserve(static_cast<std::size_t>(frame.items_size()));
  const bool is_of_none = frame.partition() == kOfNoPartition;
  for (const auto& one : frame.items()) {
    if (auto item = read(one); item && (!is_of_none || std::holds_alternative<Presence>(*item))) {
      decoded.batch.items.push_back(*std::move(item));
    } else {
      ++decoded.unreadable;
    }
  }
  return decoded;
}

}  // namespace parley::service
