// The sockets of one shard: who is connected, who hears of which channel, and what has been sent of it.
//
// Operation: batches come from the broadcaster in each partition's order. An Attached says what a connection hears from that
// place on; a join or a leave changes it at exactly that change. What comes before all partitions have answered is held back,
// until hello or, after a break, until it is known what was missed. A broadcaster that begins again repeats what this shard has
// had already: only those hear it who attached meanwhile. Where something is missing (of a channel a version, or what its user
// alone is told), the sockets concerned are closed and resume.
// Concurrency: its shard. Ownership: connections are owned by their sessions, which leave before they end. Limits: memory grows
// with connections and what they are in.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "ingest/connection.hpp"
#include "ingest/recent_frames.hpp"
#include "ingest/watches.hpp"
#include "runtime/clock.hpp"
#include "runtime/metrics.hpp"
#include "service/gateway.hpp"

namespace parley::ingest {

class Writer;

// A change with its text for clients, made once for all shards and sockets.
struct EncodedPush {
  Place at;
  std::shared_ptr<const core::Change> change;
  net::SharedFrame frame;
};
struct EncodedTyping {
  service::Typing typing;
  net::SharedFrame frame;
};
struct EncodedBatch {
  std::uint32_t partition = 0;
  std::vector<std::variant<service::Attached, EncodedPush, service::OutcomeReport, EncodedTyping, service::Presence,
                           service::Listening, service::WordsErased, service::Reached>>
      items;
};

struct HubMetrics {
  explicit HubMetrics(runtime::Metrics& metrics);
  runtime::Counter& deliveries;
  runtime::Gauge& connections;
  runtime::Counter& holes;
  runtime::Counter& slow_consumers;
  runtime::Counter& resumes;
  runtime::Counter& resumed_from_memory;  // events
  runtime::Counter& resumed_from_state;
  runtime::Counter& disconnected;
  runtime::Counter& typing_dropped;
  runtime::Gauge& rooms;
  runtime::Histogram& delivery_latency;  // from a command's arrival to its event being queued to the sockets, once a shard
};

// Why a socket is closed with 1012, and when to come back: spread, so that not all do at once.
std::string restarting_reason();

class ShardHub {
 public:
  static constexpr std::size_t kMaxHeldBytes = 1 << 20;  // held back of one connection

  ShardHub(std::uint32_t shard, std::uint32_t partitions, service::GatewayId gateway, service::Broadcast& broadcast,
           Writer& writer, const runtime::Clock& clock, HubMetrics& metrics, std::size_t recent_bytes = 0,
           std::size_t max_held_bytes = kMaxHeldBytes);

  // REQUIRES: leave() before the connection ends.
  void enter(Connection& connection);
  void leave(Connection& connection);
  void apply(const EncodedBatch& batch);
  // What it held back goes out, and everything from now on.
  void release(Connection& connection);
  [[nodiscard]] RecentFrames& recent() { return recent_; }
  // Whether what is read of the past for it, as of its attach or later, may be told to others: no words were erased since.
  [[nodiscard]] bool may_keep_for(const Connection& connection) const { return connection.emptied == recent_.times_emptied(); }
  // Attaches every connection again: the broadcaster has forgotten them.
  void reattach();
  // Closes all sockets of a user, with 4401; how many they were.
  std::size_t disconnect(const core::UserId& user);
  // --- rooms: shard_hub_rooms.cpp
  // Of a room the connection hears all that is after the answer, which is handed to `done`, later. It is asked for again when
  // the broadcaster has forgotten it, or repeats what is long past.
  void listen(Connection& connection, const core::ChannelId& room, std::function<void(const service::Listening*)> done);
  // The first that it asked for in vain.
  void give_up(Connection& connection, const core::ChannelId& room);
  // None: it does not listen to that. What it has heard is as far as the room has come here.
  struct Heard {
    core::Seq last_seq;
    core::Version version;
  };
  std::optional<Heard> unlisten(Connection& connection, const core::ChannelId& room);

  // Tells the others in the channel, if the connection hears it and has not said so just now.
  void type(Connection& connection, const core::ChannelId& channel);
  [[nodiscard]] Watches& watches() { return watches_; }
  // Bytes that wait in the sockets' queues.
  [[nodiscard]] std::size_t queued_bytes() const;
  void count_slow_consumer() { metrics_.slow_consumers.add(); }
  [[nodiscard]] HubMetrics& metrics() { return metrics_; }

 private:
  struct Topic {
    core::Version last;  // that was sent
    core::Seq last_seq;  // of a room: likewise
    std::vector<Connection*> listeners;
  };
  // Of one partition.
  struct Stream {
    Place reached;                         // behind everything that came
    std::vector<Connection*> catching_up;  // who attached to a broadcaster that repeats: to them it is new
  };
  void ask(Connection& connection);
  void apply(const service::Attached& attached, std::uint32_t partition);
  void begin(Connection& connection, const service::Attached& attached, std::uint32_t partition);
  void go_on(Connection& connection, const service::Attached& attached, std::uint32_t partition, Place heard);
  void greet(Connection& connection);
  static void let_out(Connection& connection);
  static void reach(Stream& stream, Place here);
  void apply(const service::Listening& heard, std::uint32_t partition);
  void listen_again(const Connection& connection);
  void apply(const EncodedPush& push, std::uint32_t partition);
  void apply(const EncodedTyping& typing);
  void apply_repeated(const EncodedPush& push, std::uint32_t partition);
  void catch_up(Connection& connection, const EncodedPush& push);
  void send_to_channel(const EncodedPush& push);
  void remember(const EncodedPush& push);
  void end(const core::Change& change);
  void send(Connection& connection, const net::SharedFrame& frame);
  void cut_off(Connection& connection);
  void cut_off(Topic& topic, core::Version now);
  void subscribe(Connection& connection, const core::ChannelId& channel, core::Version seen);
  void unsubscribe(Connection& connection, const core::ChannelId& channel);
  template <class Do>
  void for_each_of(const core::UserId& user, const Do& what);

  std::uint32_t shard_;
  std::uint32_t partitions_;
  service::GatewayId gateway_;
  service::Broadcast& broadcast_;
  Writer& writer_;
  const runtime::Clock& clock_;
  HubMetrics& metrics_;
  const std::size_t max_held_bytes_;
  std::vector<Stream> streams_;  // by partition
  std::unordered_map<std::uint64_t, Connection*> connections_;
  std::unordered_map<core::UserId, std::vector<Connection*>> by_user_;
  std::unordered_map<core::ChannelId, Topic> topics_;
  RecentFrames recent_;
  Watches watches_;
};

}  // namespace parley::ingest
