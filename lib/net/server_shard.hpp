// What the connections of one shard share: handler, limits, deadlines, outbox, and the list of them all.
//
// Concurrency: its shard's, save for the counter. Ownership: shared by the server and the shard's connections, so that it
// outlives the last of them.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/intrusive/list.hpp>
#include <memory>
#include <semaphore>

#include "net/outbox.hpp"
#include "net/response_head.hpp"
#include "net/server.hpp"
#include "net/timer_wheel.hpp"

namespace parley::net {

struct ConnectionsTag;
using ConnectionsHook = boost::intrusive::list_base_hook<boost::intrusive::tag<ConnectionsTag>,
                                                         boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

// A connection in whatever protocol it speaks now.
class OpenConnection : public ConnectionsHook {
 public:
  virtual void stop() = 0;   // end when what runs is done
  virtual void abort() = 0;  // end now

 protected:
  ~OpenConnection() = default;
};

// How many connections there are on all shards; whoever waits for the end learns of the last one.
class ConnectionCount {
 public:
  [[nodiscard]] std::size_t value() const { return count_.load(std::memory_order_relaxed); }
  void add() { count_.fetch_add(1); }
  void remove() {
    if (count_.fetch_sub(1) == 1 && awaited_.load()) none_left_.release();
  }
  // Are all gone within this time?
  bool wait_until_none(std::chrono::milliseconds timeout);

 private:
  std::atomic<std::size_t> count_{0};
  std::atomic<bool> awaited_{false};
  std::counting_semaphore<> none_left_{0};
};

// Holds a connection's place in the count, from one protocol to the next.
class ConnectionSlot {
 public:
  explicit ConnectionSlot(std::shared_ptr<ConnectionCount> count) : count_(std::move(count)) { count_->add(); }
  ~ConnectionSlot() {
    if (count_) count_->remove();
  }
  ConnectionSlot(ConnectionSlot&&) = default;
  ConnectionSlot& operator=(ConnectionSlot&&) = delete;

 private:
  std::shared_ptr<ConnectionCount> count_;
};

struct ServerShard : std::enable_shared_from_this<ServerShard> {
  ServerShard(boost::asio::io_context& shard_context, Handler& shard_handler, const ServerLimits& server_limits)
      : context(shard_context),
        handler(shard_handler),
        limits(server_limits),
        wheel(shard_context),
        outbox(std::make_shared<ShardOutbox>(shard_context)) {}

  using Connections = boost::intrusive::list<OpenConnection, boost::intrusive::base_hook<ConnectionsHook>,
                                             boost::intrusive::constant_time_size<false>>;

  boost::asio::io_context& context;
  Handler& handler;
  const ServerLimits limits;
  TimerWheel wheel;
  std::shared_ptr<ShardOutbox> outbox;
  Connections connections;
  DateText date;
  bool stopping = false;
};

}  // namespace parley::net
