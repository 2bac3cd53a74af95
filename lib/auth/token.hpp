// Tokens: JWT (RFC 7519) in compact form (RFC 7515), HS256 (RFC 7518). What is not exactly that is refused: `alg: none`,
// another algorithm, unknown critical headers, sloppy base64url, an expiry that is missing.
//
// Concurrency: immutable after construction; any thread. Limits: a token is at most kMaxTokenBytes.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/ids.hpp"

namespace parley::auth {

inline constexpr std::size_t kMaxTokenBytes = 8 << 10;

struct Identity {
  core::UserId user;
  std::string name;                // the claim `name`; may be empty
  std::int64_t expires_at_ms = 0;  // Unix epoch
  bool is_operator = false;        // the claim `parley:operator`
};

enum class TokenError : std::uint8_t { Malformed, BadSignature, Expired, NotYetValid, WrongIssuer, WrongAudience, BadUser };
std::string_view describe(TokenError error);

struct VerifierOptions {
  std::string secret;    // HS256
  std::string issuer;    // empty: not checked
  std::string audience;  // empty: not checked
  std::string user_claim = "sub";
};

class Verifier {
 public:
  explicit Verifier(VerifierOptions options) : options_(std::move(options)) {}
  // `exp` is exact; `nbf` and `iat` have 60 s of leeway.
  [[nodiscard]] std::expected<Identity, TokenError> verify(std::string_view token, std::int64_t now_ms) const;

 private:
  VerifierOptions options_;
};

struct Grant {
  core::UserId user;
  std::string name;  // empty: the user id
  std::int64_t issued_at_ms = 0;
  std::int64_t expires_at_ms = 0;
};
// A development token: claims sub, name, email, cognito:username, iat, exp (and iss, aud as configured).
std::string issue(const VerifierOptions& options, const Grant& grant);

// The secret in a file (its white space at the end apart), or, with `make`, a new random one put there for its owner alone.
// The error is a sentence.
std::expected<std::string, std::string> load_secret(const std::filesystem::path& file, bool make);

}  // namespace parley::auth
