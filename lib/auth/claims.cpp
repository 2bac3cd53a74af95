#include "auth/claims.hpp"

#include <cmath>
#include <optional>

namespace parley::auth {

namespace {

using Json = nlohmann::json;
constexpr std::int64_t kLeewayMs = 60'000;

// A NumericDate (RFC 7519 §2), which may have a fraction. None: not there. False: something else.
std::expected<std::optional<std::int64_t>, TokenError> time_claim(const Json& claims, const char* name) {
  const auto it = claims.find(name);
  if (it == claims.end()) return std::nullopt;
  if (!it->is_number()) return std::unexpected(TokenError::Malformed);
  const auto seconds = it->get<double>();
  if (!std::isfinite(seconds) || std::fabs(seconds) > 1e11) return std::unexpected(TokenError::Malformed);
  return static_cast<std::int64_t>(seconds * 1000.0);
}

std::string text_claim(const Json& claims, std::string_view name) {
  const auto it = claims.find(name);
  return it != claims.end() && it->is_string() ? it->get<std::string>() : std::string{};
}

// By the first of the claims, separated by '|', that names one.
std::optional<core::UserId> user_in(const Json& claims, std::string_view names) {
  while (true) {
    const auto bar = names.find('|');
    auto user = core::UserId::parse(text_claim(claims, names.substr(0, bar)));
    if (user || bar == std::string_view::npos) return user;
    names.remove_prefix(bar + 1);
  }
}

bool audience_matches(const Json& claims, const std::string& audience) {
  const auto it = claims.find("aud");
  if (it == claims.end()) return false;
  if (it->is_string()) return it->get_ref<const std::string&>() == audience;
  if (!it->is_array()) return false;
  for (const auto& entry : *it)
    if (entry.is_string() && entry.get_ref<const std::string&>() == audience) return true;
  return false;
}

}  // namespace

std::expected<Identity, TokenError> check_claims(const Json& claims, const VerifierOptions& options, std::int64_t now_ms,
                                                 std::string_view user_claim) {
  const auto exp = time_claim(claims, "exp");
  if (!exp || !*exp) return std::unexpected(TokenError::Malformed);
  if (now_ms >= **exp) return std::unexpected(TokenError::Expired);
  for (const auto* name : {"nbf", "iat", "auth_time"}) {
    const auto since = time_claim(claims, name);
    if (!since) return std::unexpected(TokenError::Malformed);
    if (*since && now_ms + kLeewayMs < **since) return std::unexpected(TokenError::NotYetValid);
  }
  if (!options.issuer.empty() && text_claim(claims, "iss") != options.issuer) return std::unexpected(TokenError::WrongIssuer);
  if (!options.audience.empty() && !audience_matches(claims, options.audience))
    return std::unexpected(TokenError::WrongAudience);
  auto user = user_in(claims, user_claim);
  if (!user) return std::unexpected(TokenError::BadUser);
  const auto op = claims.find("parley:operator");
  return Identity{.user = std::move(*user),
                  .name = text_claim(claims, "name"),
                  .expires_at_ms = **exp,
                  .is_operator = op != claims.end() && op->is_boolean() && op->get<bool>()};
}

}  // namespace parley::auth
