#include "dialect/pagenow/pagenow.hpp"

#include "dialect/pagenow/refusal.hpp"

namespace parley::dialect::pagenow {

Dialect dialect_with(std::span<const Route> routes) {
  return {.name = kName,
          .user_claim = kUserClaim,
          .routes = routes,
          .token_of = raw_or_bearer,
          .unauthenticated = [](std::string_view why) { return answer(unauthenticated(why)); },
          .cors_any = true,
          .cors_methods = "OPTIONS,GET,POST,PUT,PATCH,DELETE",
          .cors_headers = "Content-Type,X-Amz-Date,Authorization,X-Api-Key",
          .cors_origins = kPages,
          .cors_credentials = true};
}

}  // namespace parley::dialect::pagenow
