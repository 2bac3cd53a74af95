// A public key that tokens are signed with: RSA for RS256, P-256 for ES256. Weak ones can't be made.
//
// Concurrency: immutable; any thread.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "auth/jws.hpp"

struct evp_pkey_st;

namespace parley::auth {

class PublicKey {
 public:
  static constexpr int kMinRsaBits = 2048;
  static constexpr int kMaxRsaBits = 8192;     // beyond, a signature costs more than a server should give to strangers
  static constexpr int kMaxExponentBits = 64;  // likewise

  // Of numbers in big-endian bytes. None: too weak, too large, or no such key.
  static std::optional<PublicKey> rsa(std::string_view modulus, std::string_view exponent);
  // A point of the curve, 32 bytes each. None: not on the curve.
  static std::optional<PublicKey> p256(std::string_view x, std::string_view y);

  [[nodiscard]] Algorithm algorithm() const { return algorithm_; }
  // An ES256 signature is r and s, 32 bytes each (RFC 7518 §3.4).
  [[nodiscard]] bool verifies(std::string_view text, std::string_view signature) const;

 private:
  PublicKey(Algorithm algorithm, std::shared_ptr<evp_pkey_st> key) : algorithm_(algorithm), key_(std::move(key)) {}
  Algorithm algorithm_;
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace parley::auth
