#include "tests/unit/auth/issuer_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>

#include "auth/base64url.hpp"
#include "tests/unit/auth/forge.hpp"

namespace parley::auth {

IssuerKey IssuerKey::rsa(unsigned bits) { return IssuerKey(EVP_RSA_gen(bits)); }
IssuerKey IssuerKey::ec(const char* curve) { return IssuerKey(EVP_EC_gen(curve)); }

const IssuerKey& IssuerKey::an_rsa() {
  static const auto key = rsa();
  return key;
}
const IssuerKey& IssuerKey::an_ec() {
  static const auto key = ec();
  return key;
}

std::string IssuerKey::number(const char* name, std::size_t bytes) const {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(key_.get(), name, &number);
  std::string out(bytes > 0 ? bytes : static_cast<std::size_t>(BN_num_bytes(number)), '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size()));
  BN_free(number);
  return base64url(out);
}

nlohmann::json IssuerKey::jwk(nlohmann::json more) const {
  if (is_rsa()) {
    more.emplace("kty", "RSA");
    more.emplace("n", number(OSSL_PKEY_PARAM_RSA_N));
    more.emplace("e", number(OSSL_PKEY_PARAM_RSA_E));
  } else {
    const auto bytes = static_cast<std::size_t>(EVP_PKEY_get_bits(key_.get()) + 7) / 8;
    more.emplace("kty", "EC");
    more.emplace("crv", "P-256");
    more.emplace("x", number(OSSL_PKEY_PARAM_EC_PUB_X, bytes));
    more.emplace("y", number(OSSL_PKEY_PARAM_EC_PUB_Y, bytes));
  }
  return more;
}

std::string IssuerKey::raw_signature(std::string_view text) const {
  auto* context = EVP_MD_CTX_new();
  EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key_.get());
  std::string signature(1024, '\0');
  std::size_t size = signature.size();
  EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                 reinterpret_cast<const unsigned char*>(text.data()), text.size());
  EVP_MD_CTX_free(context);
  signature.resize(size);
  if (is_rsa()) return signature;
  const auto* der = reinterpret_cast<const unsigned char*>(signature.data());
  auto* pair = d2i_ECDSA_SIG(nullptr, &der, static_cast<long>(size));
  std::string raw(64, '\0');
  BN_bn2binpad(ECDSA_SIG_get0_r(pair), reinterpret_cast<unsigned char*>(raw.data()), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(pair), reinterpret_cast<unsigned char*>(raw.data()) + 32, 32);
  ECDSA_SIG_free(pair);
  return raw;
}

std::string IssuerKey::sign(std::string_view header, std::string_view claims) const {
  const auto input = unsigned_part(header, claims);
  return input + "." + base64url(raw_signature(input));
}

}  // namespace parley::auth
