#include "ingest/shard_hub.hpp"

#include <algorithm>

#include "codec/close_code.hpp"
#include "core/told.hpp"
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
      resumes(metrics.counter("parley_ingest_resumes_total", "Sockets that have resumed")),
      resumed_from_memory(metrics.counter("parley_ingest_resumed_events_total", "Missed events sent, by where they came from",
                                          {{"source", "memory"}})),
      resumed_from_state(metrics.counter("parley_ingest_resumed_events_total", "Missed events sent, by where they came from",
                                         {{"source", "state"}})),
      disconnected(metrics.counter("parley_ingest_disconnected_total", "Sockets closed because an operator said so")),
      typing_dropped(metrics.counter("parley_ingest_typing_dropped_total",
                                     "That somebody types, not sent to a socket that has too much waiting")),
      rooms(metrics.gauge("parley_ingest_rooms", "Rooms that WebSockets have joined, once a socket")),
      delivery_latency(metrics.histogram("parley_delivery_latency_seconds",
                                         "From a command's arrival to its event being queued to the sockets")) {}

ShardHub::ShardHub(std::uint32_t shard, std::uint32_t partitions, service::GatewayId gateway, service::Broadcast& broadcast,
                   Writer& writer, const runtime::Clock& clock, HubMetrics& metrics, std::size_t recent_bytes,
                   std::size_t max_held_bytes)
    : shard_(shard),
      partitions_(partitions),
      gateway_(gateway),
      broadcast_(broadcast),
      writer_(writer),
      clock_(clock),
      metrics_(metrics),
      max_held_bytes_(max_held_bytes),
      streams_(partitions),
      recent_(recent_bytes),
      watches_(shard, gateway, broadcast, clock) {}

namespace {

// What a change means to one user.
struct Meaning {
  const core::Change& change;
  const core::UserId& user;

  [[nodiscard]] bool enters() const {
    if (const auto* joined = std::get_if<core::MemberJoined>(&change.body)) return joined->user == user;
    const auto* created = std::get_if<core::ChannelCreated>(&change.body);
    return created != nullptr && std::ranges::any_of(created->members, [&](const auto& m) { return m.first == user; });
  }
  [[nodiscard]] bool leaves() const {
    if (const auto* left = std::get_if<core::MemberLeft>(&change.body)) return left->user == user;
    return std::holds_alternative<core::ChannelDeleted>(change.body);
  }
  [[nodiscard]] bool is_told() const {
    bool is_his = false;
    core::for_each_told(change, [&](const core::UserId& told) { is_his |= told == user; });
    return is_his;
  }
};

bool is_of_channel(const core::Change& change) {
  return !core::for_each_told(change, [](const core::UserId&) {});
}

// Whether it hears of the partition: not before that has answered, for what comes until then is in the answer.
bool has_begun(const Connection& connection, std::uint32_t partition) {
  return connection.greeted || !connection.answers[partition].due;
}

// Whether it was greeted, and waits to learn what it missed since a place that is not behind this one.
bool is_behind(const Connection& connection, std::uint32_t partition, const Place& at) {
  if (!connection.greeted || connection.answers.empty()) return false;
  const auto& answer = connection.answers[partition];
  return answer.due && answer.heard <= at;
}

// Whether what comes goes out at once: not while it is unknown what it has missed.
bool may_hear(const Connection& connection) { return connection.greeted && !connection.holds && connection.answers.empty(); }

}  // namespace

// --- connections
void ShardHub::enter(Connection& connection) {
  connections_.emplace(connection.id, &connection);
  by_user_[connection.user].push_back(&connection);
  metrics_.connections.add(1);
  ask(connection);
}

void ShardHub::leave(Connection& connection) {
  while (!connection.channels.empty()) unsubscribe(connection, connection.channels.back());
  for (auto& stream : streams_) std::erase(stream.catching_up, &connection);
  watches_.give_up(connection);
  metrics_.rooms.add(-static_cast<std::int64_t>(connection.rooms.size()));
  connections_.erase(connection.id);
  const auto it = by_user_.find(connection.user);
  std::erase(it->second, &connection);
  if (it->second.empty()) by_user_.erase(it);
  metrics_.connections.add(-1);
  broadcast_.detach(gateway_, connection.user, connection.id);
}

// Who has not been greeted begins anew. Of the others it is kept up to where they had heard everything, until the answers tell
// whether that is all; but what one that was catching up has not heard, nobody can tell.
void ShardHub::ask(Connection& connection) {
  if (connection.answers.empty()) {
    connection.answers.assign(partitions_, {.due = false});
  } else if (!connection.greeted) {
    while (!connection.channels.empty()) unsubscribe(connection, connection.channels.back());
    connection.held.clear();
    connection.held_bytes = 0;
    connection.live.clear();
  }
  if (!connection.greeted) connection.emptied = recent_.times_emptied();
  for (std::uint32_t partition = 0; partition < partitions_; ++partition) {
    const auto& stream = streams_[partition];
    auto& answer = connection.answers[partition];
    const bool behind = std::ranges::find(stream.catching_up, &connection) != stream.catching_up.end();
    if (connection.greeted && behind) cut_off(connection);
    if (!answer.due) answer = {.due = true, .heard = stream.reached};
  }
  broadcast_.attach(gateway_, connection.user, connection.id, shard_);
}

// What was erased in between is not told again.
void ShardHub::reattach() {
  recent_.forget_all();
  for (auto& [id, connection] : connections_) {
    ask(*connection);
    listen_again(*connection);
  }
  for (auto& stream : streams_) stream.catching_up.clear();
  watches_.reattach();
}

void ShardHub::type(Connection& connection, const core::ChannelId& channel) {
  if (!connection.hears(channel) || !connection.typing.admit(channel, std::chrono::steady_clock::now())) return;
  broadcast_.typing(gateway_, connection.user, channel);
}

template <class Do>
void ShardHub::for_each_of(const core::UserId& user, const Do& what) {
  if (const auto it = by_user_.find(user); it != by_user_.end())
    for (auto* connection : it->second) what(*connection);
}

std::size_t ShardHub::disconnect(const core::UserId& user) {
  std::size_t closed = 0;
  for_each_of(user, [&](Connection& connection) {
    if (connection.socket->closing()) return;
    connection.socket->close(static_cast<std::uint16_t>(codec::CloseCode::TokenExpired), "disconnected by an operator");
    ++closed;
  });
  metrics_.disconnected.add(closed);
  return closed;
}

std::size_t ShardHub::queued_bytes() const {
  std::size_t sum = 0;
  for (const auto& [id, connection] : connections_) sum += connection->socket->queued_bytes();
  return sum;
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

// --- what comes in
void ShardHub::apply(const EncodedBatch& batch) {
  for (const auto& item : batch.items) {
    if (const auto* push = std::get_if<EncodedPush>(&item)) {
      apply(*push, batch.partition);
    } else if (const auto* outcome = std::get_if<service::OutcomeReport>(&item)) {
      if (outcome->shard == shard_) writer_.settle(*outcome, batch.partition);
    } else if (const auto* typing = std::get_if<EncodedTyping>(&item)) {
      apply(*typing);
    } else if (const auto* presence = std::get_if<service::Presence>(&item)) {
      watches_.apply(*presence);
    } else if (const auto* heard = std::get_if<service::Listening>(&item)) {
      if (heard->shard == shard_) apply(*heard, batch.partition);
    } else if (std::holds_alternative<service::WordsErased>(item)) {
      recent_.forget_all();
    } else if (const auto* reached = std::get_if<service::Reached>(&item)) {
      reach(streams_[batch.partition], {reached->next});
    } else if (const auto& attached = std::get<service::Attached>(item); attached.shard == shard_) {
      apply(attached, batch.partition);
    }
  }
}

void ShardHub::apply(const service::Attached& attached, std::uint32_t partition) {
  const auto it = connections_.find(attached.connection);
  if (it == connections_.end()) return;
  auto& connection = *it->second;
  auto& stream = streams_[partition];
  const bool due = !connection.answers.empty() && connection.answers[partition].due;
  if (due && !connection.greeted)
    begin(connection, attached, partition);
  else
    go_on(connection, attached, partition, due ? connection.answers[partition].heard : stream.reached);

  reach(stream, {attached.next});
  if (!due) return;
  connection.answers[partition].due = false;
  if (std::ranges::any_of(connection.answers, &Connection::Due::due)) return;
  connection.answers = std::vector<Connection::Due>();  // and their memory: nothing of it is kept while a socket is idle
  connection.greeted ? let_out(connection) : greet(connection);
}

// All that is before has come.
void ShardHub::reach(Stream& stream, Place here) {
  if (here < stream.reached) return;
  stream.reached = here;
  stream.catching_up.clear();
}

// The first answer of a partition.
void ShardHub::begin(Connection& connection, const service::Attached& attached, std::uint32_t partition) {
  auto& stream = streams_[partition];
  if (Place{attached.next} < stream.reached) stream.catching_up.push_back(&connection);
  for (const auto& [channel, version, joined] : attached.channels) {
    if (const auto topic = topics_.find(channel); topic != topics_.end() && topic->second.last < version)
      cut_off(topic->second, version);
    subscribe(connection, channel, version);
  }
  if (!connection.holds) return;
  connection.live.insert(connection.live.end(), attached.channels.begin(), attached.channels.end());
  connection.next.resize(partitions_);
  connection.next[partition] = attached.next;
}

// A later answer: the broadcaster had forgotten the connection. Either it repeats what was heard already, and what the answer
// says is long past; or it stands where the connection does, or beyond, and what was missed the answer tells.
void ShardHub::go_on(Connection& connection, const service::Attached& attached, std::uint32_t partition, Place heard) {
  const auto& stream = streams_[partition];
  const bool repeats = Place{attached.next} < stream.reached;
  // What others heard meanwhile comes to nobody again.
  if (heard < (repeats ? stream.reached : attached.told)) return cut_off(connection);
  if (repeats) return;
  for (const auto& [channel, version, joined] : attached.channels)
    if (const auto topic = topics_.find(channel); topic != topics_.end() && topic->second.last < version)
      cut_off(topic->second, version);
}

void ShardHub::greet(Connection& connection) {
  connection.greeted = true;
  if (connection.on_attached) connection.on_attached();
  let_out(connection);
}

void ShardHub::release(Connection& connection) {
  connection.holds = false;
  let_out(connection);
  connection.live = std::vector<service::Membership>();
  connection.next = std::vector<std::uint64_t>();
}

void ShardHub::let_out(Connection& connection) {
  if (!may_hear(connection)) return;
  for (auto& frame : std::exchange(connection.held, {})) connection.socket->send(std::move(frame));
  connection.held_bytes = 0;
}

void ShardHub::apply(const EncodedPush& push, std::uint32_t partition) {
  auto& stream = streams_[partition];
  if (push.at < stream.reached) return apply_repeated(push, partition);
  stream.reached = push.at.next();
  stream.catching_up.clear();

  const auto& change = *push.change;
  const auto tell = [&](const core::UserId& user) {
    for_each_of(user, [&](Connection& connection) {
      if (!has_begun(connection, partition)) return;
      send(connection, push.frame);
      metrics_.deliveries.add();
    });
  };
  const auto enter = [&](const core::UserId& user) {
    for_each_of(user, [&](Connection& connection) {
      if (has_begun(connection, partition)) subscribe(connection, change.channel(), {change.version.value - 1});
    });
  };
  if (core::for_each_told(change, tell)) return;
  if (const auto* joined = std::get_if<core::MemberJoined>(&change.body)) enter(joined->user);
  if (const auto* created = std::get_if<core::ChannelCreated>(&change.body))
    for (const auto& [user, member] : created->members) enter(user);
  send_to_channel(push);
  end(change);
}

// To the others in the channel; who has much to take already does without.
void ShardHub::apply(const EncodedTyping& typing) {
  constexpr std::size_t kMuch = 64 << 10;
  const auto it = topics_.find(typing.typing.channel);
  if (it == topics_.end()) return;
  for (auto* connection : it->second.listeners) {
    if (!connection->greeted || connection->holds || connection->user == typing.typing.user) continue;
    if (connection->socket->queued_bytes() > kMuch)
      metrics_.typing_dropped.add();
    else
      connection->socket->send(typing.frame);
  }
}

// To those who are catching up it is new. All others have heard it, save those whom the answer to another connection, which was
// ahead of them, left behind: what it is to them they find out too late.
void ShardHub::apply_repeated(const EncodedPush& push, std::uint32_t partition) {
  for (auto* connection : streams_[partition].catching_up) catch_up(*connection, push);
  const auto topic = topics_.find(push.change->channel());
  if (!is_of_channel(*push.change) || topic == topics_.end() || push.change->version <= topic->second.last) return;
  topic->second.last = push.change->version;
  for (auto* connection : topic->second.listeners)
    if (is_behind(*connection, partition, push.at)) cut_off(*connection);
}

void ShardHub::catch_up(Connection& connection, const EncodedPush& push) {
  const auto& change = *push.change;
  const Meaning meaning{change, connection.user};
  if (meaning.enters()) subscribe(connection, change.channel(), {change.version.value - 1});
  if (is_of_channel(change) ? connection.hears(change.channel()) : meaning.is_told()) {
    send(connection, push.frame);
    metrics_.deliveries.add();
  }
  if (meaning.leaves()) unsubscribe(connection, change.channel());
}

void ShardHub::send_to_channel(const EncodedPush& push) {
  const auto it = topics_.find(push.change->channel());
  if (it == topics_.end() || push.change->version <= it->second.last) return;
  if (push.change->version > it->second.last.next()) return cut_off(it->second, push.change->version);
  it->second.last = push.change->version;
  remember(push);
  if (const auto* posted = std::get_if<core::MessagePosted>(&push.change->body)) it->second.last_seq = posted->message.seq;
  for (auto* connection : it->second.listeners) send(*connection, push.frame);
  metrics_.deliveries.add(it->second.listeners.size());
  const auto took_ms = clock_.now_ms() - push.change->at.value;
  metrics_.delivery_latency.observe_us(took_ms > 0 ? static_cast<std::uint64_t>(took_ms) * 1000 : 0);
}

// What was retracted is not told again.
void ShardHub::remember(const EncodedPush& push) {
  const auto channel = push.change->channel();
  const auto& body = push.change->body;
  if (std::holds_alternative<core::MessageRetracted>(body) || std::holds_alternative<core::ChannelDeleted>(body))
    recent_.forget(channel);
  else
    recent_.add(channel, push.change->version, push.frame);
}

// What a change ends, once it was sent.
void ShardHub::end(const core::Change& change) {
  if (const auto* left = std::get_if<core::MemberLeft>(&change.body)) {
    for_each_of(left->user, [&](Connection& connection) { unsubscribe(connection, change.channel()); });
  } else if (std::holds_alternative<core::ChannelDeleted>(change.body)) {
    const auto it = topics_.find(change.channel());
    if (it == topics_.end()) return;
    for (auto* connection : std::vector(it->second.listeners)) unsubscribe(*connection, change.channel());
  }
}

// Who holds things back is too slow to resume, if there are too many; he comes back and begins where he has come to.
void ShardHub::send(Connection& connection, const net::SharedFrame& frame) {
  if (may_hear(connection)) return connection.socket->send(frame);
  const auto bytes = frame->text().size();
  if (connection.held_bytes + bytes > max_held_bytes_)
    return connection.holds ? connection.socket->close(static_cast<std::uint16_t>(codec::CloseCode::SlowConsumer),
                                                       codec::reason(codec::CloseCode::SlowConsumer))
                            : cut_off(connection);
  connection.held_bytes += static_cast<std::uint32_t>(bytes);
  connection.held.push_back(frame);
}

// --- what is missing can't be had any more: who comes back begins from there
void ShardHub::cut_off(Connection& connection) {
  if (connection.socket->closing()) return;
  metrics_.holes.add();
  connection.socket->close(static_cast<std::uint16_t>(codec::CloseCode::Restarting), restarting_reason());
}

void ShardHub::cut_off(Topic& topic, core::Version now) {
  topic.last = now;
  for (auto* connection : topic.listeners) cut_off(*connection);
}

}  // namespace parley::ingest
