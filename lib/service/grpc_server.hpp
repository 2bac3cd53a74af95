// The door of a process for Parley's other processes: one gRPC listener and the services behind it.
//
// Concurrency: start() and stop() from one thread; the services are called on gRPC's. Ownership: the services outlive it.
// Limits: messages of 32 MiB. Not encrypted; who calls is known by the shared secret alone. Mutual TLS is not there: where
// the network is not private, put a tunnel between the machines.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "service/grpc_peer.hpp"
#include "service/shared_secret.hpp"

namespace grpc {
class CallbackServerContext;
class Server;
class Service;
}  // namespace grpc

namespace parley::service {

// What a GrpcServer serves, once: a service that was drained is not started again.
class GrpcService {
 public:
  virtual ~GrpcService() = default;

  // --- for GrpcServer alone
  virtual grpc::Service& handlers() = 0;
  // Before the first call: each has to present this secret.
  virtual void admit(const SharedSecret& secret) = 0;
  // The listener is about to close: new streams are refused, and those that run end.
  virtual void drain() {}
  // The listener is gone; returns when nothing of the service runs any more.
  virtual void settle() {}
};

class GrpcServer {
 public:
  explicit GrpcServer(SharedSecret secret, Keepalive keepalive = {});
  ~GrpcServer();  // stops, with a second to drain
  GrpcServer(const GrpcServer&) = delete;
  GrpcServer& operator=(const GrpcServer&) = delete;

  // Serves on HOST:PORT and returns the port that was bound (port 0: any that is free). The error is a sentence; without a
  // secret it refuses every host that is not this machine's loopback. REQUIRES: not started before.
  std::expected<std::uint16_t, std::string> start(const std::string& listen, const std::vector<GrpcService*>& services);

  // Ends streams, lets calls under way finish until `deadline` has passed, then cancels them. When it returns, the services
  // are at rest. Idempotent.
  void stop(std::chrono::milliseconds deadline);

 private:
  SharedSecret secret_;
  Keepalive keepalive_;
  std::vector<GrpcService*> services_;
  std::unique_ptr<grpc::Server> server_;
};

// Did the caller present the secret? For services, first thing in every call.
bool authentic(const grpc::CallbackServerContext& context, const SharedSecret& secret);

}  // namespace parley::service
