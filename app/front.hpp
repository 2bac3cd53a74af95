// The HTTP side of a process: shards, a door for each, and the listener; what `serve`, `ingest` and `query-api` share, and what
// `projector` and `broadcaster` show their metrics through.
//
// Concurrency: main thread. Ownership: owns shards, doors and server; what serves the doors must outlive it.
#pragma once

#include <atomic>
#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/door.hpp"
#include "api/rate_gate.hpp"
#include "app/options.hpp"
#include "app/status.hpp"
#include "auth/key_ring.hpp"
#include "runtime/shards.hpp"
#include "runtime/signals.hpp"

namespace parley::app {

class Front {
 public:
  // `tokens`: what is checked of them. The issuer's keys are fetched from where the options say. No `gate`: nothing is limited
  // by rate.
  Front(const Options& options, std::size_t shards, auth::VerifierOptions tokens, const runtime::Clock& clock,
        runtime::Metrics& metrics, api::RateGate* gate = nullptr);

  [[nodiscard]] runtime::Shards& shards() { return shards_; }
  [[nodiscard]] api::Door& door(std::size_t shard) { return *doors_[shard]; }
  // Adds what this side needs to be ready.
  void add_checks(Status& status) const;
  // Binds the address and starts the shards: /healthz, /readyz and /metrics are answered from here on, all else is refused with
  // not_caught_up until run(). The error is a sentence.
  std::expected<void, std::string> listen();
  // Serves, says `ready http://…` on standard output, and returns when told to stop; what was open then is drained.
  void run(runtime::StopSignal& signal);
  // Of the drain timeout, since run() was told to stop.
  [[nodiscard]] std::chrono::milliseconds drain_left() const;
  // Cuts off what is still open and ends the shards' threads. Then `answer` has those answer for whom something may wait there,
  // and what waits is dropped: while all that it uses is there.
  void stop(const std::function<void()>& answer = [] {});

 private:
  const Options& options_;
  runtime::Shards shards_;
  std::unique_ptr<auth::KeyRing> keys_;  // ends before the shards, which wait for its news
  auth::Verifier verifier_;
  std::atomic<bool> open_ = false;
  std::vector<std::unique_ptr<api::Door>> doors_;
  std::unique_ptr<net::Server> server_;
  std::optional<std::chrono::steady_clock::time_point> drain_until_;
};

std::size_t shard_count(const Options& options);

// What is checked of tokens, with the secret, and whether this is development mode. The error is a sentence.
struct TokenPolicy {
  auth::VerifierOptions verifier;  // without a secret: the issuer's tokens alone
  bool development = false;
};
std::expected<TokenPolicy, std::string> token_policy(const Options& options, bool make_secret = true);

}  // namespace parley::app
