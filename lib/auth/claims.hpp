// What a token claims, once its signature holds: who, until when, from whom, for whom.
#pragma once

#include <nlohmann/json.hpp>

#include "auth/token.hpp"

namespace parley::auth {

// `exp` is needed and exact, `nbf`, `iat` and `auth_time` have 60 s of leeway, `iss` and `aud` are as configured, and the user,
// whom `user_claim` names (of several claims, separated by '|', the first that names one), is one.
std::expected<Identity, TokenError> check_claims(const nlohmann::json& claims, const VerifierOptions& options,
                                                 std::int64_t now_ms, std::string_view user_claim);

}  // namespace parley::auth
