#include "codec/rows.hpp"

#include <algorithm>

#include "codec/on_stack.hpp"
#include "codec/row_proto.hpp"

namespace parley::codec {
namespace {

// No row has a map, so Protobuf's plain encoding gives the same bytes for the same value.
template <class Proto, class Value>
std::string encode_as(const Value& value) {
  OnStack<Proto> proto;
  to_proto(value, *proto);
  return proto->SerializeAsString();
}

template <class Proto>
std::optional<Proto> parse_as(std::string_view bytes) {
  Proto proto;
  if (!proto.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
  return proto;
}

}  // namespace

std::string encode_applied(const Applied& applied) {
  rows::Applied row;
  row.set_next_offset(applied.next_offset);
  row.set_epoch(applied.epoch);
  row.set_log_time_ms(applied.log_time.value);
  row.set_rules_version(applied.rules_version);
  row.set_dedup_window_ms(applied.dedup_window_ms);
  row.set_partitions(applied.partitions);
  return row.SerializeAsString();
}

std::optional<Applied> decode_applied(std::string_view bytes) {
  const auto row = parse_as<rows::Applied>(bytes);
  if (!row) return std::nullopt;
  return Applied{.next_offset = row->next_offset(),
                 .epoch = row->epoch(),
                 .log_time = {row->log_time_ms()},
                 .rules_version = row->rules_version(),
                 .dedup_window_ms = row->dedup_window_ms(),
                 .partitions = row->partitions()};
}

std::string encode_user(const core::UserProfile& profile) { return encode_as<rows::User>(profile); }

std::optional<core::UserProfile> decode_user(std::string_view bytes) {
  const auto row = parse_as<rows::User>(bytes);
  return row ? from_proto(*row) : std::nullopt;
}

std::string encode_workspace(const core::WorkspaceHead& head) { return encode_as<rows::Workspace>(head); }

std::optional<core::WorkspaceHead> decode_workspace(const core::WorkspaceId& id, std::string_view bytes) {
  const auto row = parse_as<rows::Workspace>(bytes);
  return row ? from_proto(id, *row) : std::nullopt;
}

std::string encode_workspace_member(const core::WorkspaceMember& member) { return encode_as<rows::WorkspaceMember>(member); }

std::optional<core::WorkspaceMember> decode_workspace_member(std::string_view bytes) {
  const auto row = parse_as<rows::WorkspaceMember>(bytes);
  return row ? from_proto(*row) : std::nullopt;
}

std::string encode_channel(const core::ChannelHead& head) { return encode_as<rows::Channel>(head); }

std::optional<core::ChannelHead> decode_channel(const core::ChannelId& id, std::string_view bytes) {
  const auto row = parse_as<rows::Channel>(bytes);
  return row ? from_proto(id, *row) : std::nullopt;
}

std::string encode_channel_member(const core::ChannelMember& member) { return encode_as<rows::ChannelMember>(member); }

std::optional<core::ChannelMember> decode_channel_member(std::string_view bytes) {
  const auto row = parse_as<rows::ChannelMember>(bytes);
  return row ? from_proto(*row) : std::nullopt;
}

std::string encode_outcome(const OutcomeRow& row) { return encode_as<rows::Outcome>(row); }

std::optional<OutcomeRow> decode_outcome(std::string_view bytes) {
  const auto row = parse_as<rows::Outcome>(bytes);
  return row ? from_proto(*row) : std::nullopt;
}

std::string encode_ban(const core::Ban& ban) { return encode_as<rows::Ban>(ban); }

std::optional<core::Ban> decode_ban(std::string_view bytes) {
  const auto row = parse_as<rows::Ban>(bytes);
  return row ? std::optional(from_proto(*row)) : std::nullopt;
}

std::string encode_account(const core::Account& account) {
  rows::Account row;
  row.set_role(account.role);
  row.set_password_hash(account.password_hash);
  row.set_created_at_ms(account.created_at.value);
  return row.SerializeAsString();
}

std::string encode_name(const core::Reservation& reservation) { return encode_as<rows::Name>(reservation); }

std::optional<core::Reservation> decode_name(std::string_view bytes) {
  const auto row = parse_as<rows::Name>(bytes);
  return row ? std::optional(from_proto(*row)) : std::nullopt;
}

std::string encode_revision(const core::Revision& revision) {
  rows::Revision row;
  row.set_text(revision.text);
  row.set_at_ms(revision.at.value);
  row.set_version(revision.version.value);
  return row.SerializeAsString();
}

std::optional<core::Revision> decode_revision(std::uint64_t number, std::string_view bytes) {
  auto row = parse_as<rows::Revision>(bytes);
  if (!row) return std::nullopt;
  return core::Revision{
      .text = std::move(*row->mutable_text()), .at = {row->at_ms()}, .version = {row->version()}, .number = number};
}

std::string encode_touched(const TouchedRow& touched) {
  rows::Touched row;
  row.set_purge(touched.purge);
  for (const auto& channel : touched.channels) {
    auto& one = *row.add_channels();
    one.set_channel(std::string(channel.id.bytes()));
    one.set_dropped(channel.dropped);
    for (const auto& [first, count] : channel.runs) {
      one.add_runs(first.value);
      one.add_runs(count);
    }
  }
  return row.SerializeAsString();
}

std::optional<TouchedRow> decode_touched(std::string_view bytes) {
  const auto row = parse_as<rows::Touched>(bytes);
  if (!row) return std::nullopt;
  TouchedRow touched{.channels = {}, .purge = row->purge()};
  for (const auto& one : row->channels()) {
    const auto id = core::ChannelId::from_bytes(one.channel());
    if (!id || one.runs_size() % 2 != 0) return std::nullopt;
    auto& channel = touched.channels.emplace_back(TouchedRow::Channel{*id, {}, one.dropped()});
    for (int i = 0; i < one.runs_size(); i += 2) channel.runs.push_back({{one.runs(i)}, one.runs(i + 1)});
  }
  return touched;
}

std::string encode_reached(core::TimeMs at) {
  rows::Reached row;
  row.set_at_ms(at.value);
  return row.SerializeAsString();
}

std::string encode_erased(std::uint64_t keys_before) {
  rows::Erased row;
  row.set_keys_before(keys_before);
  return row.SerializeAsString();
}

std::optional<std::uint64_t> decode_erased(std::string_view bytes) {
  const auto row = parse_as<rows::Erased>(bytes);
  if (!row) return std::nullopt;
  return row->keys_before();
}

std::string encode_key(const core::Earlier& earlier) {
  rows::Key row;
  row.set_payload_hash(earlier.payload_hash.data(), earlier.payload_hash.size());
  row.set_command(std::string(earlier.command.bytes()));
  row.set_at_ms(earlier.at.value);
  to_proto(earlier.outcome, *row.mutable_outcome());
  return row.SerializeAsString();
}

std::optional<core::Earlier> decode_key(std::string_view bytes) {
  const auto row = parse_as<rows::Key>(bytes);
  if (!row) return std::nullopt;
  const auto command = core::CommandId::from_bytes(row->command());
  auto outcome = outcome_from_proto(row->outcome());
  core::Earlier earlier{.at = {row->at_ms()}};
  if (!command || !outcome || row->payload_hash().size() != earlier.payload_hash.size()) return std::nullopt;
  std::ranges::copy(row->payload_hash(), earlier.payload_hash.begin());
  earlier.command = *command;
  earlier.outcome = std::move(*outcome);
  return earlier;
}

}  // namespace parley::codec
