#include "broadcaster/presence.hpp"

#include <boost/asio/post.hpp>
#include <future>

namespace parley::broadcaster {

using service::GatewayId;

Presence::Presence(service::Broadcast& next, std::chrono::milliseconds grace, const runtime::Clock& clock,
                   runtime::Metrics& metrics)
    : next_(next),
      clock_(clock),
      online_(metrics.gauge("parley_presence_online", "Users who are online, or were within the grace")),
      known_(
          metrics.gauge("parley_presence_known", "Users whose presence is kept in memory: seen since the start, or watched")),
      told_(metrics.counter("parley_presence_told_total", "Users' presences handed to gateways, once a gateway")),
      book_(grace, now(), [this](GatewayId id, service::Presence presence) { gather(id, std::move(presence)); }) {
  thread_.start();
  boost::asio::post(thread_[0], [this] { turn(); });
}

Presence::~Presence() { thread_.stop(); }

PresenceBook::Moment Presence::now() const { return {std::chrono::steady_clock::now(), {clock_.now_ms()}}; }

// What tasks bring about is handed on once those that wait already are done.
void Presence::post(auto task) {
  boost::asio::post(thread_[0], [this, task = std::move(task)] {
    task();
    if (!std::exchange(turning_, true)) boost::asio::post(thread_[0], [this] { turn(); });
  });
}

void Presence::connect(GatewayId id, service::Gateway& gateway) {
  next_.connect(id, gateway);
  post([this, id, &gateway] {
    outlets_[id] = {&gateway, {service::kOfNoPartition, {}}};
    book_.connect(id);
  });
}

void Presence::disconnect(GatewayId id) {
  next_.disconnect(id);
  std::promise<void> gone;
  post([this, id, &gone] {
    outlets_.erase(id);
    book_.disconnect(id, now());
    gone.set_value();
  });
  gone.get_future().wait();
}

void Presence::attach(GatewayId id, core::UserId user, std::uint64_t connection, std::uint32_t shard) {
  post([this, id, user] { book_.attach(id, user, now()); });
  next_.attach(id, std::move(user), connection, shard);
}

void Presence::detach(GatewayId id, core::UserId user, std::uint64_t connection) {
  post([this, id, user] { book_.detach(id, user, now()); });
  next_.detach(id, std::move(user), connection);
}

void Presence::watch(GatewayId id, std::uint32_t shard, std::vector<core::UserId> users) {
  post([this, id, shard, users = std::move(users)] { book_.watch(id, shard, users); });
}

void Presence::unwatch(GatewayId id, std::uint32_t shard, std::vector<core::UserId> users) {
  post([this, id, shard, users = std::move(users)] { book_.unwatch(id, shard, users); });
}

// --- on the thread
void Presence::gather(GatewayId id, service::Presence presence) {
  if (const auto at = outlets_.find(id); at != outlets_.end()) at->second.batch.items.emplace_back(std::move(presence));
}

void Presence::turn() {
  turning_ = false;
  const auto next = book_.pass(now());
  for (auto& [id, outlet] : outlets_) {
    if (outlet.batch.items.empty()) continue;
    told_.add(outlet.batch.items.size());
    outlet.gateway->deliver(std::exchange(outlet.batch, {service::kOfNoPartition, {}}));
  }
  online_.set(static_cast<std::int64_t>(book_.online()));
  known_.set(static_cast<std::int64_t>(book_.known()));
  timer_.cancel();
  if (!next) return;
  timer_.expires_at(*next);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error) turn();
  });
}

}  // namespace parley::broadcaster
