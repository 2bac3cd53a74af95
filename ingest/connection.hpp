// A socket as the hub of its shard sees it.
//
// Concurrency: its shard. Ownership: its session's. Limits: the hub's.
#pragma once

#include <algorithm>
#include <functional>
#include <vector>

#include "core/change.hpp"
#include "ingest/typing_pace.hpp"
#include "net/websocket.hpp"
#include "service/gateway.hpp"

namespace parley::ingest {

using service::Place;

struct Connection {
  // A partition's answer that is waited for.
  struct Due {
    bool due = true;
    Place heard;  // up to where it had heard all of the partition when it was asked again
  };
  // --- what each event looks at, side by side
  net::WebSocket* socket = nullptr;
  std::vector<Due> answers;  // the hub's, by partition; empty: none is due
  bool greeted = false;      // the hub's
  bool holds = false;        // everything back after hello, until it is released: it resumes
  std::uint32_t held_bytes = 0;

  std::uint64_t id = 0;
  core::UserId user;
  std::function<void()> on_attached;  // called once, when every partition has answered: says hello

  // --- the hub's
  std::vector<core::ChannelId> channels;  // what it hears, sorted
  std::vector<net::SharedFrame> held;     // what came before hello, while it holds, or while an answer is due
  std::vector<service::Membership> live;  // of one that holds: what it hears, and behind which version
  std::vector<std::uint64_t> next;        // likewise, by partition: the first record of which it hears
  std::uint64_t emptied = 0;              // how often all that is kept of the past had been forgotten when it attached
  TypingPace typing;
  [[nodiscard]] bool hears(const core::ChannelId& channel) const { return std::ranges::binary_search(channels, channel); }
  // A room that it asked to listen to; `done` is told what came of it, null: it was given up.
  struct Asking {
    core::ChannelId room;
    std::function<void(const service::Listening*)> done;
  };
  std::vector<Asking> asking;          // in the order of asking
  std::vector<core::ChannelId> rooms;  // of `channels`, those that it listens to without being in them
};

}  // namespace parley::ingest
