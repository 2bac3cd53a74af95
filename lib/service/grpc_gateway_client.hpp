// The Broadcast of an ingest process whose broadcaster is another process: one bidirectional stream, kept for ever.
//
// Operation: connects again whenever the stream ends, after 100 ms to 2 s. Each time it is up, it says who the gateway is, then
// calls Gateway::reattach(): the first time too. While it is down, attach(), detach(), watch() and listen() do nothing:
// reattach() makes up for them; typing() is lost, as it is when an eighth of max_queued_bytes waits. So a gateway notes a
// connection before it attaches it, and forgets it before it detaches it. What it says between the stream's coming up and its
// own reattaching does no harm: a detach of a connection that this stream has not heard of is dropped, and one that is attached
// again counts once (but is answered twice). Connections' numbers are unique in the gateway. Concurrency: any thread.
// Gateway::deliver is called on gRPC's threads, one batch at a time, reattach() on the stream's own. Ownership: the gateway
// outlives it, or is disconnected first. Limits: max_queued_bytes of attaches and detaches not yet sent; beyond them the stream
// is begun anew, for reattach() knows all that is to be said. A gateway that is slow to deliver() loses its stream at the
// broadcaster's end.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "service/gateway.hpp"
#include "service/grpc_peer.hpp"

namespace parley::service {

struct RemoteBroadcastOptions {
  std::chrono::milliseconds first_retry{100};
  std::chrono::milliseconds longest_retry{2000};
  std::size_t max_queued_bytes = std::size_t{64} * 1024 * 1024;
};

class RemoteBroadcast final : public Broadcast {
 public:
  explicit RemoteBroadcast(Peer peer, RemoteBroadcastOptions options = {});
  ~RemoteBroadcast() override;  // disconnects

  // REQUIRES: no gateway is connected: it serves one at a time.
  void connect(GatewayId id, Gateway& gateway) override;
  // Waits for a deliver() under way. REQUIRES: not called from deliver() or reattach().
  void disconnect(GatewayId id) override;
  void attach(GatewayId id, core::UserId user, std::uint64_t connection, std::uint32_t shard) override;
  void detach(GatewayId id, core::UserId user, std::uint64_t connection) override;
  void typing(GatewayId id, core::UserId user, core::ChannelId channel) override;
  void listen(GatewayId id, core::ChannelId room, std::uint64_t connection, std::uint32_t shard) override;
  void unlisten(GatewayId id, core::ChannelId room, std::uint64_t connection) override;
  void watch(GatewayId id, std::uint32_t shard, std::vector<core::UserId> users) override;
  void unwatch(GatewayId id, std::uint32_t shard, std::vector<core::UserId> users) override;

  // Is the stream up? For readiness; not yet up is no error.
  [[nodiscard]] bool connected() const;
  // Items that this program could not read, of a newer broadcaster: the gateways' clients see a gap and resume.
  [[nodiscard]] std::uint64_t unreadable_items() const;

 private:
  class Link;
  std::unique_ptr<Link> link_;
};

}  // namespace parley::service
