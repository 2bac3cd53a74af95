// Core values as the rows of a projection (schemas/parley/store/v1/rows.proto). What a row's key says is not in the row: it is
// given again when decoding. The same value gives the same bytes. A row that can't be read is none: the store's bytes are
// damaged, or another program's.
//
// Concurrency: pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "codec/message_row.hpp"
#include "core/apply.hpp"

namespace parley::codec {

// How far a partition is folded, and of which log.
struct Applied {
  std::uint64_t next_offset = 0;  // the first record that is not folded yet
  std::uint64_t epoch = 0;
  core::TimeMs log_time;
  std::uint32_t rules_version = 1;
  std::int64_t dedup_window_ms = 0;
  std::uint32_t partitions = 0;
  bool operator==(const Applied&) const = default;
};
std::string encode_applied(const Applied& applied);
std::optional<Applied> decode_applied(std::string_view row);

std::string encode_user(const core::UserProfile& profile);
std::optional<core::UserProfile> decode_user(std::string_view row);

std::string encode_workspace(const core::WorkspaceHead& head);
std::optional<core::WorkspaceHead> decode_workspace(const core::WorkspaceId& id, std::string_view row);

std::string encode_workspace_member(const core::WorkspaceMember& member);
std::optional<core::WorkspaceMember> decode_workspace_member(std::string_view row);

std::string encode_channel(const core::ChannelHead& head);
std::optional<core::ChannelHead> decode_channel(const core::ChannelId& id, std::string_view row);

std::string encode_channel_member(const core::ChannelMember& member);
std::optional<core::ChannelMember> decode_channel_member(std::string_view row);

// What became of a command, as table commands keeps it.
struct OutcomeRow {
  core::Outcome outcome;
  std::uint64_t offset = 0;  // of the command's own record
  core::StreamId stream;
  core::UserId user;
  bool duplicate = false;  // the outcome is an earlier command's
  std::uint32_t kind = 0;  // which payload it had: its field in parley.v1.Command
};
std::string encode_outcome(const OutcomeRow& row);
std::optional<OutcomeRow> decode_outcome(std::string_view row);

std::string encode_ban(const core::Ban& ban);
std::optional<core::Ban> decode_ban(std::string_view row);

std::string encode_account(const core::Account& account);

std::string encode_name(const core::Reservation& reservation);
std::optional<core::Reservation> decode_name(std::string_view row);

std::string encode_revision(const core::Revision& revision);
// `number` is the key's.
std::optional<core::Revision> decode_revision(std::uint64_t number, std::string_view row);

// The messages that a batch of the fold gave a text or took it from.
struct TouchedRow {
  struct Run {
    core::Seq first;
    std::uint64_t count = 0;
    bool operator==(const Run&) const = default;
  };
  struct Channel {
    core::ChannelId id;
    std::vector<Run> runs;
    bool dropped = false;  // all of its messages went
    bool operator==(const Channel&) const = default;
  };
  std::vector<Channel> channels;
  bool purge = false;  // what an index drops for them must not stay in its files either
  bool operator==(const TouchedRow&) const = default;
};
std::string encode_touched(const TouchedRow& touched);
std::optional<TouchedRow> decode_touched(std::string_view row);

// When a cursor came further than any had.
std::string encode_reached(core::TimeMs at);

std::string encode_erased(std::uint64_t keys_before);
std::optional<std::uint64_t> decode_erased(std::string_view row);

std::string encode_key(const core::Earlier& earlier);
std::optional<core::Earlier> decode_key(std::string_view row);

}  // namespace parley::codec
