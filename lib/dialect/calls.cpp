#include "dialect/calls.hpp"

#include <algorithm>

#include "api/path_pattern.hpp"

namespace parley::dialect {

namespace asio = boost::asio;

namespace {

// A page of another origin reads that it is none of those.
std::string granted_origin(const Dialect& dialect, const std::string* origin, bool is_listed) {
  if (dialect.cors_origins.empty()) return "*";
  const bool is_granted =
      origin != nullptr && (is_listed || std::ranges::find(dialect.cors_origins, *origin) != dialect.cors_origins.end());
  return is_granted ? *origin : std::string(dialect.cors_origins.front());
}

}  // namespace

std::optional<Calls::Found> Calls::find(std::string_view method, std::string_view path) const {
  for (const auto* dialect : dialects_)
    for (const auto& route : dialect->routes)
      if ((method.empty() || route.method == method) && api::fits(route.pattern, path)) return Found{dialect, &route};
  return std::nullopt;
}

std::vector<std::string> Calls::methods_at(std::string_view path) const {
  std::vector<std::string> methods;
  for (const auto* dialect : dialects_)
    for (const auto& route : dialect->routes)
      if (api::fits(route.pattern, path) && std::ranges::find(methods, route.method) == methods.end())
        methods.emplace_back(route.method);
  return methods;
}

std::optional<std::string> Calls::token_of(const net::HttpRequest& request) const {
  const auto found = find(request.method, request.path());
  return found ? found->dialect->token_of(request) : std::nullopt;
}

bool Calls::allows_origin(const net::HttpRequest& request) const {
  const auto found = find({}, request.path());
  return found && found->dialect->cors_any;
}

net::HttpResponse Calls::preflight(const net::HttpRequest& request, const std::vector<std::string>& all, bool is_listed) const {
  const auto& dialect = *find({}, request.path())->dialect;
  std::string methods(dialect.cors_methods);
  if (methods.empty()) {
    for (const auto& method : all) methods += method + ", ";
    methods += "OPTIONS";
  }
  net::HttpResponse response{.status = 204};
  response.headers.emplace_back("Access-Control-Allow-Methods", methods);
  response.headers.emplace_back("Access-Control-Allow-Headers", dialect.cors_headers);
  if (!dialect.cors_any) return response;
  response.headers.emplace_back("Access-Control-Allow-Origin", granted_origin(dialect, request.header("Origin"), is_listed));
  if (!dialect.cors_origins.empty()) response.headers.emplace_back("Vary", "Origin");
  if (dialect.cors_credentials) response.headers.emplace_back("Access-Control-Allow-Credentials", "true");
  return response;
}

std::expected<std::optional<auth::Identity>, std::string> Calls::authenticate(const Found& found,
                                                                              const net::HttpRequest& request) {
  const auto& dialect = *found.dialect;
  const auto token = dialect.token_of(request);
  if (!token) {
    const bool is_taken =
        !found.route->needs_token || (dialect.trusts_development && options_.development && door_.origin_is_listed(request));
    if (is_taken) return std::nullopt;
    return std::unexpected("a token is needed");
  }
  auto identity = door_.verify(*token, options_.claim(dialect.name, dialect.user_claim));
  if (!identity) return std::unexpected(std::string(auth::describe(identity.error())));
  return std::move(*identity);
}

net::HttpResponse Calls::deny(const Found& found, const net::HttpRequest& request, const runtime::TraceContext& trace,
                              std::string_view why, net::HttpResponse native) const {
  const auto& dialect = *found.dialect;
  if (dialect.denied == nullptr) return native.status == 401 ? dialect.unauthenticated(why) : std::move(native);
  auto response = dialect.denied({native.status, why, request, trace.trace_id(), clock_});
  for (auto& [name, value] : native.headers)
    if (!net::same_header_name(name, "Content-Type")) response.headers.emplace_back(std::move(name), std::move(value));
  return response;
}

asio::awaitable<net::HttpResponse> Calls::handle(net::HttpRequest request, runtime::TraceContext trace, api::Visit& visit) {
  const auto found = *find(request.method, request.path());
  const auto& dialect = *found.dialect;
  visit.asks(found.route->asks);
  net::HttpResponse response;
  auto identity = authenticate(found, request);
  auto params = api::params_of(found.route->pattern, request.path());
  auto query = net::parse_query(request.query());
  if (!identity) {
    response = deny(found, request, trace, identity.error(), {.status = 401});
  } else if (auto refused = visit.charge(*identity ? &(*identity)->user.text : nullptr, trace.trace_id())) {
    response = deny(found, request, trace, "too many requests", std::move(*refused));
  } else if (!params || !query) {
    response = deny(found, request, trace, "broken percent-encoding", text_answer(400, "broken percent-encoding"));
  } else {
    auto body = parse_json(request.body).value_or(nullptr);
    const bool is_named = identity->has_value();
    Call call{.request = std::move(request),
              .params = std::move(*params),
              .query = std::move(*query),
              .body = std::move(body),
              .native = {door_, std::move(*identity).value_or(auth::Identity{}), trace},
              .trace_id = trace.trace_id(),
              .is_named = is_named,
              .clock = clock_};
    call.native.comes_from(call.request);
    response = co_await found.route->answer(call);
  }
  if (dialect.cors_any) response.headers.emplace_back("Access-Control-Allow-Origin", "*");
  if (dialect.finish != nullptr) dialect.finish(response);
  co_return response;
}

boost::asio::awaitable<net::Taken> Calls::upgrade(const net::HttpRequest& /*request*/, api::Visit& /*visit*/) {
  co_return std::unexpected(text_answer(404, "there is no WebSocket here"));
}

}  // namespace parley::dialect
