// The public keys of an issuer, out of its JWKS document (RFC 7517).
//
// A key counts when it is an RSA key of at least 2048 bits or a P-256 one, is for signatures (`use`, `key_ops`), and is for
// RS256 or ES256 or says nothing of that (`alg`). Passed over: every other one; one that holds its private part, with which
// anybody could sign; and keys that share a `kid` and an algorithm, since then it does not name one.
//
// Concurrency: immutable; any thread. Limits: the caller bounds the document.
#pragma once

#include <cstddef>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "auth/public_key.hpp"

namespace parley::auth {

class KeySet {
 public:
  // The error is a sentence: no JWKS, or one without a key that counts.
  static std::expected<KeySet, std::string> parse(std::string_view document);

  // The key of that name for that algorithm; without a name: the only one there is for it.
  [[nodiscard]] const PublicKey* find(Algorithm algorithm, const std::optional<std::string>& kid) const;
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t passed_over() const { return passed_over_; }

 private:
  void add(std::optional<std::string> kid, PublicKey key);

  using Name = std::pair<Algorithm, std::optional<std::string>>;
  std::map<Name, std::optional<PublicKey>> keys_;  // none: several had that name
  std::size_t size_ = 0;
  std::size_t passed_over_ = 0;
};

}  // namespace parley::auth
