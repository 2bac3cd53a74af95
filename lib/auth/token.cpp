#include "auth/token.hpp"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "auth/base64url.hpp"

namespace parley::auth {

namespace {

using Json = nlohmann::json;
constexpr std::int64_t kLeewayMs = 60'000;

std::string hmac_sha256(std::string_view secret, std::string_view text) {
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), mac, &size);
  return {reinterpret_cast<const char*>(mac), size};
}

std::optional<Json> decode_part(std::string_view part) {
  const auto bytes = decode_base64url(part);
  if (!bytes) return std::nullopt;
  auto json = Json::parse(*bytes, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  return json;
}

bool header_is_ours(const Json& header) {
  const auto alg = header.find("alg");
  return alg != header.end() && alg->is_string() && alg->get_ref<const std::string&>() == "HS256" && !header.contains("crit");
}

// A NumericDate (RFC 7519 §2), which may have a fraction. None: not there. False: something else.
std::expected<std::optional<std::int64_t>, TokenError> time_claim(const Json& claims, const char* name) {
  const auto it = claims.find(name);
  if (it == claims.end()) return std::nullopt;
  if (!it->is_number()) return std::unexpected(TokenError::Malformed);
  const auto seconds = it->get<double>();
  if (!std::isfinite(seconds) || std::fabs(seconds) > 1e11) return std::unexpected(TokenError::Malformed);
  return static_cast<std::int64_t>(seconds * 1000.0);
}

std::string text_claim(const Json& claims, const std::string& name) {
  const auto it = claims.find(name);
  return it != claims.end() && it->is_string() ? it->get<std::string>() : std::string{};
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

std::expected<Identity, TokenError> check_claims(const Json& claims, const VerifierOptions& options, std::int64_t now_ms) {
  const auto exp = time_claim(claims, "exp");
  const auto nbf = time_claim(claims, "nbf");
  const auto iat = time_claim(claims, "iat");
  if (!exp || !*exp || !nbf || !iat) return std::unexpected(TokenError::Malformed);
  if (now_ms >= **exp) return std::unexpected(TokenError::Expired);
  if ((*nbf && now_ms + kLeewayMs < **nbf) || (*iat && now_ms + kLeewayMs < **iat))
    return std::unexpected(TokenError::NotYetValid);
  if (!options.issuer.empty() && text_claim(claims, "iss") != options.issuer) return std::unexpected(TokenError::WrongIssuer);
  if (!options.audience.empty() && !audience_matches(claims, options.audience))
    return std::unexpected(TokenError::WrongAudience);
  auto user = core::UserId::parse(text_claim(claims, options.user_claim));
  if (!user) return std::unexpected(TokenError::BadUser);
  const auto op = claims.find("parley:operator");
  return Identity{.user = std::move(*user),
                  .name = text_claim(claims, "name"),
                  .expires_at_ms = **exp,
                  .is_operator = op != claims.end() && op->is_boolean() && op->get<bool>()};
}

}  // namespace

std::string_view describe(TokenError error) {
  switch (error) {
    case TokenError::Malformed:
      return "the token is malformed or of a kind that is not accepted";
    case TokenError::BadSignature:
      return "the token's signature does not hold";
    case TokenError::Expired:
      return "the token has expired";
    case TokenError::NotYetValid:
      return "the token is not valid yet";
    case TokenError::WrongIssuer:
      return "the token is of another issuer";
    case TokenError::WrongAudience:
      return "the token is for another audience";
    case TokenError::BadUser:
      return "the token names no valid user";
  }
  return "the token is refused";
}

std::expected<Identity, TokenError> Verifier::verify(std::string_view token, std::int64_t now_ms) const {
  if (token.size() > kMaxTokenBytes) return std::unexpected(TokenError::Malformed);
  const auto first = token.find('.');
  const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos)
    return std::unexpected(TokenError::Malformed);
  const auto header = decode_part(token.substr(0, first));
  const auto mac = decode_base64url(token.substr(second + 1));
  if (!header || !mac || !header_is_ours(*header)) return std::unexpected(TokenError::Malformed);
  const auto expected = hmac_sha256(options_.secret, token.substr(0, second));
  if (mac->size() != expected.size() || CRYPTO_memcmp(mac->data(), expected.data(), expected.size()) != 0)
    return std::unexpected(TokenError::BadSignature);
  const auto claims = decode_part(token.substr(first + 1, second - first - 1));
  if (!claims) return std::unexpected(TokenError::Malformed);
  return check_claims(*claims, options_, now_ms);
}

std::string issue(const VerifierOptions& options, const Grant& grant) {
  const Json header = {{"alg", "HS256"}, {"typ", "JWT"}};
  const auto& user = grant.user.text;
  Json claims = {{"sub", user},
                 {"name", grant.name.empty() ? user : grant.name},
                 {"email", user},
                 {"cognito:username", user},
                 {"iat", grant.issued_at_ms / 1000},
                 {"exp", grant.expires_at_ms / 1000}};
  if (!options.issuer.empty()) claims["iss"] = options.issuer;
  if (!options.audience.empty()) claims["aud"] = options.audience;
  if (options.user_claim != "sub") claims[options.user_claim] = user;
  const auto signing_input = base64url(header.dump()) + "." + base64url(claims.dump());
  return signing_input + "." + base64url(hmac_sha256(options.secret, signing_input));
}

}  // namespace parley::auth
