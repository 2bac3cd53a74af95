// From folded steps to the gateways that hold the sockets: changes to those that hear of the channel, outcomes to the one that
// waits. One batch for a gateway and folded batch, never one for a socket.
//
// Concurrency: connect(), attach() and so on from any thread: they are posted to the fold threads, and so stand at an exact
// place in each partition's stream. publish() runs on a fold thread. Ownership: the pipeline owns the threads; it must be given
// by run_on() before the first call and outlive the last.
#pragma once

#include <atomic>
#include <latch>
#include <memory>
#include <vector>

#include "broadcaster/audience.hpp"
#include "broadcaster/typing_throttle.hpp"
#include "fold/pipeline.hpp"
#include "runtime/metrics.hpp"

namespace parley::broadcaster {

class Broadcaster : public fold::Publisher, public service::Broadcast {
 public:
  Broadcaster(std::uint32_t partitions, runtime::Metrics& metrics);
  // REQUIRES: the pipeline has its state, and has not been started.
  void run_on(fold::Pipeline& pipeline);

  [[nodiscard]] std::size_t gateways() const { return gateways_.load(std::memory_order_relaxed); }

  void publish(const fold::PartitionFold& fold, std::vector<fold::Step> steps) override;

  void connect(service::GatewayId id, service::Gateway& gateway) override;
  void disconnect(service::GatewayId id) override;
  // Begins to disconnect; over when the latch is. For those who turn the workers by hand, and so can't wait for them.
  std::shared_ptr<std::latch> leave(service::GatewayId id);
  void attach(service::GatewayId id, core::UserId user, std::uint64_t connection, std::uint32_t shard) override;
  void detach(service::GatewayId id, core::UserId user, std::uint64_t connection) override;
  void typing(service::GatewayId id, core::UserId user, core::ChannelId channel) override;
  void listen(service::GatewayId id, core::ChannelId room, std::uint64_t connection, std::uint32_t shard) override;
  void unlisten(service::GatewayId id, core::ChannelId room, std::uint64_t connection) override;

 private:
  template <class Do>
  void on_every_partition(const Do& what);
  template <class Do>
  void on_partition_of(const core::ChannelId& channel, const Do& what);
  void tell_typing(const fold::PartitionFold& fold, const service::Typing& typing);

  // By partition; each touched by its fold's thread alone.
  std::vector<Audience> audiences_;
  std::vector<TypingThrottle> typing_;
  fold::Pipeline* pipeline_ = nullptr;
  std::atomic<std::size_t> gateways_{0};
  runtime::Counter& pushes_;
  runtime::Counter& outcomes_;
  runtime::Counter& typings_;
};

}  // namespace parley::broadcaster
