// A broadcaster's process as others see it: a GatewayService behind a listener of its own; and the way there.
#pragma once

#include <string>

#include "service/grpc_gateway_server.hpp"

namespace parley::service {

inline std::string at(std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); }
inline SharedSecret secret(const std::string& text) { return SharedSecret::parse(text).value(); }

class BroadcasterProcess {
 public:
  explicit BroadcasterProcess(Broadcast& broadcast, GatewayServiceOptions options = {}, Keepalive keepalive = {},
                              std::uint16_t port = 0)
      : service_(broadcast, options),
        server_(secret("swordfish"), keepalive),
        port_(server_.start(at(port), {&service_}).value()) {}

  [[nodiscard]] std::uint16_t port() const { return port_; }
  void stop() { server_.stop(std::chrono::seconds(1)); }

 private:
  GatewayService service_;
  GrpcServer server_;
  std::uint16_t port_;
};

inline Peer peer(std::uint16_t port, Keepalive keepalive = {}) {
  return {.target = at(port), .secret = secret("swordfish"), .keepalive = keepalive};
}

}  // namespace parley::service
