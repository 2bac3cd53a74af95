#include <chrono>
#include <thread>

#include "app/compose.hpp"
#include "app/front.hpp"
#include "app/log.hpp"
#include "app/rate_limits.hpp"
#include "app/searching.hpp"
#include "app/shapes.hpp"
#include "app/uploads.hpp"
#include "broadcaster/broadcaster.hpp"
#include "broadcaster/presence.hpp"
#include "projector/local_read_model.hpp"
#include "projector/read_tables.hpp"
#include "query-api/query_api.hpp"
#include "runtime/log.hpp"

namespace parley::app {

bool catch_up(const fold::Pipeline& pipeline, const runtime::StopSignal& signal) {
  if (const auto behind = pipeline.lag(); behind > 0)
    spdlog::info("catching up with the log: up to {} records a partition", behind);
  while (pipeline.lag() > 0) {
    if (signal.pending()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

// Declared in the order of who needs whom; stopped from the outside in: sockets, then the fold, then the log.
int run_serve(const Options& options) {
  runtime::StopSignal signal;
  const runtime::SystemClock clock;
  runtime::Metrics metrics;
  std::error_code error;
  std::filesystem::create_directories(options.data, error);
  if (error) return fail("can't make the data directory " + options.data + ": " + error.message());
  const auto policy = token_policy(options);
  if (!policy) return fail(policy.error());
  const auto opened = open_log(options, "parley.serve", Begins::AtOnce);
  if (!opened) return fail(opened.error());
  auto& log = *opened->log;
  const auto keys = open_keys(options, *opened, keys::Access::Writing);
  if (!keys) return fail(keys.error());

  broadcaster::Broadcaster broadcaster(opened->control.partitions, metrics);
  projector::TouchedQueue touched(opened->control.partitions, searches(options));
  projector::ReadTables tables(&touched);
  const auto pipeline =
      fold::Pipeline::open(log, opened->control, pipeline_options(options, opened->control, **keys), &tables, &broadcaster);
  if (!pipeline) return fail(pipeline.error());
  broadcaster.run_on(**pipeline);
  broadcaster::Presence presence(broadcaster, std::chrono::milliseconds(options.presence.grace_ms), clock, metrics);
  auto searching = Searching::open(options, **pipeline, touched, metrics);
  if (!searching) return fail(searching.error());
  projector::LocalReadModel reads(**pipeline, {.threads = options.state.read_threads}, searching->reads());
  measure(**pipeline, metrics);
  measure((*keys)->table(), metrics);

  Status status(metrics);
  status.check("log", [&log] { return log.healthy(); });
  status.check("key_table", [&keys] { return (*keys)->healthy(); });
  status.check("state",
               [&pipeline, &options] { return (*pipeline)->healthy() && (*pipeline)->lag() <= options.state.max_lag; });

  const auto uploads = upload_desk(options, clock, metrics);
  if (!uploads) return fail(uploads.error());
  query_api::QueryApi query(reads, {.position_wait = std::chrono::milliseconds(options.listen.position_wait_ms)},
                            uploads->get());
  const runtime::SteadyClock steady;
  const auto gate = rate_gate(options, steady, metrics);
  Front front(options, shard_count(options), policy->verifier, clock, metrics, gate.get());
  front.add_checks(status);
  ingest::Ingest ingest(front.shards(), log, **keys, identity_of(opened->control), presence, reads, clock, metrics,
                        ingest_options(options, policy->verifier, policy->development, gate.get()));
  for (std::size_t shard = 0; shard < front.shards().size(); ++shard) {
    ingest.serve(shard, front.door(shard));
    query.serve(front.door(shard));
    query.serve_dialects(front.door(shard), dialect_options(options, policy->development), clock);
    status.serve(front.door(shard));
  }
  if (auto listening = front.listen(); !listening) return fail(listening.error());

  (*pipeline)->start();
  if (catch_up(**pipeline, signal)) {
    searching->start();
    ingest.connect();
    front.run(signal);
    (*pipeline)->halt();  // first: a worker whose partition can't be folded has no turn for one that leaves
    ingest.disconnect();
  }
  (*keys)->close(front.drain_left());
  log.close(front.drain_left());
  front.stop([&reads] { reads.stop(); });
  (*pipeline)->stop();
  searching->stop();
  return 0;
}

}  // namespace parley::app
