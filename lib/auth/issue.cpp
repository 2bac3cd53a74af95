#include <nlohmann/json.hpp>

#include "auth/base64url.hpp"
#include "auth/hmac.hpp"
#include "auth/token.hpp"

namespace parley::auth {

using Json = nlohmann::json;

std::string issue(const VerifierOptions& options, const Grant& grant) {
  const Json header = {{"alg", "HS256"}, {"typ", "JWT"}};
  const auto& user = grant.user.text;
  Json claims = {{"sub", user},
                 {"name", grant.name.empty() ? user : grant.name},
                 {"email", user},
                 {"iat", grant.issued_at_ms / 1000},
                 {"exp", grant.expires_at_ms / 1000}};
  if (grant.role.empty()) {
    claims["cognito:username"] = user;
  } else {
    claims["userId"] = core::number_of(grant.user).value;
    claims["userEmail"] = user;
    claims["userRole"] = grant.role;
  }
  if (!options.issuer.empty()) claims["iss"] = options.issuer;
  if (!options.audience.empty()) claims["aud"] = options.audience;
  claims[options.user_claim.substr(0, options.user_claim.find('|'))] = user;
  const auto signing_input = base64url(header.dump()) + "." + base64url(claims.dump());
  return signing_input + "." + base64url(hmac_sha256(options.secret, signing_input));
}

}  // namespace parley::auth
