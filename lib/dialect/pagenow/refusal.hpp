// What PageNow says to what it does not take: plain texts, over HTTP as bodies.
#pragma once

#include "dialect/dialect.hpp"

namespace parley::dialect::pagenow {

struct Refusal {
  unsigned status = 500;
  std::string body;
};

Refusal missing_in_body(std::string_view field);
Refusal missing_parameter(std::string_view name);
Refusal invalid(std::string_view name);
// Of a conversation that he is not in, or that is not there.
Refusal no_participant();
// `why`: what the token has against it.
Refusal unauthenticated(std::string_view why);
// A refusal of the public contract's. `blamed`: what is invalid, when something is.
Refusal refusal_of(const Native::Reply& reply, std::string_view blamed);

net::HttpResponse answer(const Refusal& refusal);

}  // namespace parley::dialect::pagenow
