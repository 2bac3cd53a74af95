// Where the broadcaster's batches come in: each change is encoded once, and every shard gets the same bytes.
//
// Concurrency: disconnect() on a shard; deliver() and reattach() from the broadcaster's threads; the shards' hubs run on their
// shards. Ownership: outlives every batch: disconnect from the broadcaster first. Limits: what waits for a shard is bounded by
// what the fold hands over in the time that the shard takes for a round.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <vector>

#include "ingest/shard_hub.hpp"
#include "ingest/writer.hpp"
#include "runtime/inbox.hpp"
#include "runtime/shards.hpp"

namespace parley::ingest {

class Hub : public service::Gateway {
 public:
  Hub(runtime::Shards& shards, LogIdentity identity);
  // REQUIRES: once for each shard, before the first batch.
  void serve(std::size_t shard, ShardHub& hub);

  // Closes all sockets of a user, on every shard; how many they were. From any shard.
  boost::asio::awaitable<std::size_t> disconnect(core::UserId user);

  void deliver(service::GatewayBatch batch) override;
  void reattach() override;

 private:
  struct Shard {
    boost::asio::io_context* context = nullptr;
    ShardHub* hub = nullptr;
    runtime::Inbox<std::shared_ptr<const EncodedBatch>> inbox;
    std::vector<std::shared_ptr<const EncodedBatch>> round;  // reused
  };
  [[nodiscard]] EncodedBatch encode(service::GatewayBatch batch) const;
  static void drain(Shard& shard);

  LogIdentity identity_;
  std::vector<std::unique_ptr<Shard>> shards_;
};

}  // namespace parley::ingest
