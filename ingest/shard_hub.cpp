#include "ingest/shard_hub.hpp"

#include <algorithm>

#include "codec/close_code.hpp"
#include "ingest/writer.hpp"
#include "runtime/random.hpp"

namespace parley::ingest {

std::string restarting_reason() {
  constexpr std::uint64_t kLeastMs = 100;
  constexpr std::uint64_t kSpreadMs = 4900;
  return "restarting; retry_ms=" + std::to_string(kLeastMs + runtime::random_below(kSpreadMs));
}

HubMetrics::HubMetrics(runtime::Metrics& metrics)
    : deliveries(metrics.counter("parley_ingest_deliveries_total", "Events sent, once a socket")),
      connections(metrics.gauge("parley_ingest_connections", "Open WebSockets")),
      holes(metrics.counter("parley_ingest_holes_total", "Sockets closed because the broadcaster had gone on without them")),
      slow_consumers(
          metrics.counter("parley_ingest_slow_consumers_total", "Sockets closed because they did not take what was sent")),
      delivery_latency(metrics.histogram("parley_delivery_latency_seconds",
                                         "From a command's arrival to its event being queued to the sockets")) {}

ShardHub::ShardHub(std::uint32_t shard, std::uint32_t partitions, service::GatewayId gateway, service::Broadcast& broadcast,
                   Writer& writer, const runtime::Clock& clock, HubMetrics& metrics)
    : shard_(shard),
      partitions_(partitions),
      gateway_(gateway),
      broadcast_(broadcast),
      writer_(writer),
      clock_(clock),
      metrics_(metrics),
      streams_(partitions) {}

void ShardHub::enter(Connection& connection) {
  connection.partitions_missing = partitions_;
  connections_.emplace(connection.id, &connection);
  by_user_[connection.user].push_back(&connection);
  metrics_.connections.add(1);
  broadcast_.attach(gateway_, connection.user, connection.id, shard_);
}

void ShardHub::leave(Connection& connection) {
  while (!connection.channels.empty()) unsubscribe(connection, connection.channels.back());
  connections_.erase(connection.id);
  const auto it = by_user_.find(connection.user);
  std::erase(it->second, &connection);
  if (it->second.empty()) by_user_.erase(it);
  metrics_.connections.add(-1);
  broadcast_.detach(gateway_, connection.user, connection.id);
}

void ShardHub::reattach() {
  for (auto& stream : streams_) stream.at = {};
  for (auto& [id, connection] : connections_) {
    if (connection->partitions_missing > 0) connection->partitions_missing = partitions_;
    broadcast_.attach(gateway_, connection->user, id, shard_);
  }
}

std::size_t ShardHub::queued_bytes() const {
  std::size_t sum = 0;
  for (const auto& [id, connection] : connections_) sum += connection->socket->queued_bytes();
  return sum;
}

template <class Do>
void ShardHub::for_each_of(const core::UserId& user, const Do& what) {
  if (const auto it = by_user_.find(user); it != by_user_.end())
    for (auto* connection : it->second) what(*connection);
}

void ShardHub::subscribe(Connection& connection, const core::ChannelId& channel, core::Version seen) {
  const auto place = std::ranges::lower_bound(connection.channels, channel);
  if (place != connection.channels.end() && *place == channel) return;
  connection.channels.insert(place, channel);
  const auto [it, fresh] = topics_.try_emplace(channel);
  if (fresh) it->second.last = seen;
  it->second.listeners.push_back(&connection);
}

void ShardHub::unsubscribe(Connection& connection, const core::ChannelId& channel) {
  const auto place = std::ranges::lower_bound(connection.channels, channel);
  if (place == connection.channels.end() || *place != channel) return;
  const auto it = topics_.find(channel);
  connection.channels.erase(place);  // may be what `channel` refers to: last
  auto& listeners = it->second.listeners;
  auto found = std::ranges::find(listeners, &connection);
  *found = listeners.back();
  listeners.pop_back();
  if (listeners.empty()) topics_.erase(it);
}

// A record's changes may come in two batches, so a change is told by its place in the stream.
void ShardHub::apply(const EncodedBatch& batch) {
  auto& stream = streams_[batch.partition];
  for (const auto& item : batch.items) {
    if (const auto* push = std::get_if<EncodedPush>(&item)) {
      const auto push_of_record = stream.at.offset == push->offset ? stream.at.push + 1 : 1;
      stream.at = {push->offset, push_of_record};
      apply(*push, stream.at <= stream.newest);
      stream.newest = std::max(stream.newest, stream.at);
    } else if (const auto* outcome = std::get_if<service::OutcomeReport>(&item)) {
      if (outcome->shard == shard_) writer_.settle(*outcome, batch.partition);
    } else if (const auto& attached = std::get<service::Attached>(item); attached.shard == shard_) {
      apply(attached, batch.partition);
    }
  }
}

// What the connection heard in this partition and is no longer in is dropped; a channel that went on without it is a hole.
void ShardHub::apply(const service::Attached& attached, std::uint32_t partition) {
  const auto it = connections_.find(attached.connection);
  if (it == connections_.end()) return;
  auto& connection = *it->second;
  std::vector<core::ChannelId> left;
  for (const auto& channel : connection.channels)
    if (core::partition_of(channel.slot(), partitions_) == partition &&
        std::ranges::find(attached.channels, channel, &std::pair<core::ChannelId, core::Version>::first) ==
            attached.channels.end())
      left.push_back(channel);
  for (const auto& channel : left) unsubscribe(connection, channel);
  for (const auto& [channel, version] : attached.channels) {
    if (const auto topic = topics_.find(channel); topic != topics_.end() && topic->second.last < version)
      cut_off(topic->second, version);
    subscribe(connection, channel, version);
  }
  if (connection.partitions_missing > 0 && --connection.partitions_missing == 0 && connection.on_attached)
    connection.on_attached();
}

// The broadcaster went on while it had forgotten this gateway: what lies between can't be had any more.
void ShardHub::cut_off(Topic& topic, core::Version now) {
  topic.last = now;
  for (auto* connection : topic.listeners) {
    if (connection->socket->closing()) continue;
    metrics_.holes.add();
    connection->socket->close(static_cast<std::uint16_t>(codec::CloseCode::Restarting), restarting_reason());
  }
}

void ShardHub::apply(const EncodedPush& push, bool repeated) {
  const auto tell = [&](const core::UserId& user) {
    if (!repeated) send_to_user(user, push.frame);
  };
  const auto& body = push.change->body;
  if (const auto* cursor = std::get_if<core::CursorMoved>(&body)) {
    tell(cursor->user);
    if (cursor->author) tell(*cursor->author);
  } else if (const auto* joined = std::get_if<core::WorkspaceMemberJoined>(&body)) {
    tell(joined->user);
  } else if (const auto* left = std::get_if<core::WorkspaceMemberLeft>(&body)) {
    tell(left->user);
  } else {
    before(*push.change);
    send_to_channel(push, repeated);
    after(*push.change);
  }
}

void ShardHub::before(const core::Change& change) {
  const core::Version seen{change.version.value - 1};
  const auto listen = [&](Connection& connection) { subscribe(connection, change.channel(), seen); };
  if (const auto* joined = std::get_if<core::MemberJoined>(&change.body)) {
    for_each_of(joined->user, listen);
  } else if (const auto* created = std::get_if<core::ChannelCreated>(&change.body)) {
    for (const auto& [user, member] : created->members) for_each_of(user, listen);
  }
}

void ShardHub::send_to_channel(const EncodedPush& push, bool repeated) {
  const auto it = topics_.find(push.change->channel());
  if (it == topics_.end() || push.change->version <= it->second.last) return;
  if (push.change->version > it->second.last.next()) return cut_off(it->second, push.change->version);
  it->second.last = push.change->version;
  if (repeated) return;
  for (auto* connection : it->second.listeners) connection->socket->send(push.frame);
  metrics_.deliveries.add(it->second.listeners.size());
  const auto took_ms = clock_.now_ms() - push.change->at.value;
  metrics_.delivery_latency.observe_us(took_ms > 0 ? static_cast<std::uint64_t>(took_ms) * 1000 : 0);
}

void ShardHub::after(const core::Change& change) {
  if (const auto* left = std::get_if<core::MemberLeft>(&change.body)) {
    for_each_of(left->user, [&](Connection& connection) { unsubscribe(connection, change.channel()); });
  } else if (std::holds_alternative<core::ChannelDeleted>(change.body)) {
    const auto it = topics_.find(change.channel());
    if (it == topics_.end()) return;
    for (auto* connection : std::vector(it->second.listeners)) unsubscribe(*connection, change.channel());
  }
}

void ShardHub::send_to_user(const core::UserId& user, const net::SharedFrame& frame) {
  for_each_of(user, [&](Connection& connection) {
    connection.socket->send(frame);
    metrics_.deliveries.add();
  });
}

}  // namespace parley::ingest
