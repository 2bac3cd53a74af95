// The texts that the server sends over a WebSocket (protocol.md, section 4), one JSON object each, appended to `out`.
//
// Concurrency: pure functions, any thread. `id_json` is the client's own id as the JSON it came as; empty: it gave none.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/client_json.hpp"
#include "codec/problem.hpp"

namespace parley::codec {

struct Hello {
  std::string_view user_id;
  std::string_view connection_id;
  std::uint64_t ping_interval_ms = 0;
  core::TimeMs server_time;
};
void append_hello(std::string& out, const Hello& hello);

// What became of a command over this connection.
struct Answered {
  core::CommandId command;
  std::string_view position;
  bool duplicate = false;
};
// The reply to a command whose outcome is known: `ok` with the result fields of its type, or `error`.
void append_reply(std::string& out, std::string_view id_json, const core::Command& command, const core::Outcome& outcome,
                  const Answered& answered);

void append_error(std::string& out, std::string_view id_json, Problem problem, std::string_view detail);
// Durable in the log, but its outcome is not known in time.
void append_outcome_unknown(std::string& out, std::string_view id_json, const Answered& answered);
// The reply to get_history; false when a row is damaged, and `out` is then as before.
[[nodiscard]] bool append_history_reply(std::string& out, std::string_view id_json, const HistoryPage& page);
// The reply to resume: `now` is how far the user's channels have come, `reset` those to be fetched anew.
void append_resumed(std::string& out, std::string_view id_json, std::span<const std::pair<core::ChannelId, core::Version>> now,
                    std::span<const core::ChannelId> reset);
void append_refreshed(std::string& out, std::string_view id_json, core::TimeMs expires_at);
// The reply to one who joins or leaves a room. `answered`: what opened it; none: nothing was written.
struct InRoom {
  core::ChannelId room;
  core::Seq last_seq;
  core::Version version;
};
void append_room_reply(std::string& out, std::string_view id_json, const InRoom& in_room, const Answered* answered);
// The reply to watch_presence: who is online; of the others, when they were last seen, where that is known.
void append_watching(std::string& out, std::string_view id_json, const std::vector<core::UserId>& online,
                     const std::vector<std::pair<core::UserId, core::TimeMs>>& last_seen);
void append_pong(std::string& out, std::string_view id_json);

// An event. `position` is that of the record that made the change. REQUIRES: is_client_change(change) (change_codec.hpp).
void append_event(std::string& out, const core::Change& change, std::string_view position);

// --- events that are never stored
void append_typing(std::string& out, const core::ChannelId& channel, const core::UserId& user);
// `last_seen` 0: not known.
void append_presence(std::string& out, const core::UserId& user, bool online, core::TimeMs last_seen);

}  // namespace parley::codec
