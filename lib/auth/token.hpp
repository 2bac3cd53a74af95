// Tokens: JWT (RFC 7519), signed with the site's own secret (HS256) or with a key of its issuer (RS256, ES256). Each algorithm
// goes with its own kind of key and no other. What else is refused: jws.hpp, claims.hpp.
//
// Concurrency: immutable after construction; any thread. Limits: a token is at most kMaxTokenBytes.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>

#include "auth/jws.hpp"
#include "core/ids.hpp"

namespace parley::auth {

class KeyRing;

struct Identity {
  core::UserId user;
  std::string name;                // the claim `name`; may be empty
  std::int64_t expires_at_ms = 0;  // Unix epoch
  bool is_operator = false;        // the claim `parley:operator`
};

enum class TokenError : std::uint8_t {
  Malformed,
  BadSignature,
  UnknownKey,  // of the issuer's; it may be known in a moment (KeyRing::ask)
  Expired,
  NotYetValid,
  WrongIssuer,
  WrongAudience,
  BadUser
};
inline constexpr std::size_t kTokenErrors = static_cast<std::size_t>(TokenError::BadUser) + 1;
std::string_view describe(TokenError error);
std::string_view name(TokenError error);  // for a metric

struct VerifierOptions {
  std::string secret;    // HS256; empty: not accepted
  std::string issuer;    // empty: not checked
  std::string audience;  // empty: not checked
  std::string user_claim = "sub";  // or several, separated by '|': the first that names a user
};

class Verifier {
 public:
  // The issuer's keys must outlive it; none: RS256 and ES256 are not accepted.
  explicit Verifier(VerifierOptions options, KeyRing* keys = nullptr) : options_(std::move(options)), keys_(keys) {}
  // `exp` is exact; `nbf`, `iat` and `auth_time` have 60 s of leeway. UnknownKey is said only of a token that has nothing else
  // against it. `user_claim` names the claim that says who it is; empty: the configured one.
  [[nodiscard]] std::expected<Identity, TokenError> verify(std::string_view token, std::int64_t now_ms,
                                                           std::string_view user_claim = {}) const;
  [[nodiscard]] KeyRing* keys() const { return keys_; }

 private:
  [[nodiscard]] std::expected<void, TokenError> check_signature(const Jws& jws) const;

  VerifierOptions options_;
  KeyRing* keys_;
};

struct Grant {
  core::UserId user;
  std::string name;  // empty: the user id
  std::int64_t issued_at_ms = 0;
  std::int64_t expires_at_ms = 0;
  std::string role;  // of an account; empty: it has none, this is a development token
};
// Claims sub, name, email, iat, exp (and iss, aud as configured); of an account userId
// (his number), userEmail and userRole, else cognito:username.
std::string issue(const VerifierOptions& options, const Grant& grant);

// The secret in a file (its white space at the end apart), or, with `make`, a new random one put there for its owner alone.
// The error is a sentence.
std::expected<std::string, std::string> load_secret(const std::filesystem::path& file, bool make);

}  // namespace parley::auth
