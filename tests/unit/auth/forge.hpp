// Tokens as anybody could make them: any header, any claims, any signature.
#pragma once

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <string>
#include <string_view>

#include "auth/base64url.hpp"

namespace parley::auth {

inline constexpr std::string_view kHs256 = R"({"alg":"HS256","typ":"JWT"})";

inline std::string hmac(const EVP_MD* hash, std::string_view secret, std::string_view text) {
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(hash, secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       mac, &size);
  return {reinterpret_cast<const char*>(mac), size};
}

inline std::string unsigned_part(std::string_view header, std::string_view claims) {
  return base64url(header) + "." + base64url(claims);
}

// Signed as HS256 is, whatever the header says.
inline std::string forge(std::string_view header, std::string_view claims, std::string_view secret) {
  const auto input = unsigned_part(header, claims);
  return input + "." + base64url(hmac(EVP_sha256(), secret, input));
}

}  // namespace parley::auth
