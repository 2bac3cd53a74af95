// The sockets of one shard: who is connected, who hears of which channel, and what has been sent of it.
//
// Operation: batches come from the broadcaster in each partition's order. An Attached says what a connection hears from that
// place on; a join or a leave changes it at exactly that version. A broadcaster that begins again repeats what this gateway has
// had already: that moves who hears what, and is not sent again. Where it shows a hole, the sockets concerned are closed and
// resume.
// Concurrency: its shard. Ownership: connections are owned by their sessions, which leave before they end. Limits: memory grows
// with connections and what they are in.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "core/change.hpp"
#include "net/websocket.hpp"
#include "runtime/clock.hpp"
#include "runtime/metrics.hpp"
#include "service/gateway.hpp"

namespace parley::ingest {

class Writer;

// A change with its text for clients, made once for all shards and sockets.
struct EncodedPush {
  std::uint64_t offset = 0;
  std::shared_ptr<const core::Change> change;
  net::SharedFrame frame;
};
struct EncodedBatch {
  std::uint32_t partition = 0;
  std::vector<std::variant<service::Attached, EncodedPush, service::OutcomeReport>> items;
};

// A socket as the hub sees it.
struct Connection {
  std::uint64_t id = 0;
  core::UserId user;
  net::WebSocket* socket = nullptr;
  std::vector<core::ChannelId> channels;  // what it hears, sorted
  std::uint32_t partitions_missing = 0;   // that have not answered its attach yet
  std::function<void()> on_attached;      // called once, when all have
};

struct HubMetrics {
  explicit HubMetrics(runtime::Metrics& metrics);
  runtime::Counter& deliveries;
  runtime::Gauge& connections;
  runtime::Counter& holes;
  runtime::Counter& slow_consumers;
  runtime::Histogram& delivery_latency;  // from a command's arrival to its event being queued to the sockets, once a shard
};

// Why a socket is closed with 1012, and when to come back: spread, so that not all do at once.
std::string restarting_reason();

class ShardHub {
 public:
  ShardHub(std::uint32_t shard, std::uint32_t partitions, service::GatewayId gateway, service::Broadcast& broadcast,
           Writer& writer, const runtime::Clock& clock, HubMetrics& metrics);

  // REQUIRES: leave() before the connection ends.
  void enter(Connection& connection);
  void leave(Connection& connection);
  void apply(const EncodedBatch& batch);
  // Attaches every connection again: the broadcaster has forgotten them.
  void reattach();
  // Bytes that wait in the sockets' queues.
  [[nodiscard]] std::size_t queued_bytes() const;
  void count_slow_consumer() { metrics_.slow_consumers.add(); }
  [[nodiscard]] std::size_t connections_of(const core::UserId& user) const {
    const auto it = by_user_.find(user);
    return it == by_user_.end() ? 0 : it->second.size();
  }

 private:
  struct Topic {
    core::Version last;  // that was sent
    std::vector<Connection*> listeners;
  };
  void apply(const service::Attached& attached, std::uint32_t partition);
  void apply(const EncodedPush& push, bool repeated);
  void cut_off(Topic& topic, core::Version now);
  void before(const core::Change& change);
  void send_to_channel(const EncodedPush& push, bool repeated);
  void after(const core::Change& change);
  void send_to_user(const core::UserId& user, const net::SharedFrame& frame);
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
  // A change's place in its partition's stream: its record, and which of that record's pushes it is, from 1.
  struct Place {
    std::uint64_t offset = 0;
    std::uint32_t push = 0;
    auto operator<=>(const Place&) const = default;
  };
  struct Stream {
    Place at;      // of the push that came last, in this life of the broadcaster
    Place newest;  // of all
  };
  std::vector<Stream> streams_;  // by partition
  std::unordered_map<std::uint64_t, Connection*> connections_;
  std::unordered_map<core::UserId, std::vector<Connection*>> by_user_;
  std::unordered_map<core::ChannelId, Topic> topics_;
};

}  // namespace parley::ingest
