// The limits by rate as HTTP shows them: who is asking, what he asks for, and a 429 that says when to come back.
//
// Concurrency: any shard. Ownership: outlives the doors, and every Visit and Caller. Answers have RateLimit-Limit, -Remaining
// and -Reset as in draft-ietf-httpapi-ratelimit-headers-06 (later drafts have one structured field instead).
#pragma once

#include <optional>

#include "api/routes.hpp"
#include "limit/limits.hpp"
#include "net/client_address.hpp"
#include "net/http.hpp"

namespace parley::api {

class RateGate {
 public:
  RateGate(const limit::Options& options, net::TrustedProxies proxies, const runtime::Clock& clock, runtime::Metrics& metrics)
      : limits_(options, clock, metrics), proxies_(std::move(proxies)) {}

  [[nodiscard]] limit::Limits& limits() { return limits_; }
  [[nodiscard]] limit::Caller caller(const net::HttpRequest& request) { return {limits_, proxies_.client_of(request)}; }

 private:
  limit::Limits limits_;
  net::TrustedProxies proxies_;
};

net::HttpResponse too_many(const limit::Refusal& refusal, std::string_view trace_id);

// One request, from its coming to its answer.
class Visit {
 public:
  // `gate` may be null: nothing is limited then; nor are the routes that tell how the process is.
  Visit(RateGate* gate, const net::HttpRequest& request, const Routed& routed);

  // The answer to an address that has asked for too much already; nothing is charged, nor is any token looked at.
  std::optional<net::HttpResponse> look(std::string_view trace_id);
  // What is asked for, where the route does not tell.
  void asks(limit::Asks what) { asks_ = what; }
  // Charges this user for the request; the answer, if it is too much. Null: he has no name.
  std::optional<net::HttpResponse> charge(const std::string* user, std::string_view trace_id);
  // Charges the address of a request that nobody was charged for; tells a user how he stands.
  void end(net::HttpResponse& response);

 private:
  std::optional<net::HttpResponse> refuse(const std::optional<limit::Refusal>& refusal, std::string_view trace_id);

  std::optional<limit::Caller> caller_;  // none: not limited, or refused
  limit::Asks asks_ = limit::Asks::Command;
  std::size_t bytes_ = 0;
  bool charged_ = false;
};

}  // namespace parley::api
