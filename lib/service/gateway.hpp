// The two doors between broadcaster and ingest. In one process they are plain calls; between processes the same calls travel
// over gRPC (grpc_gateway_client.hpp, grpc_gateway_server.hpp, schemas/parley/internal/v1/gateway.proto).
//
// A gateway is one life of an ingest process. It attaches each user of a socket it holds; from then on it gets every change
// that concerns an attached user, once for the gateway, never once a socket, and the outcomes of its own commands.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/change.hpp"

namespace parley::service {

using GatewayId = std::uint64_t;

// Where a change stands in its partition.
struct Place {
  std::uint64_t offset = 0;
  std::uint32_t index = 0;  // of the change among its record's
  [[nodiscard]] Place next() const { return {offset, index + 1}; }
  auto operator<=>(const Place&) const = default;
};

// What a user is in.
struct Membership {
  core::ChannelId channel;
  core::Version version;  // the channel's
  core::Version joined;   // of the change that brought him in
  bool operator==(const Membership&) const = default;
};
// The answer to an attach from one partition: what the user is in there, exactly as of this place in the partition's stream.
struct Attached {
  std::uint64_t connection = 0;
  std::uint32_t shard = 0;
  std::vector<Membership> channels;
  std::uint64_t next = 0;  // the first record that comes after it
  // Who has heard the partition up to here has missed nothing of what no channel's version tells: cursors, comings and goings.
  Place told;
};
struct Push {
  std::uint64_t offset = 0;
  std::shared_ptr<const core::Change> change;
  std::uint32_t index = 0;  // of the change among its record's
};
struct OutcomeReport {
  core::CommandId command;
  std::uint32_t shard = 0;
  std::uint64_t offset = 0;
  bool duplicate = false;
  core::Outcome outcome;
};
// Somebody is typing. Stands in its partition's stream, so that it reaches who is in the channel at that place; the first to be
// dropped where too much waits.
struct Typing {
  core::UserId user;
  core::ChannelId channel;
};
// Of a user whom a shard watches: what he is now.
struct Presence {
  core::UserId user;
  bool online = false;
  core::TimeMs last_seen;  // the end of his last connection, or since when he is here; 0: not known
  bool unsettled = false;  // the broadcaster has only just begun: what was known of him goes on
};
// The answer to a listen: what the room is at this place in its partition's stream. Everything after it is heard.
struct Listening {
  std::uint64_t connection = 0;
  std::uint32_t shard = 0;
  core::ChannelId room;
  bool is_room = false;  // or there is none, and nothing is heard
  core::Version version;
  core::Seq last_seq;
  std::uint64_t next = 0;  // the first record that comes after it
};
// Words of somebody's were erased from the partition here: whatever was pushed before and is still kept is to be forgotten.
struct WordsErased {};
// All that comes before this record has been said. Ends every batch of a partition.
struct Reached {
  std::uint64_t next = 0;
};
using GatewayItem = std::variant<Attached, Push, OutcomeReport, Typing, Presence, Listening, WordsErased, Reached>;

// The partition of a batch that is of none: presence.
inline constexpr std::uint32_t kOfNoPartition = 0xFFFFFFFF;

// What one folded batch of one partition means to one gateway, in order.
struct GatewayBatch {
  std::uint32_t partition = 0;
  std::vector<GatewayItem> items;
};

// Implemented by ingest.
class Gateway {
 public:
  virtual ~Gateway() = default;
  // Batches of one partition come in order, one at a time; those of several may come at once. Must not block.
  virtual void deliver(GatewayBatch batch) = 0;
  // The broadcaster's memory of this gateway is gone (it restarted, or the stream broke): attach everyone again.
  virtual void reattach() = 0;
};

// Implemented by broadcaster. Any thread; never blocks.
class Broadcast {
 public:
  virtual ~Broadcast() = default;
  // `gateway` must outlive the Broadcast, or disconnect first.
  virtual void connect(GatewayId id, Gateway& gateway) = 0;
  virtual void disconnect(GatewayId id) = 0;  // when it returns, no deliver() runs or will
  // Every partition answers with one Attached, in its stream.
  virtual void attach(GatewayId id, core::UserId user, std::uint64_t connection, std::uint32_t shard) = 0;
  // Ends what attach() said of this connection: once for each, and not before.
  virtual void detach(GatewayId id, core::UserId user, std::uint64_t connection) = 0;
  // Tells the others in the channel, if he is in it and has not been told of just now. May be dropped.
  virtual void typing(GatewayId id, core::UserId user, core::ChannelId channel) = 0;
  // The gateway hears the room, as long as one of its connections listens to it. Every listen is answered by one Listening;
  // one that is repeated counts once. REQUIRES: the connection is attached. A detach ends all that it listens to.
  virtual void listen(GatewayId id, core::ChannelId room, std::uint64_t connection, std::uint32_t shard) = 0;
  virtual void unlisten(GatewayId id, core::ChannelId room, std::uint64_t connection) = 0;
  // From now on the shard hears of these users too: of each one answer, then one whenever he comes or goes. To watch one again
  // is answered again. Passed over where nobody keeps presence.
  virtual void watch(GatewayId id, std::uint32_t shard, std::vector<core::UserId> users) {}
  virtual void unwatch(GatewayId id, std::uint32_t shard, std::vector<core::UserId> users) {}
};

}  // namespace parley::service
