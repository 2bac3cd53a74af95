#include "api/rate_gate.hpp"

#include <algorithm>

#include "api/answer.hpp"

namespace parley::api {

namespace {

bool is_free(const Routed& routed) {
  const auto* found = std::get_if<Found>(&routed);
  return found != nullptr && (found->route == Route::Health || found->route == Route::Ready || found->route == Route::Metrics);
}

limit::Asks asks_of(const net::HttpRequest& request, const Routed& routed) {
  const auto* found = std::get_if<Found>(&routed);
  if (found != nullptr && found->route == Route::PostMessage) return limit::Asks::Message;
  if (found != nullptr && found->route == Route::WebSocket) return limit::Asks::Command;
  return request.method == "GET" ? limit::Asks::Read : limit::Asks::Command;
}

std::string seconds_up(limit::Time time) { return std::to_string(std::chrono::ceil<std::chrono::seconds>(time).count()); }

void tell(const limit::Quota& quota, net::HttpResponse& response) {
  response.headers.emplace_back("RateLimit-Limit", std::to_string(quota.limit));
  response.headers.emplace_back("RateLimit-Remaining", std::to_string(quota.remaining));
  response.headers.emplace_back("RateLimit-Reset", seconds_up(quota.full_in));
}

}  // namespace

net::HttpResponse too_many(const limit::Refusal& refusal, std::string_view trace_id) {
  auto response = problem(codec::Problem::RateLimited, refusal.sentence(), trace_id);
  const auto wait = std::max<limit::Time>(refusal.wait, std::chrono::seconds(1));
  for (auto& [name, value] : response.headers)
    if (name == "Retry-After") value = seconds_up(wait);
  tell(refusal.quota, response);
  return response;
}

Visit::Visit(RateGate* gate, const net::HttpRequest& request, const Routed& routed) {
  if (gate == nullptr || is_free(routed)) return;
  caller_ = gate->caller(request);
  asks_ = asks_of(request, routed);
  bytes_ = request.body.size();
}

std::optional<net::HttpResponse> Visit::refuse(const std::optional<limit::Refusal>& refusal, std::string_view trace_id) {
  if (!refusal) return std::nullopt;
  caller_.reset();  // the answer says how he stands
  return too_many(*refusal, trace_id);
}

std::optional<net::HttpResponse> Visit::look(std::string_view trace_id) {
  return caller_ ? refuse(caller_->look(asks_, bytes_), trace_id) : std::nullopt;
}

std::optional<net::HttpResponse> Visit::charge(const std::string* user, std::string_view trace_id) {
  if (!caller_) return std::nullopt;
  charged_ = true;
  if (user != nullptr) caller_->identify(*user);
  return refuse(caller_->take(asks_, bytes_), trace_id);
}

void Visit::end(net::HttpResponse& response) {
  if (!caller_) return;
  if (!charged_) caller_->take(asks_, bytes_);
  if (response.status == 429) return;  // it says how he stands with what was too much
  if (const auto quota = caller_->quota(asks_)) tell(*quota, response);
}

}  // namespace parley::api
