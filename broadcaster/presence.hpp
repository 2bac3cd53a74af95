// The door that gateways use where presence is kept: passes everything on to the broadcaster, and notes who is attached and who
// is watched.
//
// Concurrency: any thread, never blocks but in disconnect(); the book belongs to a thread of its own, which also delivers to
// the gateways. What a turn of it brings to a gateway goes out as one batch. Ownership: `next` and the clock outlive it.
// Limits: the book's; what waits for the thread is as much as the gateways say.
#pragma once

#include <boost/asio/steady_timer.hpp>

#include "broadcaster/presence_book.hpp"
#include "runtime/clock.hpp"
#include "runtime/metrics.hpp"
#include "runtime/shards.hpp"

namespace parley::broadcaster {

class Presence final : public service::Broadcast {
 public:
  Presence(service::Broadcast& next, std::chrono::milliseconds grace, const runtime::Clock& clock, runtime::Metrics& metrics);
  ~Presence() override;

  void connect(service::GatewayId id, service::Gateway& gateway) override;
  void disconnect(service::GatewayId id) override;
  void attach(service::GatewayId id, core::UserId user, std::uint64_t connection, std::uint32_t shard) override;
  void detach(service::GatewayId id, core::UserId user, std::uint64_t connection) override;
  void typing(service::GatewayId id, core::UserId user, core::ChannelId channel) override {
    next_.typing(id, std::move(user), channel);
  }
  void listen(service::GatewayId id, core::ChannelId room, std::uint64_t connection, std::uint32_t shard) override {
    next_.listen(id, room, connection, shard);
  }
  void unlisten(service::GatewayId id, core::ChannelId room, std::uint64_t connection) override {
    next_.unlisten(id, room, connection);
  }
  void watch(service::GatewayId id, std::uint32_t shard, std::vector<core::UserId> users) override;
  void unwatch(service::GatewayId id, std::uint32_t shard, std::vector<core::UserId> users) override;

 private:
  struct Outlet {
    service::Gateway* gateway = nullptr;
    service::GatewayBatch batch;
  };
  [[nodiscard]] PresenceBook::Moment now() const;
  void post(auto task);
  // --- on the thread
  void turn();
  void gather(service::GatewayId id, service::Presence presence);

  service::Broadcast& next_;
  const runtime::Clock& clock_;
  runtime::Gauge& online_;
  runtime::Gauge& known_;
  runtime::Counter& told_;
  PresenceBook book_;
  std::unordered_map<service::GatewayId, Outlet> outlets_;
  bool turning_ = false;       // a turn is posted
  runtime::Shards thread_{1};  // behind all that its tasks touch
  boost::asio::steady_timer timer_{thread_[0]};
};

}  // namespace parley::broadcaster
