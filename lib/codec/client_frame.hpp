// A WebSocket text from a client (protocol.md, section 4), parsed once. Strict in the same way as client_input.hpp.
//
// Concurrency: pure functions, any thread. Limits: limits.hpp; the caller bounds the text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "codec/client_query.hpp"

namespace parley::codec {

struct GetHistory {
  core::ChannelId channel;
  PageQuery page;
  std::vector<Position> min_position;  // empty: none
};
// What a client had seen of a channel.
struct SeenChannel {
  core::ChannelId channel;
  core::Version version;
};
struct Resume {
  std::vector<SeenChannel> channels;
};
struct Refresh {
  std::string token;
};
struct Ping {};
struct Typing {
  core::ChannelId channel;
};

struct WatchPresence {
  std::vector<core::UserId> users;
};

struct ClientFrame {
  std::string id_json;  // the id as JSON, to be given back; empty: none (only ping and typing may have none)
  std::string key;      // idempotency key; empty: none
  // A payload is a write. join_channel of a room is OpenRoom; what is more to joining and leaving one is not in the log.
  std::variant<core::Payload, GetHistory, Resume, Refresh, Ping, Typing, WatchPresence> body;
};

struct FrameError {
  InvalidInput input;
  std::string id_json;         // empty: none, or it can't be told
  bool not_an_object = false;  // ten of these in a row close the connection
};

// The types that there are.
std::vector<std::string_view> frame_types();

// `user` is whose connection it is.
std::expected<ClientFrame, FrameError> parse_frame(std::string_view text, const core::UserId& user);

}  // namespace parley::codec
