// The stream between one gateway and the broadcaster, over all its tries: what RemoteBroadcast and GatewayService are between
// processes, without gRPC. What is under way when it breaks is lost at both ends.
//
// Concurrency: one thread. Ownership: the gateway outlives it; of a broadcaster that is killed it is told by cut().
#pragma once

#include <deque>
#include <functional>
#include <latch>
#include <memory>
#include <unordered_set>

#include "service/gateway_outbox.hpp"
#include "tests/sim/processes.hpp"

namespace parley::sim {

class Stream final : public service::Broadcast {
 public:
  // What passes to the gateway, before it gets it.
  using Spy = std::function<void(const service::GatewayBatch&)>;
  explicit Stream(Spy spy) : spy_(std::move(spy)) {}

  // --- the network
  [[nodiscard]] bool is_up() const { return end_ != nullptr; }
  // REQUIRES: !is_up(). False: the broadcaster is not rid of the try before this one yet.
  bool open(Broadcasting& broadcasting);
  // `survives`: the broadcaster does, and hears of it.
  void cut(bool survives);
  // Brings one message to the broadcaster, or one frame of `max_bytes` to the gateway. False: there is none.
  bool carry_up();
  bool carry_down(std::size_t max_bytes);

  // --- Broadcast
  void connect(service::GatewayId id, service::Gateway& gateway) override;
  void disconnect(service::GatewayId) override {}
  void attach(service::GatewayId id, core::UserId user, std::uint64_t connection, std::uint32_t shard) override;
  void detach(service::GatewayId id, core::UserId user, std::uint64_t connection) override;
  void typing(service::GatewayId id, core::UserId user, core::ChannelId channel) override;
  void listen(service::GatewayId id, core::ChannelId room, std::uint64_t connection, std::uint32_t shard) override;
  void unlisten(service::GatewayId id, core::ChannelId room, std::uint64_t connection) override;

 private:
  // The broadcaster's end of a try: what it is told after the break goes nowhere.
  struct End final : service::Gateway {
    void deliver(service::GatewayBatch batch) override {
      if (!ended) outbox.push(std::move(batch));
    }
    void reattach() override {}
    service::GatewayOutbox outbox;
    bool connected = false;
    bool ended = false;
  };

  Spy spy_;
  service::GatewayId id_ = 0;
  service::Gateway* gateway_ = nullptr;
  Broadcasting* broadcasting_ = nullptr;
  std::shared_ptr<End> end_;
  std::shared_ptr<std::latch> leaving_;
  std::deque<std::function<void(broadcaster::Broadcaster&)>> up_;
  std::unordered_set<std::uint64_t> attached_;  // what was said of on this try
};

}  // namespace parley::sim
