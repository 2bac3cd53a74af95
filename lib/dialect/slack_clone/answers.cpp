#include "dialect/slack_clone/answers.hpp"

namespace parley::dialect::slack_clone {

namespace {

constexpr unsigned kUnauthorized = 401;

// Nothing is wrong with the request itself: it may do later, or with another token.
bool keeps_its_status(unsigned status) { return status == 202 || status == 429 || status >= 500; }

}  // namespace

Json message(std::string_view text) { return {{"message", std::string(text)}}; }

net::HttpResponse said(std::string_view text) { return json_answer(200, message(text)); }

net::HttpResponse unauthenticated(std::string_view why) { return json_answer(kUnauthorized, message(why)); }

net::HttpResponse refused(const Native::Reply& reply) {
  const auto detail = reply.detail();
  const auto text = detail.empty() ? "the outcome is not known yet" : detail;
  if (reply.status == 401 || reply.status == 403) return unauthenticated(text);
  return keeps_its_status(reply.status) ? json_answer(reply.status, message(text)) : said(text);
}

std::string not_there(std::string_view id) { return std::string(id) + " not exist"; }

std::optional<net::HttpResponse> wrong_with(const Json& body, std::initializer_list<std::string_view> texts) {
  if (!body.is_object()) return said("the body is no JSON object");
  for (const auto text : texts)
    if (!has_text(body, text)) return said(std::string(text) + (body.contains(text) ? " is no text" : " is missing"));
  return std::nullopt;
}

Dialect with_routes(std::span<const Route> routes) {
  return {
      .name = kName,
      .user_claim = kClaim,
      .routes = routes,
      .token_of = raw_or_bearer,
      .trusts_development = true,
      .unauthenticated = unauthenticated,
      .cors_any = true,
      .cors_methods = "GET, POST, PATCH, DELETE, OPTIONS",
      .cors_headers = "Content-Type, Authorization, IDToken, X-Amz-Date, X-Api-Key, X-Amz-Security-Token, X-Amz-User-Agent"};
}

}  // namespace parley::dialect::slack_clone
