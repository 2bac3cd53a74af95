// The part that clients write to: sessions and HTTP writes on every shard, one hub, one gateway towards the broadcaster.
//
// Concurrency: made and stopped by the main thread, while the shards don't run yet or any more; in between everything is on the
// shards. Ownership: what it is given must outlive it.
#pragma once

#include <memory>
#include <vector>

#include "api/rate_gate.hpp"
#include "dialect/calls.hpp"
#include "ingest/accounts.hpp"
#include "ingest/dialects/sockets.hpp"
#include "ingest/erasures.hpp"
#include "ingest/http_writes.hpp"
#include "ingest/hub.hpp"
#include "ingest/operator_calls.hpp"
#include "ingest/session.hpp"
#include "ingest/tokens.hpp"

namespace parley::ingest {

struct IngestOptions {
  SessionLimits session;
  std::chrono::milliseconds outcome_timeout{8000};  // for a command's outcome; then outcome_unknown
  std::size_t recent_bytes = 4 << 20;               // of events kept for those who resume, over all shards
  std::chrono::milliseconds erasures_look{2000};    // for erasures that were left half done, each time
  api::RateGate* gate = nullptr;                    // none: nothing is limited by rate
  auth::VerifierOptions auth;
  bool development = false;
  std::optional<AccountOptions> accounts;  // none: there are none
  dialect::Options dialects;
};

class Ingest {
 public:
  Ingest(runtime::Shards& shards, eventlog::EventLog& log, keys::KeyStore& keys, LogIdentity identity,
         service::Broadcast& broadcast, service::ReadModel& reads, const runtime::Clock& clock, runtime::Metrics& metrics,
         IngestOptions options);

  // Adds its routes and the socket to the door of a shard. REQUIRES: once for each shard, the first one first.
  void serve(std::size_t shard, api::Door& door);
  // To and from the broadcaster. Disconnect before the shards or the broadcaster stop.
  void connect() {
    broadcast_.connect(gateway_, hub_);
    erasures_->start();
  }
  // Looks for erasures that were left half done, without waiting until it is time.
  void look_for_erasures() { erasures_->start(); }
  void disconnect() { broadcast_.disconnect(gateway_); }
  [[nodiscard]] service::GatewayId gateway() const { return gateway_; }
  [[nodiscard]] Hub& hub() { return hub_; }

 private:
  struct Shard {
    std::unique_ptr<Writer> writer;
    std::unique_ptr<ShardHub> hub;
    std::unique_ptr<HttpWrites> writes;
    std::unique_ptr<Turnstile> resumes;
    std::unique_ptr<SessionServices> services;
    std::unique_ptr<dialects::Sockets> dialect_sockets;
    std::unique_ptr<dialect::Calls> dialect_calls;
    std::unique_ptr<boost::asio::steady_timer> sampler;
    runtime::Gauge* queued = nullptr;
  };
  void serve_dialects(Shard& shard, api::Door& door);
  void sample(Shard& shard);  // once a second
  // The place of a socket and what it may send; null: without limits.
  std::expected<std::unique_ptr<Allowance>, limit::Refusal> allow(const net::HttpRequest& request, const core::UserId& user);
  net::Taken admit(Shard& shard, const net::HttpRequest& request, auth::Identity identity);

  service::GatewayId gateway_;
  runtime::Shards& run_on_;
  eventlog::EventLog& log_;
  keys::KeyStore& keys_;
  LogIdentity identity_;
  service::Broadcast& broadcast_;
  service::ReadModel& reads_;
  const runtime::Clock& clock_;
  runtime::Metrics& metrics_;
  IngestOptions options_;
  WriterMetrics writer_metrics_;
  HubMetrics hub_metrics_;
  Tokens tokens_;
  std::unique_ptr<Accounts> accounts_;  // may be null
  Hub hub_;
  OperatorCalls operator_calls_;
  std::vector<Shard> shards_;
  std::unique_ptr<Erasures> erasures_;  // on the first shard
};

}  // namespace parley::ingest
