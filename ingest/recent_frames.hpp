// The newest events of the channels that a shard's sockets hear, as they were sent: a client that was away for a moment, and
// all those of a network that was, are served from here.
//
// Concurrency: its shard. Limits: `max_bytes` of texts; the oldest go first. Of a channel in which a message was retracted it
// keeps nothing from before.
#pragma once

#include <deque>
#include <list>
#include <unordered_map>

#include "core/ids.hpp"
#include "net/websocket.hpp"

namespace parley::ingest {

class RecentFrames {
 public:
  explicit RecentFrames(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // The channel's event of this version. Behind a hole it begins anew.
  void add(const core::ChannelId& channel, core::Version version, net::SharedFrame frame);
  // Events that are known from elsewhere, of versions from `first` on.
  void add_earlier(const core::ChannelId& channel, core::Version first, const std::vector<net::SharedFrame>& frames);
  void forget(const core::ChannelId& channel);
  void forget_all();
  // Whether something was forgotten between two calls: what was read before then may be what is not to be told again.
  [[nodiscard]] std::uint64_t times_forgotten() const { return times_forgotten_; }
  // Likewise whether everything was.
  [[nodiscard]] std::uint64_t times_emptied() const { return times_emptied_; }
  // Those from behind `after` to `up_to`; empty when not all of them are here. REQUIRES: after < up_to.
  [[nodiscard]] std::vector<net::SharedFrame> between(const core::ChannelId& channel, core::Version after,
                                                      core::Version up_to) const;
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  struct Run {
    core::Version first;
    std::deque<net::SharedFrame> frames;
    std::list<core::ChannelId>::iterator used;
    [[nodiscard]] std::uint64_t end() const { return first.value + frames.size(); }
  };
  Run& run_of(const core::ChannelId& channel);
  void shrink();

  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::uint64_t times_forgotten_ = 0;
  std::uint64_t times_emptied_ = 0;
  std::unordered_map<core::ChannelId, Run> runs_;
  std::list<core::ChannelId> order_;  // by when something was last added
};

}  // namespace parley::ingest
