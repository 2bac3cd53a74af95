// The Outbox of one shard (websocket.hpp): which sockets have something to send, and when it goes.
//
// Operation: the first socket that has something to send sets off a flush, which waits as long as turns of the loop bring more
// to send, and under load for a part of the time that the last flush took: what arrives meanwhile shares its writes.
// Concurrency: its shard's.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "net/websocket.hpp"

namespace parley::net {

class Outbound;

class ShardOutbox final : public Outbox, public std::enable_shared_from_this<ShardOutbox> {
 public:
  explicit ShardOutbox(boost::asio::io_context& context);

  void flush() override;

  void mark(Outbound& outbound);
  void unmark(Outbound& outbound);
  void note_activity() { ++activity_; }

  // The messages for these frames. Sockets that wait for the same ones, one after another in a flush, share them.
  // REQUIRES: forget_composed() before any of the frames can be gone.
  std::shared_ptr<const std::string> compose(std::span<const SharedFrame> frames, bool batch);
  void forget_composed();

 private:
  using Clock = std::chrono::steady_clock;

  void schedule();
  void post_turn();
  void on_turn();

  boost::asio::io_context& context_;
  boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, boost::asio::io_context::executor_type> pace_;
  std::vector<Outbound*> dirty_;
  std::vector<Outbound*> flushing_;
  bool scheduled_ = false;
  std::uint64_t activity_ = 0;
  std::uint64_t seen_activity_ = 0;
  Clock::time_point latest_;  // that the flush may wait for more
  Clock::time_point last_flush_;
  Clock::duration last_duration_{};

  std::shared_ptr<std::string> composed_;
  std::vector<const Frame*> composed_of_;  // compared only in the flush in which it was made, while these frames live
  bool composed_batch_ = false;
};

}  // namespace parley::net
