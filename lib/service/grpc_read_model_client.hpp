// The ReadModel of another process.
//
// Operation: each read is one call, which fails at once while the process can't be reached. describe() answers from memory;
// a refresh of its own keeps that young.
// Concurrency: any thread; answers come on gRPC's threads. Ownership: whoever reads waits for his answers before it ends; its
// destructor waits for them, too.
// Limits: max_reads under way at once, then READ_STATUS_UNAVAILABLE; a read takes its wait_ms and `patience` at most.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "service/grpc_peer.hpp"
#include "service/read_model.hpp"

namespace parley::service {

struct RemoteReadModelOptions {
  std::chrono::milliseconds patience{5000};  // what a read may take beyond its wait
  std::chrono::milliseconds refresh_every{200};
  std::chrono::milliseconds refresh_patience{1000};
  std::size_t max_reads = 16384;
};

class RemoteReadModel final : public ReadModel {
 public:
  explicit RemoteReadModel(Peer peer, RemoteReadModelOptions options = {});
  ~RemoteReadModel() override;
  // Waits for the answers that are due, as the destructor does. REQUIRES: nobody reads or looks any more.
  void stop();

  void read(pb::ReadRequest request, Done done) override;
  // As of the last refresh that was answered, however long ago.
  pb::DescribeResponse describe() override;

  // Was the last refresh answered? For readiness.
  [[nodiscard]] bool reachable() const;

 private:
  class Link;
  std::unique_ptr<Link> link_;
};

}  // namespace parley::service
