// What several shapes are put together from.
#pragma once

#include <algorithm>
#include <numeric>

#include "app/options.hpp"
#include "fold/pipeline.hpp"
#include "ingest/ingest.hpp"
#include "runtime/shards.hpp"
#include "runtime/signals.hpp"

namespace parley::app {

inline fold::PipelineOptions pipeline_options(const Options& options, const codec::Control& control,
                                              const keys::KeyStore& keys) {
  std::vector<std::uint32_t> all(control.partitions);
  std::iota(all.begin(), all.end(), 0U);
  const auto& state = options.state;
  return {.dir = std::filesystem::path(options.data) / "state",
          .partitions = std::move(all),
          .threads = state.fold_threads > 0 ? state.fold_threads : std::max<std::size_t>(runtime::available_cpus() / 2, 1),
          .write_buffer_bytes = state.write_buffer_bytes,
          .block_cache_bytes = state.block_cache_bytes,
          .keys = &keys.table(),
          .worker = {}};
}

// REQUIRES: the command line has checked them.
inline dialect::Options dialect_options(const Options& options, bool development) {
  dialect::Options dialects{.development = development};
  const auto& spoken = options.dialects.spoken;
  if (spoken == "all")
    dialects.spoken.assign(std::begin(dialect::kNames), std::end(dialect::kNames));
  else if (spoken != "none")
    dialects.spoken = split_list(spoken);
  for (const auto& each : split_list(options.dialects.claims)) {
    const auto equals = each.find('=');
    dialects.claims[each.substr(0, equals)] = each.substr(equals + 1);
  }
  return dialects;
}

inline std::optional<ingest::AccountOptions> account_options(const Options& options) {
  if (const auto has = has_accounts(options); !has || !*has) return std::nullopt;
  const auto& a = options.accounts;
  return ingest::AccountOptions{
      .token_ttl = std::chrono::seconds(a.token_ttl_s),
      .attempts_per_email = a.attempts_per_email,
      .attempts_per_address = a.attempts_per_address,
      .passwords = {.cost = {.operations = a.password_operations, .memory_kib = a.password_memory_kib},
                    .threads = a.password_threads,
                    .queue = a.password_queue},
      .proxies = net::TrustedProxies::parse(split_list(options.limits.trusted_proxies)).value(),  // checked with the options
      .read_wait = std::chrono::milliseconds(options.listen.position_wait_ms)};
}

inline ingest::IngestOptions ingest_options(const Options& options, const auth::VerifierOptions& auth, bool development,
                                            api::RateGate* gate) {
  const auto& l = options.listen;
  return {.session = {.max_in_flight = l.max_in_flight,
                      .queue_bytes = l.socket_queue_bytes,
                      .max_rooms = l.max_rooms,
                      .position_wait = std::chrono::milliseconds(l.position_wait_ms),
                      .max_resume_gap = l.resume_gap,
                      .resumes_at_once = l.resumes_at_once,
                      .resume_patience = std::chrono::milliseconds(l.resume_patience_ms),
                      .ping_interval = std::chrono::milliseconds(l.ping_interval_ms)},
          .outcome_timeout = std::chrono::milliseconds(l.outcome_timeout_ms),
          .recent_bytes = l.recent_bytes,
          .gate = gate,
          .auth = auth,
          .development = development,
          .accounts = account_options(options),
          .dialects = dialect_options(options, development)};
}

inline ingest::LogIdentity identity_of(const codec::Control& control) { return {control.partitions, control.epoch}; }

// Waits until everything that was in the log is folded; false: told to stop before.
bool catch_up(const fold::Pipeline& pipeline, const runtime::StopSignal& signal);

}  // namespace parley::app
