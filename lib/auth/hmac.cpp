#include "auth/hmac.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace parley::auth {

std::string hmac_sha256(std::string_view secret, std::string_view text) {
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), mac, &size);
  return {reinterpret_cast<const char*>(mac), size};
}

}  // namespace parley::auth
