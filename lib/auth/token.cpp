#include "auth/token.hpp"

#include <openssl/crypto.h>

#include "auth/base64url.hpp"
#include "auth/claims.hpp"
#include "auth/hmac.hpp"
#include "auth/json_object.hpp"
#include "auth/key_ring.hpp"

namespace parley::auth {

std::string_view describe(TokenError error) {
  switch (error) {
    case TokenError::Malformed:
      return "the token is malformed or of a kind that is not accepted";
    case TokenError::BadSignature:
      return "the token's signature does not hold";
    case TokenError::UnknownKey:
      return "the token's key is not known";
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

std::string_view name(TokenError error) {
  switch (error) {
    case TokenError::Malformed:
      return "malformed";
    case TokenError::BadSignature:
      return "bad_signature";
    case TokenError::UnknownKey:
      return "unknown_key";
    case TokenError::Expired:
      return "expired";
    case TokenError::NotYetValid:
      return "not_yet_valid";
    case TokenError::WrongIssuer:
      return "wrong_issuer";
    case TokenError::WrongAudience:
      return "wrong_audience";
    case TokenError::BadUser:
      return "bad_user";
  }
  return "refused";
}

std::expected<void, TokenError> Verifier::check_signature(const Jws& jws) const {
  if (jws.algorithm == Algorithm::Hs256) {
    if (options_.secret.empty()) return std::unexpected(TokenError::Malformed);
    const auto mac = hmac_sha256(options_.secret, jws.signed_part);
    if (jws.signature.size() == mac.size() && CRYPTO_memcmp(jws.signature.data(), mac.data(), mac.size()) == 0) return {};
    return std::unexpected(TokenError::BadSignature);
  }
  if (keys_ == nullptr) return std::unexpected(TokenError::Malformed);
  const auto keys = keys_->keys();
  const auto* key = keys ? keys->find(jws.algorithm, jws.kid) : nullptr;
  if (key == nullptr) return std::unexpected(TokenError::UnknownKey);
  if (!key->verifies(jws.signed_part, jws.signature)) return std::unexpected(TokenError::BadSignature);
  return {};
}

std::expected<Identity, TokenError> Verifier::verify(std::string_view token, std::int64_t now_ms,
                                                     std::string_view user_claim) const {
  const auto jws = parse_jws(token);
  if (!jws) return std::unexpected(TokenError::Malformed);
  const auto signature = check_signature(*jws);
  const bool may_be_known_soon = !signature && signature.error() == TokenError::UnknownKey;
  if (!signature && !may_be_known_soon) return std::unexpected(signature.error());
  const auto text = decode_base64url(jws->claims);
  const auto claims = text ? parse_object(*text) : std::nullopt;
  if (!claims) return std::unexpected(TokenError::Malformed);
  auto identity = check_claims(*claims, options_, now_ms, user_claim.empty() ? options_.user_claim : user_claim);
  if (identity && may_be_known_soon) return std::unexpected(TokenError::UnknownKey);
  return identity;
}

}  // namespace parley::auth
