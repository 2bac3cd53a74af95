// An event of the public contract on its way to the sockets of a dialect: parsed once, and each of the dialect's texts of it is
// made once, for all the sockets of a shard.
//
// Concurrency: one shard. Limits: keeps the last event alone, since a hub sends one event to all before the next.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "codec/position.hpp"
#include "core/ids.hpp"
#include "dialect/json.hpp"
#include "net/websocket.hpp"

namespace parley::ingest::dialects {

class Telling {
 public:
  using Json = dialect::Json;

  // What comes is this event.
  void is(const net::SharedFrame& native);
  [[nodiscard]] const Json& event() const { return event_; }
  [[nodiscard]] const std::string& type() const { return type_; }
  [[nodiscard]] const core::ChannelId& channel() const { return channel_; }
  // None: the event is not of the log.
  [[nodiscard]] const std::optional<codec::Position>& position() const { return position_; }
  // The text of that name, which `make` gives: made now, if no socket has needed it yet.
  template <class Make>
  const net::SharedFrame& once(std::string_view which, const Make& make) {
    const auto* const made = find(which);
    return made != nullptr ? *made : keep(which, make());
  }
  // null: no socket has needed it yet.
  [[nodiscard]] const net::SharedFrame* find(std::string_view which) const;
  // Whether a socket has said that the event's message was delivered.
  [[nodiscard]] bool is_delivered() const { return is_delivered_; }
  void set_delivered() { is_delivered_ = true; }

 private:
  const net::SharedFrame& keep(std::string_view which, const Json& text);

  net::SharedFrame native_;
  Json event_;
  std::string type_;
  core::ChannelId channel_;  // zero: the event is of none
  std::optional<codec::Position> position_;
  bool is_delivered_ = false;
  std::vector<std::pair<std::string, net::SharedFrame>> made_;  // one or two
};

}  // namespace parley::ingest::dialects
