#include "dialect/pagenow/refusal.hpp"

namespace parley::dialect::pagenow {

namespace {

std::string quoted(std::string_view name) { return "'" + std::string(name) + "'"; }

}  // namespace

Refusal missing_in_body(std::string_view field) { return {400, "Missing " + quoted(field) + " in event body"}; }
Refusal missing_parameter(std::string_view name) { return {400, "Missing " + quoted(name) + " in event parameter"}; }
Refusal invalid(std::string_view name) { return {400, "Invalid parameter " + quoted(name)}; }
Refusal no_participant() { return {401, "Unauthorized access error"}; }

// A text that is no token could not even be decoded.
Refusal unauthenticated(std::string_view why) {
  const bool is_no_token = why == auth::describe(auth::TokenError::Malformed);
  return {401, is_no_token ? "JWT decode error: " + std::string(why) : "Authentication error"};
}

Refusal refusal_of(const Native::Reply& reply, std::string_view blamed) {
  if (reply.status == 403 || reply.status == 404) return no_participant();
  if (reply.status == 400 || reply.status == 409 || reply.status == 422) return invalid(blamed);
  return {500, "Internal server error"};
}

net::HttpResponse answer(const Refusal& refusal) { return text_answer(refusal.status, refusal.body); }

}  // namespace parley::dialect::pagenow
