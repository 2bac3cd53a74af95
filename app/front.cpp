#include "app/front.hpp"

#include <cstdio>
#include <filesystem>
#include <string_view>

#include "auth/http_get.hpp"
#include "runtime/descriptors.hpp"
#include "runtime/log.hpp"

namespace parley::app {

using std::chrono::milliseconds;

namespace {

api::DoorOptions door_options(const Options& options) {
  return {.allowed_origins = split_list(options.listen.allowed_origins),
          .operators = split_list(options.auth.operators),
          .key_wait = milliseconds(options.auth.jwks.wait_ms)};
}

// Null: no issuer is named.
std::unique_ptr<auth::KeyRing> key_ring(const JwksOptions& jwks, runtime::Metrics& metrics) {
  if (jwks.url.empty()) return nullptr;
  const auto fetch = [get = auth::HttpGetOptions{.url = jwks.url,
                                                 .ca_file = jwks.ca_file,
                                                 .timeout = milliseconds(jwks.timeout_ms),
                                                 .max_bytes = jwks.max_bytes}](const std::stop_token& stop) {
    return auth::http_get(get, stop);
  };
  return std::make_unique<auth::KeyRing>(
      fetch, auth::KeyRingOptions{.refresh = milliseconds(jwks.refresh_ms), .cooldown = milliseconds(jwks.cooldown_ms)},
      metrics);
}

// What whoever runs it may not have meant.
void warn_of(const AuthOptions& auth) {
  const auto& url = auth.jwks.url;
  if (url.empty()) return;
  if (auth.issuer.empty()) spdlog::warn("without --auth-issuer a token that the published keys signed may be of any issuer");
  if (auth.audience.empty()) spdlog::warn("without --auth-audience a token that was made for another application is taken too");
  constexpr std::string_view kPlain = "http://";
  if (!url.starts_with(kPlain)) return;
  if (const auto host = url.substr(kPlain.size(), url.find_first_of("/?#", kPlain.size()) - kPlain.size()); !is_loopback(host))
    spdlog::warn("the issuer's keys come from {} unencrypted: who can change them on the way can sign any token", host);
}

// What is not for connections: the files of state, index and log, brokers, threads, and what is over the limit while it is
// told so. Of few descriptors it is three quarters.
constexpr std::uint64_t kOtherDescriptors = 1024;

// As many as there are descriptors for.
std::uint64_t max_connections(std::uint64_t wanted) {
  const auto all = runtime::descriptor_limit();
  const auto most = all - std::min(kOtherDescriptors, all / 4 * 3);
  if (most < wanted)
    spdlog::warn("at most {} connections at once, rather than {}: the process may have {} descriptors (ulimit -Hn)", most,
                 wanted, all);
  return std::min(most, wanted);
}

net::ServerLimits limits_of(const ListenOptions& l) {
  return {.max_header_bytes = l.max_header_bytes,
          .max_body_bytes = l.max_body_bytes,
          .max_connections = max_connections(l.max_connections),
          .header_timeout = milliseconds(l.header_timeout_ms),
          .body_timeout = milliseconds(l.body_timeout_ms),
          .write_timeout = milliseconds(l.write_timeout_ms),
          .keep_alive_timeout = milliseconds(l.keep_alive_timeout_ms),
          .websocket = {.max_message_bytes = l.max_frame_bytes,
                        .max_queued_bytes = l.socket_queue_bytes,
                        .ping_interval = milliseconds(l.ping_interval_ms),
                        .idle_timeout = milliseconds(l.idle_timeout_ms)}};
}

}  // namespace

std::size_t shard_count(const Options& options) {
  return options.listen.shards > 0 ? options.listen.shards : runtime::available_cpus();
}

Front::Front(const Options& options, std::size_t shards, auth::VerifierOptions tokens, const runtime::Clock& clock,
             runtime::Metrics& metrics, api::RateGate* gate)
    : options_(options),
      shards_(shards),
      keys_(key_ring(options.auth.jwks, metrics)),
      verifier_(std::move(tokens), keys_.get()) {
  warn_of(options.auth);
  doors_.reserve(shards);
  for (std::size_t i = 0; i < shards; ++i)
    doors_.push_back(std::make_unique<api::Door>(door_options(options), verifier_, clock, metrics, open_, gate));
}

void Front::add_checks(Status& status) const {
  if (keys_) status.check("keys", [this] { return keys_->keys() != nullptr; });
}

std::expected<void, std::string> Front::listen() {
  std::vector<net::Handler*> handlers;
  for (auto& door : doors_) handlers.push_back(door.get());
  auto server = net::Server::start(shards_, options_.listen.address, limits_of(options_.listen), std::move(handlers));
  if (!server) return std::unexpected(server.error());
  server_ = std::move(*server);
  shards_.start();
  return {};
}

void Front::run(runtime::StopSignal& signal) {
  open_ = true;
  std::printf("ready http://%s\n", server_->address().c_str());
  std::fflush(stdout);
  signal.wait();
  spdlog::info("stopping: what is open is drained, for at most {} ms", options_.listen.drain_timeout_ms);
  drain_until_ = std::chrono::steady_clock::now() + milliseconds(options_.listen.drain_timeout_ms);
  server_->stop(milliseconds(options_.listen.drain_timeout_ms));
}

milliseconds Front::drain_left() const {
  if (!drain_until_) return milliseconds(options_.listen.drain_timeout_ms);
  const auto left = std::chrono::duration_cast<milliseconds>(*drain_until_ - std::chrono::steady_clock::now());
  return std::max(left, milliseconds(0));
}

void Front::stop(const std::function<void()>& answer) {
  if (server_) server_->stop(milliseconds(0));
  if (keys_) keys_->stop();
  shards_.stop();
  answer();
  shards_.drop();
}

std::expected<TokenPolicy, std::string> token_policy(const Options& options, bool make_secret) {
  const auto& auth = options.auth;
  const auto development = development_mode(options);
  if (!development) return std::unexpected(development.error());
  TokenPolicy policy{.verifier = {}, .development = *development};
  policy.verifier = {.secret = {}, .issuer = auth.issuer, .audience = auth.audience, .user_claim = auth.user_claim};
  const bool given = !auth.secret_file.empty();
  if (!given && !policy.development) return policy;
  const auto file = given ? std::filesystem::path(auth.secret_file) : std::filesystem::path(options.data) / "secret";
  auto secret = auth::load_secret(file, make_secret && !given);
  if (!secret) return std::unexpected(secret.error());
  policy.verifier.secret = std::move(*secret);
  return policy;
}

}  // namespace parley::app
