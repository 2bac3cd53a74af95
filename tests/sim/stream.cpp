#include "tests/sim/stream.hpp"

#include "service/gateway_codec.hpp"

namespace parley::sim {

using broadcaster::Broadcaster;

bool Stream::open(Broadcasting& broadcasting) {
  if (leaving_ && !leaving_->try_wait()) return false;
  broadcasting_ = &broadcasting;
  end_ = std::make_shared<End>();
  broadcasting.ends.push_back(end_);
  up_.emplace_back([id = id_, end = end_](Broadcaster& broadcaster) {
    broadcaster.connect(id, *end);
    end->connected = true;
  });
  gateway_->reattach();
  return true;
}

void Stream::cut(bool survives) {
  if (!survives) leaving_.reset();
  if (!end_) return;
  const auto end = std::exchange(end_, nullptr);
  end->ended = true;
  up_.clear();
  attached_.clear();
  if (survives && end->connected) leaving_ = broadcasting_->broadcaster.leave(id_);
  broadcasting_ = nullptr;
}

bool Stream::carry_up() {
  if (up_.empty()) return false;
  const auto message = std::move(up_.front());
  up_.pop_front();
  message(broadcasting_->broadcaster);
  return true;
}

bool Stream::carry_down(std::size_t max_bytes) {
  if (!end_ || end_->outbox.empty()) return false;
  service::pb::ToGateway frame;
  end_->outbox.take(max_bytes, frame);
  auto decoded = service::decode(frame);
  spy_(decoded.batch);
  gateway_->deliver(std::move(decoded.batch));
  return true;
}

void Stream::connect(service::GatewayId id, service::Gateway& gateway) {
  id_ = id;
  gateway_ = &gateway;
}

// As RemoteBroadcast says it: a connection counts once on a stream, however often it is attached, and is detached once.
void Stream::attach(service::GatewayId id, core::UserId user, std::uint64_t connection, std::uint32_t shard) {
  if (!end_) return;
  up_.emplace_back([=](Broadcaster& broadcaster) { broadcaster.attach(id, user, connection, shard); });
  if (!attached_.insert(connection).second)
    up_.emplace_back([=](Broadcaster& broadcaster) { broadcaster.detach(id, user, connection); });
}

void Stream::detach(service::GatewayId id, core::UserId user, std::uint64_t connection) {
  if (!end_ || attached_.erase(connection) == 0) return;
  up_.emplace_back([=](Broadcaster& broadcaster) { broadcaster.detach(id, user, connection); });
}

void Stream::typing(service::GatewayId id, core::UserId user, core::ChannelId channel) {
  if (end_) up_.emplace_back([=](Broadcaster& broadcaster) { broadcaster.typing(id, user, channel); });
}

void Stream::listen(service::GatewayId id, core::ChannelId room, std::uint64_t connection, std::uint32_t shard) {
  if (!end_ || !attached_.contains(connection)) return;
  up_.emplace_back([=](Broadcaster& broadcaster) { broadcaster.listen(id, room, connection, shard); });
}

void Stream::unlisten(service::GatewayId id, core::ChannelId room, std::uint64_t connection) {
  if (end_) up_.emplace_back([=](Broadcaster& broadcaster) { broadcaster.unlisten(id, room, connection); });
}

}  // namespace parley::sim
