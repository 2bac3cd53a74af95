// The four processes of the topology: the same parts as in `serve`, joined by gRPC instead of calls.
#include <algorithm>
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
#include "service/grpc_gateway_client.hpp"
#include "service/grpc_gateway_server.hpp"
#include "service/grpc_read_model_client.hpp"
#include "service/grpc_read_model_server.hpp"
#include "service/grpc_server.hpp"

namespace parley::app {

using std::chrono::milliseconds;

namespace {

std::expected<service::SharedSecret, std::string> internal_secret(const Options& options) {
  if (options.peers.internal_secret_file.empty()) return service::SharedSecret{};
  auto text = auth::load_secret(options.peers.internal_secret_file, false);
  if (!text) return std::unexpected(text.error());
  return service::SharedSecret::parse(std::move(*text));
}

std::expected<void, std::string> make_data_dir(const Options& options) {
  std::error_code error;
  std::filesystem::create_directories(options.data, error);
  if (error) return std::unexpected("can't make the data directory " + options.data + ": " + error.message());
  return {};
}

// Gives the gateways of an earlier life time to come back before the fold goes on: those that are attached by then are pushed
// what they missed, and their sockets live on. Those that come later find a hole, and their sockets resume.
void await_gateways(const broadcaster::Broadcaster& broadcaster, const runtime::StopSignal& signal) {
  constexpr milliseconds kLongest{1500};
  constexpr milliseconds kToAttach{300};
  const auto until = std::chrono::steady_clock::now() + kLongest;
  while (broadcaster.gateways() == 0 && std::chrono::steady_clock::now() < until && !signal.pending())
    std::this_thread::sleep_for(milliseconds(10));
  if (broadcaster.gateways() > 0) std::this_thread::sleep_for(kToAttach);
}

// Nothing of the log has been folded into this state.
bool begins_anew(const fold::Pipeline& pipeline) {
  return std::ranges::all_of(pipeline.partitions(), [&](std::uint32_t partition) {
    return pipeline.progress(partition).next.load(std::memory_order_relaxed) == 0;
  });
}

// Those that keep no state need a directory only for a secret of their own making.
std::expected<void, std::string> make_secret_dir(const Options& options) {
  const auto development = development_mode(options);
  if (!options.auth.secret_file.empty() || (development && !*development)) return {};
  return make_data_dir(options);
}

}  // namespace

int run_projector(const Options& options) {
  runtime::StopSignal signal;
  const runtime::SystemClock clock;
  runtime::Metrics metrics;
  if (auto made = make_data_dir(options); !made) return fail(made.error());
  const auto secret = internal_secret(options);
  if (!secret) return fail(secret.error());
  const auto opened = open_log(options, "parley.projectors", Begins::LeavesIt);
  if (!opened) return fail(opened.error());
  const auto keys = open_keys(options, *opened, keys::Access::Reading);
  if (!keys) return fail(keys.error());

  projector::TouchedQueue touched(opened->control.partitions, searches(options));
  projector::ReadTables tables(&touched);
  const auto pipeline =
      fold::Pipeline::open(*opened->log, opened->control, pipeline_options(options, opened->control, **keys), &tables, nullptr);
  if (!pipeline) return fail(pipeline.error());
  auto searching = Searching::open(options, **pipeline, touched, metrics);
  if (!searching) return fail(searching.error());
  projector::LocalReadModel reads(**pipeline, {.threads = options.state.read_threads}, searching->reads());
  measure(**pipeline, metrics);
  measure((*keys)->table(), metrics);
  Status status(metrics);
  status.check("log", [&log = *opened->log] { return log.healthy(); });
  status.check("key_table", [&keys] { return (*keys)->healthy(); });
  status.check("state",
               [&pipeline, &options] { return (*pipeline)->healthy() && (*pipeline)->lag() <= options.state.max_lag; });

  Front front(options, 1, {}, clock, metrics);
  status.serve(front.door(0));
  if (auto listening = front.listen(); !listening) return fail(listening.error());
  service::ReadModelService service(reads);
  service::GrpcServer grpc(*secret);
  const auto port = grpc.start(options.peers.grpc_listen, {&service});
  if (!port) return fail(port.error());
  spdlog::info("read models are served on port {}", *port);

  (*pipeline)->start();
  if (catch_up(**pipeline, signal)) {
    searching->start();
    front.run(signal);
  }
  grpc.stop(front.drain_left());
  front.stop();
  (*pipeline)->stop();
  searching->stop();
  opened->log->close(front.drain_left());
  return 0;
}

int run_broadcaster(const Options& options) {
  runtime::StopSignal signal;
  const runtime::SystemClock clock;
  runtime::Metrics metrics;
  if (auto made = make_data_dir(options); !made) return fail(made.error());
  const auto secret = internal_secret(options);
  if (!secret) return fail(secret.error());
  const auto opened = open_log(options, "parley.broadcasters", Begins::LeavesIt);
  if (!opened) return fail(opened.error());
  const auto keys = open_keys(options, *opened, keys::Access::Reading);
  if (!keys) return fail(keys.error());

  broadcaster::Broadcaster broadcaster(opened->control.partitions, metrics);
  const auto pipeline = fold::Pipeline::open(*opened->log, opened->control, pipeline_options(options, opened->control, **keys),
                                             nullptr, &broadcaster);
  if (!pipeline) return fail(pipeline.error());
  broadcaster.run_on(**pipeline);
  broadcaster::Presence presence(broadcaster, milliseconds(options.presence.grace_ms), clock, metrics);
  measure(**pipeline, metrics);
  measure((*keys)->table(), metrics);
  Status status(metrics);
  status.check("log", [&log = *opened->log] { return log.healthy(); });
  status.check("key_table", [&keys] { return (*keys)->healthy(); });
  status.check("state",
               [&pipeline, &options] { return (*pipeline)->healthy() && (*pipeline)->lag() <= options.state.max_lag; });

  Front front(options, 1, {}, clock, metrics);
  status.serve(front.door(0));
  if (auto listening = front.listen(); !listening) return fail(listening.error());
  const bool anew = begins_anew(**pipeline);
  const auto fold = [&] {
    (*pipeline)->start();
    return catch_up(**pipeline, signal);
  };
  bool caught_up = anew && fold();  // before there is anyone to tell what was told long ago
  service::GatewayService service(presence);
  service::GrpcServer grpc(*secret);
  const auto port = grpc.start(options.peers.grpc_listen, {&service});
  if (!port) return fail(port.error());
  spdlog::info("gateways are served on port {}", *port);
  if (!anew) {
    await_gateways(broadcaster, signal);
    caught_up = fold();
  }
  if (caught_up) front.run(signal);
  (*pipeline)->stop();  // first: what was folded is told, so that who goes on from here has missed nothing
  grpc.stop(front.drain_left());
  front.stop();
  opened->log->close(front.drain_left());
  return 0;
}

int run_ingest(const Options& options) {
  runtime::StopSignal signal;
  const runtime::SystemClock clock;
  runtime::Metrics metrics;
  if (auto made = make_secret_dir(options); !made) return fail(made.error());
  const auto policy = token_policy(options);
  if (!policy) return fail(policy.error());
  const auto secret = internal_secret(options);
  if (!secret) return fail(secret.error());
  const auto opened = open_log(options, "", Begins::AtOnce);
  if (!opened) return fail(opened.error());
  auto& log = *opened->log;
  const auto keys = open_keys(options, *opened, keys::Access::Writing);
  if (!keys) return fail(keys.error());

  service::RemoteBroadcast broadcast({.target = options.peers.broadcaster, .secret = *secret, .keepalive = {}});
  service::RemoteReadModel reads({.target = options.peers.read_model, .secret = *secret, .keepalive = {}});
  measure((*keys)->table(), metrics);
  Status status(metrics);
  status.check("log", [&log] { return log.healthy(); });
  status.check("key_table", [&keys] { return (*keys)->healthy(); });
  status.check("broadcaster", [&broadcast] { return broadcast.connected(); });
  const runtime::SteadyClock steady;
  const auto gate = rate_gate(options, steady, metrics);
  Front front(options, shard_count(options), policy->verifier, clock, metrics, gate.get());
  front.add_checks(status);
  ingest::Ingest ingest(front.shards(), log, **keys, identity_of(opened->control), broadcast, reads, clock, metrics,
                        ingest_options(options, policy->verifier, policy->development, gate.get()));
  query_api::QueryApi query(reads, {.position_wait = milliseconds(options.listen.position_wait_ms)});  // for dialects
  for (std::size_t shard = 0; shard < front.shards().size(); ++shard) {
    ingest.serve(shard, front.door(shard));
    query.serve_inside(front.door(shard));
    query.serve_dialects(front.door(shard), dialect_options(options, policy->development), clock);
    status.serve(front.door(shard));
  }
  if (auto listening = front.listen(); !listening) return fail(listening.error());
  ingest.connect();
  front.run(signal);
  ingest.disconnect();
  (*keys)->close(front.drain_left());
  log.close(front.drain_left());
  front.stop([&reads] { reads.stop(); });
  return 0;
}

int run_query_api(const Options& options) {
  runtime::StopSignal signal;
  const runtime::SystemClock clock;
  runtime::Metrics metrics;
  if (auto made = make_secret_dir(options); !made) return fail(made.error());
  const auto policy = token_policy(options);
  if (!policy) return fail(policy.error());
  const auto secret = internal_secret(options);
  if (!secret) return fail(secret.error());
  service::RemoteReadModel reads({.target = options.peers.read_model, .secret = *secret, .keepalive = {}});
  Status status(metrics);
  status.check("read_model", [&reads] { return reads.reachable(); });
  const auto uploads = upload_desk(options, clock, metrics);
  if (!uploads) return fail(uploads.error());
  query_api::QueryApi query(reads, {.position_wait = milliseconds(options.listen.position_wait_ms)}, uploads->get());
  const runtime::SteadyClock steady;
  const auto gate = rate_gate(options, steady, metrics);
  Front front(options, shard_count(options), policy->verifier, clock, metrics, gate.get());
  front.add_checks(status);
  for (std::size_t shard = 0; shard < front.shards().size(); ++shard) {
    query.serve(front.door(shard));
    query.serve_dialects(front.door(shard), dialect_options(options, policy->development), clock);
    status.serve(front.door(shard));
  }
  if (auto listening = front.listen(); !listening) return fail(listening.error());
  front.run(signal);
  front.stop([&reads] { reads.stop(); });
  return 0;
}

}  // namespace parley::app
