// Serves parley.internal.v1.Gateway for a broadcaster: each stream that comes in is one service::Gateway of the Broadcast, from
// its Hello until it ends.
//
// Operation: what the fold delivers is queued and sent by a thread of its own, one write at a time; whatever gathers while a
// write runs goes out together. A gateway that connects again under its id takes the place of its older stream.
// Concurrency: any thread. Broadcast is called from the service's thread, Gateway::deliver comes from anywhere and never
// waits for the network.
// Ownership: `broadcast` outlives it; it outlives its GrpcServer.
// Limits: max_queued_bytes a gateway: one that reads too slowly loses its stream, nothing else (it connects again and
// attaches anew). One thread encodes for all gateways.
#pragma once

#include <cstddef>
#include <memory>

#include "service/gateway.hpp"
#include "service/grpc_server.hpp"

namespace parley::service {

struct GatewayServiceOptions {
  std::size_t max_queued_bytes = std::size_t{64} * 1024 * 1024;
  std::size_t max_frame_bytes = std::size_t{256} * 1024;  // about; a single item may be larger
  std::size_t max_gateways = 256;
};

class GatewayService final : public GrpcService {
 public:
  explicit GatewayService(Broadcast& broadcast, GatewayServiceOptions options = {});
  ~GatewayService() override;

  grpc::Service& handlers() override;
  void admit(const SharedSecret& secret) override;
  void drain() override;
  void settle() override;

 private:
  class Streams;
  std::unique_ptr<Streams> streams_;
};

}  // namespace parley::service
