#include "ingest/dialects/sockets.hpp"

#include <algorithm>

#include "dialect/calls.hpp"

namespace parley::ingest::dialects {

namespace asio = boost::asio;

namespace {

Handshake handshake_of(const net::HttpRequest& request) {
  using Query = std::vector<std::pair<std::string, std::string>>;
  return {request, net::parse_query(request.query()).value_or(Query{})};
}

// A conversation whose socket is being opened. That may fail: then there is none.
struct Opening {
  Opening(std::shared_ptr<Talk> begun, Handshake said) : talk(std::move(begun)), handshake(std::move(said)) {}
  ~Opening() {
    if (talk) talk->hang_up();
  }
  Opening(const Opening&) = delete;
  Opening& operator=(const Opening&) = delete;
  std::shared_ptr<Talk> talk;
  Handshake handshake;
};

// A socket that is told one thing, and closed.
asio::awaitable<void> tell_and_close(std::string_view why, std::unique_ptr<net::WebSocket> socket) {
  socket->send(net::make_frame(why));
  socket->close(static_cast<std::uint16_t>(1008), why);
  while (co_await socket->read()) {
  }
}

}  // namespace

bool Sockets::is_at(std::string_view path) const {
  return !speeches_.empty() && (path == "/" || path == "/dev" || path == "/prod");
}

const Speech* Sockets::meant(const Handshake& handshake) const {
  const auto it = std::ranges::find_if(speeches_, [&](const Speech* speech) { return speech->is_meant(handshake); });
  return it == speeches_.end() ? nullptr : *it;
}

std::optional<std::string> Sockets::token_of(const net::HttpRequest& request) const {
  const auto handshake = handshake_of(request);
  const auto* speech = meant(handshake);
  return speech == nullptr ? std::nullopt : speech->token_of(handshake);
}

bool Sockets::allows_origin(const net::HttpRequest& request) const {
  const auto* origin = request.header("Origin");
  const auto* speech = meant(handshake_of(request));
  if (origin == nullptr || speech == nullptr) return false;
  return std::ranges::find(speech->page_origins(), *origin) != speech->page_origins().end();
}

net::HttpResponse Sockets::preflight(const net::HttpRequest& /*request*/, const std::vector<std::string>& /*methods*/,
                                     bool /*is_listed*/) const {
  return {.status = 204};
}

asio::awaitable<net::HttpResponse> Sockets::handle(net::HttpRequest /*request*/, runtime::TraceContext trace,
                                                   api::Visit& /*visit*/) {
  co_return api::problem(codec::Problem::NotFound, {}, trace.trace_id());
}

net::Taken Sockets::turn_away(std::string why, api::Visit& visit, const std::string& trace_id) {
  if (auto refused = visit.charge(nullptr, trace_id)) return std::unexpected(std::move(*refused));
  return net::Upgrade{.session = [why = std::move(why)](std::unique_ptr<net::WebSocket> socket) {
    return tell_and_close(why, std::move(socket));
  }};
}

asio::awaitable<net::Taken> Sockets::upgrade(const net::HttpRequest& request, api::Visit& visit) {
  const auto* header = request.header("traceparent");
  const auto trace = runtime::TraceContext::from(header == nullptr ? std::string_view{} : *header);
  auto handshake = handshake_of(request);
  const auto* speech = meant(handshake);
  if (speech == nullptr)
    co_return std::unexpected(api::problem(codec::Problem::NotFound, "there is no WebSocket here", trace.trace_id()));
  if (auto refusal = speech->refusal(handshake); !refusal.empty())
    co_return turn_away(std::move(refusal), visit, trace.trace_id());
  const auto token = speech->token_of(handshake);
  if (!token) co_return std::unexpected(speech->unauthenticated("a token is needed"));
  auto& door = commons_.services.door;
  auto identity = door.verify(*token, options_.claim(speech->name(), speech->user_claim()));
  if (!identity) {
    const auto why = auth::describe(identity.error());
    auto refusal = speech->refusal_of_token(why);
    if (refusal.empty()) co_return std::unexpected(speech->unauthenticated(why));
    co_return turn_away(std::move(refusal), visit, trace.trace_id());
  }
  if (auto refused = visit.charge(&identity->user.text, trace.trace_id())) co_return std::unexpected(std::move(*refused));
  if (speech->needs_profile()) {
    dialect::Native native(door, *identity, trace);
    const auto himself = co_await native.get("/v1/users/me");
    if (himself.ok() && himself.body["created_at"].is_null())
      co_return std::unexpected(speech->unauthenticated("an unknown user"));
  }
  auto allowance = allow_(request, identity->user);
  if (!allowance) co_return std::unexpected(api::too_many(allowance.error(), trace.trace_id()));
  auto opening = std::make_shared<Opening>(
      std::make_shared<Talk>(*speech, commons_, std::move(*identity), trace, std::move(*allowance)), std::move(handshake));
  co_return net::Upgrade{.session =
                             [opening](std::unique_ptr<net::WebSocket> socket) {
                               return Talk::run(std::move(opening->talk), std::move(opening->handshake), std::move(socket));
                             },
                         .idle_timeout = speech->idle_timeout(),
                         .prepare = [opening] { return Talk::prepare(opening->talk); }};
}

}  // namespace parley::ingest::dialects
