#include "api/door.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <cctype>

#include "api/foreign.hpp"
#include "api/key_wait.hpp"
#include "api/rate_gate.hpp"

namespace parley::api {

namespace asio = boost::asio;
using codec::Problem;

namespace {

constexpr std::string_view kExposed =
    "Parley-Position, Idempotency-Replayed, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset";
constexpr std::string_view kTakenHeaders =
    "Authorization, Content-Type, Idempotency-Key, If-Match, Parley-Min-Position, traceparent";

runtime::TraceContext trace_of(const net::HttpRequest& request) {
  const auto* header = request.header("traceparent");
  return runtime::TraceContext::from(header == nullptr ? std::string_view{} : *header);
}

std::optional<std::string> bearer_token(const net::HttpRequest& request) {
  const auto* header = request.header("Authorization");
  constexpr std::string_view kScheme = "bearer ";
  if (header == nullptr || header->size() <= kScheme.size()) return std::nullopt;
  const auto matches = std::ranges::equal(header->substr(0, kScheme.size()), kScheme,
                                          [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
  return matches ? std::optional(header->substr(kScheme.size())) : std::nullopt;
}

net::HttpResponse not_open(const std::string& trace_id) {
  return problem(Problem::NotCaughtUp, "the server is starting: it is catching up with the log", trace_id);
}

// Whose pages may read it.
bool tells_origins(const net::HttpResponse& response) {
  return std::ranges::any_of(
      response.headers, [](const auto& header) { return net::same_header_name(header.first, "Access-Control-Allow-Origin"); });
}

// Of what is asked without a token, making an account and logging in to one; the rest needs no log.
bool needs_the_log(const Found& found) {
  return found.needs_token || found.route == Route::CreateAccount || found.route == Route::CreateAccountToken;
}

bool is_for_this_machine(const Routed& routed) {
  const auto* found = std::get_if<Found>(&routed);
  return found != nullptr && found->route == Route::CreateDevToken;
}

// SCHEME://HOST or SCHEME://HOST:PORT, with the host's name or address.
bool is_on_loopback(std::string_view origin) {
  const auto scheme = origin.find("://");
  if (scheme == std::string_view::npos) return false;
  auto host = origin.substr(scheme + 3);
  if (host.starts_with('['))
    host = host.substr(1, host.find(']') - 1);
  else
    host = host.substr(0, host.find(':'));
  if (host == "localhost") return true;
  boost::system::error_code error;
  const auto address = asio::ip::make_address(host, error);
  return !error && address.is_loopback();
}

std::optional<std::string> query_value(const net::HttpRequest& request, std::string_view name) {
  const auto pairs = net::parse_query(request.query());
  if (!pairs) return std::nullopt;
  for (const auto& [key, value] : *pairs)
    if (key == name) return value;
  return std::nullopt;
}

}  // namespace

Door::Door(DoorOptions options, const auth::Verifier& verifier, const runtime::Clock& clock, runtime::Metrics& metrics,
           const std::atomic<bool>& open, RateGate* gate)
    : options_(std::move(options)), verifier_(verifier), clock_(clock), open_(open), gate_(gate) {
  for (std::size_t i = 0; i < by_class_.size(); ++i)
    by_class_[i] = &metrics.counter("parley_http_requests_total", "HTTP requests by the hundreds of their status",
                                    {{"status", std::to_string(i) + "xx"}});
  for (std::size_t i = 0; i < refused_.size(); ++i)
    refused_[i] = &metrics.counter("parley_auth_refused_total", "Tokens refused, by why",
                                   {{"reason", std::string(auth::name(static_cast<auth::TokenError>(i)))}});
}

std::expected<auth::Identity, auth::TokenError> Door::verify(const std::string& token, std::string_view user_claim) {
  auto identity = look_up(token, user_claim);
  if (!identity) refused_[static_cast<std::size_t>(identity.error())]->add();
  return identity;
}

void Door::forget_verified() {
  verified_.clear();
  verified_bytes_ = 0;
}

// A token is remembered until it expires, or until the issuer has other keys: one may have been withdrawn.
std::expected<auth::Identity, auth::TokenError> Door::look_up(const std::string& token, std::string_view user_claim) {
  const auto generation = verifier_.keys() == nullptr ? 0 : verifier_.keys()->generation();
  if (std::exchange(verified_with_, generation) != generation) forget_verified();
  const auto now = clock_.now_ms();
  auto remembered = std::string(user_claim) + '\n' + token;
  if (const auto it = verified_.find(remembered); it != verified_.end()) {
    if (now < it->second.expires_at_ms) return it->second;
    verified_bytes_ -= remembered.size();
    verified_.erase(it);
  }
  auto identity = verifier_.verify(token, now, user_claim);
  if (!identity) return identity;
  if (std::ranges::find(options_.operators, identity->user.text) != options_.operators.end()) identity->is_operator = true;
  if (verified_.size() >= kCachedTokens || verified_bytes_ + remembered.size() > kCachedBytes) forget_verified();
  verified_bytes_ += remembered.size();
  verified_.emplace(std::move(remembered), *identity);
  return identity;
}

// Twice if need be: the first fetch may have been under way when the key was published.
asio::awaitable<void> Door::await_key(std::string token) {
  using std::chrono::steady_clock;
  auto* keys = verifier_.keys();
  if (keys == nullptr) co_return;
  const auto until = steady_clock::now() + options_.key_wait;
  for (int fetches = 0; fetches < 2; ++fetches) {
    const auto identity = look_up(token);
    if (identity || identity.error() != auth::TokenError::UnknownKey) co_return;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - steady_clock::now());
    co_await await_fetch(keys, std::max(left, std::chrono::milliseconds(0)));
  }
}

// Of several at the path the first that takes the method, else the first.
Foreign* Door::foreign_at(const Routed& routed, const net::HttpRequest& request) const {
  Foreign* first = nullptr;
  if (!std::holds_alternative<NoRoute>(routed)) return first;
  for (auto* foreign : foreign_) {
    if (!foreign->is_at(request.path())) continue;
    const auto methods = foreign->methods_at(request.path());
    if (std::ranges::find(methods, request.method) != methods.end()) return foreign;
    if (first == nullptr) first = foreign;
  }
  return first;
}

std::vector<std::string> Door::foreign_methods(std::string_view path) const {
  std::vector<std::string> methods;
  for (const auto* foreign : foreign_)
    for (auto& method : foreign->methods_at(path))
      if (std::ranges::find(methods, method) == methods.end()) methods.push_back(std::move(method));
  return methods;
}

bool Door::may_come(const net::HttpRequest& request, const Foreign* foreign) const {
  return origin_is_listed(request) || (foreign != nullptr && foreign->allows_origin(request));
}

std::expected<auth::Identity, net::HttpResponse> Door::authenticate(const net::HttpRequest& request,
                                                                    const std::string& trace_id) {
  const auto token = bearer_token(request);
  if (!token) return Refused(problem(Problem::Unauthenticated, "a token is needed: Authorization: Bearer <token>", trace_id));
  auto identity = verify(*token);
  if (!identity) return Refused(problem(Problem::Unauthenticated, auth::describe(identity.error()), trace_id));
  return std::move(*identity);
}

std::expected<auth::Identity, net::HttpResponse> Door::authenticate_socket(const net::HttpRequest& request,
                                                                           const std::string& trace_id) {
  const auto ticket = query_value(request, "ticket");
  if (!ticket || request.header("Authorization") != nullptr) return authenticate(request, trace_id);
  auto identity = redeem_(*ticket);
  if (!identity) return Refused(problem(Problem::Unauthenticated, "the ticket is unknown, used or expired", trace_id));
  return std::move(*identity);
}

// No Origin is a client that is no browser; the same origin is the page that this server's own host serves.
bool Door::origin_is_listed(const net::HttpRequest& request) const {
  const auto* origin = request.header("Origin");
  if (origin == nullptr) return true;
  const auto* host = request.header("Host");
  const auto scheme_end = origin->find("://");
  if (host != nullptr && scheme_end != std::string::npos && origin->substr(scheme_end + 3) == *host) return true;
  return is_allowed(*origin);
}

bool Door::is_allowed(const std::string& origin) const {
  return std::ranges::any_of(options_.allowed_origins,
                             [&](const auto& allowed) { return allowed == "*" || allowed == origin; });
}

bool Door::comes_from_here(const net::HttpRequest& request) const {
  const auto* origin = request.header("Origin");
  return origin == nullptr || is_on_loopback(*origin) || is_allowed(*origin);
}

void Door::add_cors(const std::string& origin, net::HttpResponse& response) const {
  response.headers.emplace_back("Access-Control-Allow-Origin", origin);
  response.headers.emplace_back("Access-Control-Expose-Headers", kExposed);
  response.headers.emplace_back("Vary", "Origin");
}

net::HttpResponse Door::preflight(const net::HttpRequest& request) const {
  auto response = no_content();
  const auto routed = find_route("OPTIONS", request.path());
  if (const auto* methods = std::get_if<WrongMethod>(&routed)) {
    response.headers.emplace_back("Allow", methods->allow);
    response.headers.emplace_back("Access-Control-Allow-Methods", methods->allow);
    response.headers.emplace_back("Access-Control-Allow-Headers", kTakenHeaders);
    response.headers.emplace_back("Access-Control-Max-Age", "600");
    return response;
  }
  return problem(Problem::NotFound, "there is nothing here", trace_of(request).trace_id());
}

asio::awaitable<net::HttpResponse> Door::handle(net::HttpRequest request) {
  const auto trace = trace_of(request);
  const auto* origin_header = request.header("Origin");
  const auto origin = origin_header == nullptr ? std::string{} : *origin_header;
  net::HttpResponse response;
  auto routed = find_route(request.method, request.path());
  auto* const foreign = foreign_at(routed, request);
  const bool is_listed = origin_is_listed(request);
  if (!may_come(request, foreign) || (is_for_this_machine(routed) && !comes_from_here(request))) {
    response = problem(Problem::Forbidden, "this origin is not allowed", trace.trace_id());
    count(response.status);
    co_return response;
  }
  Visit visit(gate_, request, routed);
  if (auto refused = visit.look(trace.trace_id())) {
    response = std::move(*refused);
  } else if (foreign != nullptr) {
    response = co_await ask(*foreign, std::move(request), trace, visit);
  } else if (request.method == "OPTIONS") {
    response = preflight(request);
  } else if (auto* found = std::get_if<Found>(&routed); found != nullptr && needs_the_log(*found) && !open_) {
    response = not_open(trace.trace_id());
  } else if (found != nullptr) {
    if (found->needs_token && verifier_.keys() != nullptr) co_await await_key(bearer_token(request).value_or(""));
    auto identity = found->needs_token ? authenticate(request, trace.trace_id()) : auth::Identity{};
    const auto& answer = answers_[static_cast<std::size_t>(found->route)];
    const auto* user = found->needs_token && identity ? &identity->user.text : nullptr;
    if (!identity)
      response = std::move(identity.error());
    else if (auto too_much = visit.charge(user, trace.trace_id()))
      response = std::move(*too_much);
    else if (found->for_operators && !identity->is_operator)
      response = problem(Problem::Forbidden, "for operators only", trace.trace_id());
    else if (answer)
      response = co_await answer(Call{std::move(request), found->route, std::move(found->params), std::move(*identity), trace});
    else if (found->route == Route::WebSocket)
      response = problem(codec::wrong_field("Upgrade", "this path takes WebSocket upgrades"), trace.trace_id());
    else
      response = problem(Problem::NotFound, "there is nothing here", trace.trace_id());
  } else if (auto* wrong = std::get_if<WrongMethod>(&routed)) {
    response = problem(Problem::MethodNotAllowed, "this path does not take that method", trace.trace_id());
    response.headers.emplace_back("Allow", std::move(wrong->allow));
  } else if (std::holds_alternative<BadEncoding>(routed)) {
    response = problem(codec::wrong_field("path", "its percent-encoding is broken"), trace.trace_id());
  } else {
    response = problem(Problem::NotFound, "there is nothing here", trace.trace_id());
  }
  visit.end(response);
  if (!origin.empty() && is_listed && !tells_origins(response)) add_cors(origin, response);
  count(response.status);
  co_return response;
}

// A socket's path may be asked for without an upgrade.
asio::awaitable<net::HttpResponse> Door::ask(Foreign& foreign, net::HttpRequest request, runtime::TraceContext trace,
                                             Visit& visit) {
  if (!open_) co_return not_open(trace.trace_id());
  const auto allowed = foreign_methods(request.path());
  if (request.method == "OPTIONS") co_return foreign.preflight(request, allowed, origin_is_listed(request));
  if (allowed.empty()) co_return problem(Problem::NotFound, "there is nothing here", trace.trace_id());
  if (std::ranges::find(allowed, request.method) == allowed.end()) {
    auto response = problem(Problem::MethodNotAllowed, "this path does not take that method", trace.trace_id());
    std::string methods;
    for (const auto& method : allowed) methods += method + ", ";
    response.headers.emplace_back("Allow", methods + "OPTIONS");
    co_return response;
  }
  if (verifier_.keys() != nullptr)
    if (auto token = foreign.token_of(request)) co_await await_key(std::move(*token));
  co_return co_await foreign.handle(std::move(request), trace, visit);
}

asio::awaitable<net::HttpResponse> Door::dispatch(net::HttpRequest request, auth::Identity caller,
                                                  runtime::TraceContext trace) {
  auto routed = find_route(request.method, request.path());
  auto* found = std::get_if<Found>(&routed);
  if (found == nullptr) co_return problem(Problem::NotFound, "there is nothing here", trace.trace_id());
  const auto index = static_cast<std::size_t>(found->route);
  const auto& answer = answers_[index] ? answers_[index] : inside_[index];
  if (!answer) co_return problem(Problem::NotFound, "there is nothing here", trace.trace_id());
  if (found->needs_token && caller.user.text.empty())
    co_return problem(Problem::Unauthenticated, "nobody is calling", trace.trace_id());
  if (found->for_operators && !caller.is_operator)
    co_return problem(Problem::Forbidden, "for operators only", trace.trace_id());
  const bool from_inside = request.remote.empty();
  co_return co_await answer(
      Call{std::move(request), found->route, std::move(found->params), std::move(caller), trace, from_inside});
}

asio::awaitable<net::Taken> Door::upgrade(const net::HttpRequest& request) {
  auto taken = co_await take_socket(request);
  count(taken ? 101 : taken.error().status);
  co_return taken;
}

asio::awaitable<net::Taken> Door::take_socket(const net::HttpRequest& request) {
  const auto trace_id = trace_of(request).trace_id();
  const auto routed = find_route(request.method, request.path());
  auto* const foreign = foreign_at(routed, request);
  if (!may_come(request, foreign)) co_return Refused(problem(Problem::Forbidden, "this origin is not allowed", trace_id));
  Visit visit(gate_, request, routed);
  visit.asks(limit::Asks::Command);
  if (auto refused = visit.look(trace_id)) co_return Refused(std::move(*refused));
  const auto* found = std::get_if<Found>(&routed);
  const bool is_here = foreign != nullptr || (found != nullptr && found->route == Route::WebSocket && admit_);
  net::Taken taken = Refused(is_here ? not_open(trace_id) : problem(Problem::NotFound, "there is no WebSocket here", trace_id));
  if (is_here && open_) {
    if (verifier_.keys() != nullptr)
      co_await await_key((foreign != nullptr ? foreign->token_of(request) : bearer_token(request)).value_or(""));
    if (foreign != nullptr)
      taken = co_await foreign->upgrade(request, visit);
    else
      taken = take_own_socket(request, visit, trace_id);
  }
  if (!taken) visit.end(taken.error());
  co_return taken;
}

net::Taken Door::take_own_socket(const net::HttpRequest& request, Visit& visit, const std::string& trace_id) {
  auto identity = authenticate_socket(request, trace_id);
  if (!identity) return Refused(std::move(identity.error()));
  if (auto refused = visit.charge(&identity->user.text, trace_id)) return Refused(std::move(*refused));
  return admit_(request, std::move(*identity));
}

net::HttpResponse Door::refuse(unsigned status, std::string_view detail) {
  count(status);
  const auto what = status == 413   ? Problem::PayloadTooLarge
                    : status == 429 ? Problem::RateLimited
                    : status == 500 ? Problem::Internal
                                    : Problem::InvalidArgument;
  return problem(what, detail, runtime::TraceContext::make().trace_id(), status);
}

}  // namespace parley::api
