// Rooms: what a connection hears without its user being in it. A join is exact because its answer stands in the stream of the
// room's partition, like every event of the room.
#include <algorithm>

#include "ingest/shard_hub.hpp"

namespace parley::ingest {

namespace {

bool listens(const Connection& connection, const core::ChannelId& room) {
  return std::ranges::find(connection.rooms, room) != connection.rooms.end();
}

auto first_asking(Connection& connection, const core::ChannelId& room) {
  return std::ranges::find(connection.asking, room, &Connection::Asking::room);
}

}  // namespace

void ShardHub::listen(Connection& connection, const core::ChannelId& room,
                      std::function<void(const service::Listening*)> done) {
  connection.asking.push_back({room, std::move(done)});
  broadcast_.listen(gateway_, room, connection.id, shard_);
}

void ShardHub::give_up(Connection& connection, const core::ChannelId& room) {
  const auto ask = first_asking(connection, room);
  if (ask == connection.asking.end()) return;
  const auto done = std::move(ask->done);
  connection.asking.erase(ask);
  const bool is_wanted = listens(connection, room) || first_asking(connection, room) != connection.asking.end();
  if (!is_wanted) broadcast_.unlisten(gateway_, room, connection.id);
  done(nullptr);
}

std::optional<ShardHub::Heard> ShardHub::unlisten(Connection& connection, const core::ChannelId& room) {
  const auto it = std::ranges::find(connection.rooms, room);
  if (it == connection.rooms.end()) return std::nullopt;
  const auto& topic = topics_.at(room);
  const Heard heard{topic.last_seq, topic.last};
  connection.rooms.erase(it);
  metrics_.rooms.add(-1);
  unsubscribe(connection, room);
  broadcast_.unlisten(gateway_, room, connection.id);
  return heard;
}

// To a broadcaster that has forgotten everyone: each asking has its answer, and so has each room that is heard.
void ShardHub::listen_again(const Connection& connection) {
  const auto& asking = connection.asking;
  for (const auto& ask : asking) broadcast_.listen(gateway_, ask.room, connection.id, shard_);
  for (const auto& room : connection.rooms)
    if (std::ranges::find(asking, room, &Connection::Asking::room) == asking.end())
      broadcast_.listen(gateway_, room, connection.id, shard_);
}

// Of a room that was heard already, the answer tells whether something of it was missed. One from before what this shard has
// heard of the partition tells nothing: the broadcaster repeats, and is asked again until it stands where the shard does.
void ShardHub::apply(const service::Listening& heard, std::uint32_t partition) {
  const auto it = connections_.find(heard.connection);
  if (it == connections_.end()) return;
  auto& connection = *it->second;
  const auto ask = first_asking(connection, heard.room);
  if (ask == connection.asking.end() && !listens(connection, heard.room)) return;  // left it, or gave up
  auto& stream = streams_[partition];
  if (Place{heard.next} < stream.reached) return broadcast_.listen(gateway_, heard.room, connection.id, shard_);
  reach(stream, {heard.next});
  if (heard.is_room) {
    if (const auto topic = topics_.find(heard.room); topic != topics_.end() && topic->second.last < heard.version)
      cut_off(topic->second, heard.version);
    subscribe(connection, heard.room, heard.version);
    topics_.at(heard.room).last_seq = heard.last_seq;
    if (!listens(connection, heard.room)) {
      connection.rooms.push_back(heard.room);
      metrics_.rooms.add(1);
    }
  }
  if (ask == connection.asking.end()) return;
  const auto done = std::move(ask->done);
  connection.asking.erase(ask);
  done(&heard);
}

}  // namespace parley::ingest
