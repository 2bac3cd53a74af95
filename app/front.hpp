// The HTTP side of a process: shards, a door for each, and the listener; what `serve`, `ingest` and `query-api` share, and what
// `projector` and `broadcaster` show their metrics through.
//
// Concurrency: main thread. Ownership: owns shards, doors and server; what serves the doors must outlive it.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/door.hpp"
#include "app/options.hpp"
#include "app/status.hpp"
#include "runtime/shards.hpp"
#include "runtime/signals.hpp"

namespace parley::app {

class Front {
 public:
  Front(const Options& options, std::size_t shards, const auth::Verifier& verifier, const runtime::Clock& clock,
        runtime::Metrics& metrics);

  [[nodiscard]] runtime::Shards& shards() { return shards_; }
  [[nodiscard]] api::Door& door(std::size_t shard) { return *doors_[shard]; }
  // Binds the address; nothing is accepted before run(). The error is a sentence.
  std::expected<void, std::string> listen();
  // Serves, says `ready http://…` on standard output, and returns when told to stop; what was open then is drained.
  void run(runtime::StopSignal& signal);
  // Ends the shards' threads.
  void stop() { shards_.stop(); }

 private:
  const Options& options_;
  runtime::Shards shards_;
  std::vector<std::unique_ptr<api::Door>> doors_;
  std::unique_ptr<net::Server> server_;
};

std::size_t shard_count(const Options& options);

// The secret of tokens, and whether this is development mode. The error is a sentence.
struct TokenPolicy {
  auth::VerifierOptions verifier;
  bool development = false;
};
std::expected<TokenPolicy, std::string> token_policy(const Options& options);

}  // namespace parley::app
