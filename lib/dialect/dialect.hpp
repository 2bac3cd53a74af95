// Another chat system's HTTP calls as a table: where each is, and the translation that answers it.
//
// A dialect has no rule, no storage and no state: what it does is done by calls of the public contract (native.hpp), and what
// it says is made of their answers. Concurrency: constant; its functions run on the shard of the door that was asked.
#pragma once

#include <span>

#include "dialect/native.hpp"
#include "limit/limits.hpp"

namespace parley::dialect {

// A call at its route.
struct Call {
  net::HttpRequest request;
  std::vector<std::string> params;                         // decoded, in order
  std::vector<std::pair<std::string, std::string>> query;  // decoded
  Json body;                                               // what was sent; null: nothing, or no JSON
  Native native;                                           // as who is calling
  std::string trace_id;                                    // 32 hexadecimal digits
  bool is_named = false;                                   // he has shown a token; else he is whoever the call names
  const runtime::Clock& clock;

  [[nodiscard]] std::optional<std::string> asked(std::string_view name) const {
    for (const auto& [key, value] : query)
      if (key == name) return value;
    return std::nullopt;
  }
};
using Answering = boost::asio::awaitable<net::HttpResponse>;

// A call that is refused before its handler is asked.
struct Denial {
  unsigned status;  // 400, 401 or 429
  std::string_view why;
  const net::HttpRequest& request;
  std::string trace_id;
  const runtime::Clock& clock;
};

struct Route {
  std::string_view method;
  std::string_view pattern;  // as in api::RouteInfo
  Answering (*answer)(Call&);
  limit::Asks asks = limit::Asks::Command;
  bool needs_token = true;
};

struct Dialect {
  std::string_view name;        // in options, docs and metrics
  std::string_view user_claim;  // by default: of a token; several are tried in turn, separated by '|'
  std::span<const Route> routes;
  // The token in a request's Authorization; none: there is none, or it is not spelt so here.
  std::optional<std::string> (*token_of)(const net::HttpRequest& request) = nullptr;
  // In development mode a call without a token is taken, and its handler says who is meant; not from pages elsewhere.
  bool trusts_development = false;
  net::HttpResponse (*unauthenticated)(std::string_view why) = nullptr;
  // Whatever is refused before a handler is asked; null: 401 is as above, all else as in the public contract.
  net::HttpResponse (*denied)(const Denial& denial) = nullptr;
  // What every answer has besides; null: nothing.
  void (*finish)(net::HttpResponse& response) = nullptr;
  // --- what browsers are told of pages elsewhere
  bool cors_any = false;               // pages of any origin may call; else those of the server's own list
  std::string_view cors_methods = {};  // of a preflight; empty: the methods of the path
  std::string_view cors_headers = "Authorization, Content-Type";
  // With cors_any: the origins that a preflight is granted to, besides the server's own list; empty: any.
  std::span<const std::string_view> cors_origins = {};
  bool cors_credentials = false;
};

// --- token_of
// "Bearer <token>", and nothing else.
std::optional<std::string> bearer(const net::HttpRequest& request);
// The token itself, or behind "Bearer ".
std::optional<std::string> raw_or_bearer(const net::HttpRequest& request);

// --- answers
net::HttpResponse json_answer(unsigned status, const Json& body);
net::HttpResponse text_answer(unsigned status, std::string_view text);

}  // namespace parley::dialect
