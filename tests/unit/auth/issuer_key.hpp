// A key of an issuer, both halves of it: signs tokens, and tells its public half as a JWK.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace parley::auth {

class IssuerKey {
 public:
  static IssuerKey rsa(unsigned bits = 2048);
  static IssuerKey ec(const char* curve = "P-256");
  // The same one each time: to make an RSA key takes a while.
  static const IssuerKey& an_rsa();
  static const IssuerKey& an_ec();

  // {"kty", and what makes the key}; with what is given besides.
  [[nodiscard]] nlohmann::json jwk(nlohmann::json more = nlohmann::json::object()) const;
  // A token: header, claims, and this key's signature as RS256 or ES256, whatever the header says.
  [[nodiscard]] std::string sign(std::string_view header, std::string_view claims) const;
  [[nodiscard]] std::string raw_signature(std::string_view text) const;

 private:
  explicit IssuerKey(EVP_PKEY* key) : key_(key, EVP_PKEY_free) {}
  [[nodiscard]] bool is_rsa() const { return EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_RSA; }
  [[nodiscard]] std::string number(const char* name, std::size_t bytes = 0) const;  // 0: as many as it has
  std::shared_ptr<EVP_PKEY> key_;
};

// A JWKS document.
inline std::string key_set(const std::vector<nlohmann::json>& keys) {
  auto list = nlohmann::json::array();
  for (const auto& key : keys) list.push_back(key);
  return nlohmann::json{{"keys", list}}.dump();
}

}  // namespace parley::auth
