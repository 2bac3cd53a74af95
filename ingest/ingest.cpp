#include "ingest/ingest.hpp"

#include "codec/client_fields.hpp"
#include "ingest/dialects/dialects.hpp"
#include "runtime/random.hpp"

namespace parley::ingest {

namespace {

constexpr std::string_view kProtocol = "parley.v1";
constexpr std::string_view kBatchProtocol = "parley.v1.batch";

// The first of a list that is known; empty: none is.
std::string_view known_protocol(std::string_view list) {
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    auto name = list.substr(0, comma);
    while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
    while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
    if (name == kProtocol) return kProtocol;
    if (name == kBatchProtocol) return kBatchProtocol;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return {};
}

// The first offered subprotocol that is known, on however many lines (RFC 6455, section 11.3.4); nothing offered is parley.v1
// without a header. None: only unknown ones.
std::optional<std::string_view> choose_protocol(const net::HttpRequest& request) {
  bool is_offered = false;
  for (const auto& [name, value] : request.headers) {
    if (!net::same_header_name(name, "Sec-WebSocket-Protocol")) continue;
    is_offered = true;
    if (const auto known = known_protocol(value); !known.empty()) return known;
  }
  return is_offered ? std::nullopt : std::optional(std::string_view{});
}

// ?resume=1
std::expected<bool, codec::InvalidInput> asks_to_resume(const net::HttpRequest& request) {
  const auto query = net::parse_query(request.query());
  if (!query) return std::unexpected(codec::wrong_field("query", "has a broken percent-encoding"));
  bool asks = false;
  for (const auto& [name, value] : *query) {
    if (name != "resume") continue;
    if (value != "1" && value != "0") return std::unexpected(codec::wrong_field("resume", "must be 1 or 0"));
    asks = value == "1";
  }
  return asks;
}

}  // namespace

Ingest::Ingest(runtime::Shards& shards, eventlog::EventLog& log, keys::KeyStore& keys, LogIdentity identity,
               service::Broadcast& broadcast, service::ReadModel& reads, const runtime::Clock& clock, runtime::Metrics& metrics,
               IngestOptions options)
    : gateway_(runtime::random_u64()),
      run_on_(shards),
      log_(log),
      keys_(keys),
      identity_(identity),
      broadcast_(broadcast),
      reads_(reads),
      clock_(clock),
      metrics_(metrics),
      options_(std::move(options)),
      writer_metrics_(metrics),
      hub_metrics_(metrics),
      tokens_(options_.auth, options_.development, clock),
      accounts_(options_.accounts
                    ? std::make_unique<Accounts>(*options_.accounts, options_.auth, reads, identity, clock, metrics)
                    : nullptr),
      hub_(shards, identity),
      operator_calls_(hub_),
      shards_(shards.size()) {}

void Ingest::serve(std::size_t index, api::Door& door) {
  auto& shard = shards_[index];
  const auto number = static_cast<std::uint32_t>(index);
  shard.writer = std::make_unique<Writer>(run_on_[index], number, gateway_, log_, identity_, clock_, options_.outcome_timeout,
                                          writer_metrics_, &keys_);
  if (index == 0)
    erasures_ = std::make_unique<Erasures>(run_on_[0], *shard.writer, keys_, identity_, metrics_, options_.erasures_look);
  erasures_->serve(door);
  shard.hub = std::make_unique<ShardHub>(number, identity_.partitions, gateway_, broadcast_, *shard.writer, clock_,
                                         hub_metrics_, options_.recent_bytes / shards_.size(), options_.session.queue_bytes);
  hub_.serve(index, *shard.hub);
  shard.sampler = std::make_unique<boost::asio::steady_timer>(run_on_[index]);
  shard.queued =
      &metrics_.gauge("parley_ingest_queued_bytes", "Bytes that wait for sockets to take them, as of the last second",
                      {{"shard", std::to_string(index)}});
  sample(shard);
  shard.writes = std::make_unique<HttpWrites>(*shard.writer);
  shard.resumes = std::make_unique<Turnstile>(options_.session.resumes_at_once);
  shard.services = std::make_unique<SessionServices>(
      SessionServices{*shard.hub, *shard.writer, reads_, door, clock_, identity_, options_.session, *shard.resumes});
  shard.writes->serve(door);
  tokens_.serve(door);
  accounts_ ? accounts_->serve(door, *shard.writer) : serve_no_accounts(door);
  operator_calls_.serve(door);
  door.admit(
      [this, &shard](const net::HttpRequest& request, auth::Identity who) { return admit(shard, request, std::move(who)); },
      [this](std::string_view ticket) { return tokens_.redeem(ticket); });
  serve_dialects(shard, door);
}

void Ingest::serve_dialects(Shard& shard, api::Door& door) {
  const auto& options = options_.dialects;
  shard.dialect_sockets = std::make_unique<dialects::Sockets>(
      dialects::speeches(options), options, *shard.services,
      [this](const net::HttpRequest& request, const core::UserId& user) { return allow(request, user); });
  shard.dialect_calls = std::make_unique<dialect::Calls>(dialects::writes(options), options, door, clock_);
  door.add(*shard.dialect_sockets);
  door.add(*shard.dialect_calls);
}

void Ingest::sample(Shard& shard) {
  shard.queued->set(static_cast<std::int64_t>(shard.hub->queued_bytes()));
  shard.sampler->expires_after(std::chrono::seconds(1));
  shard.sampler->async_wait([this, &shard](boost::system::error_code error) {
    if (!error) sample(shard);
  });
}

std::expected<std::unique_ptr<Allowance>, limit::Refusal> Ingest::allow(const net::HttpRequest& request,
                                                                        const core::UserId& user) {
  if (options_.gate == nullptr) return nullptr;
  auto caller = options_.gate->caller(request);
  caller.identify(user.text);
  auto place = caller.enter();
  if (!place) return std::unexpected(place.error());
  return std::make_unique<Allowance>(options_.gate->limits(), std::move(caller), std::move(*place));
}

net::Taken Ingest::admit(Shard& shard, const net::HttpRequest& request, auth::Identity identity) {
  const auto* header = request.header("traceparent");
  const auto trace = runtime::TraceContext::from(header == nullptr ? std::string_view{} : *header);
  const auto protocol = choose_protocol(request);
  if (!protocol)
    return std::unexpected(
        api::problem(codec::wrong_field("Sec-WebSocket-Protocol", "must be parley.v1 or parley.v1.batch"), trace.trace_id()));
  const auto resumes = asks_to_resume(request);
  if (!resumes) return std::unexpected(api::problem(resumes.error(), trace.trace_id()));
  auto allowance = allow(request, identity.user);
  if (!allowance) return std::unexpected(api::too_many(allowance.error(), trace.trace_id()));
  auto session =
      std::make_shared<Session>(*shard.services, std::move(identity), trace.traceparent(), *resumes, std::move(*allowance));
  return net::Upgrade{
      .subprotocol = std::string(*protocol),
      .batch = *protocol == kBatchProtocol,
      .session = [session](std::unique_ptr<net::WebSocket> socket) { return Session::run(session, std::move(socket)); }};
}

}  // namespace parley::ingest
