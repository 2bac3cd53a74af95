#include "service/shared_secret.hpp"

#include <openssl/crypto.h>

#include <algorithm>

namespace parley::service {

std::expected<SharedSecret, std::string> SharedSecret::parse(std::string text) {
  if (text.size() > kMaxBytes) return std::unexpected("the internal secret is longer than 1024 bytes");
  const auto visible = [](char c) { return c > ' ' && c <= '~'; };
  if (!std::ranges::all_of(text, visible)) {
    return std::unexpected("the internal secret may hold only visible ASCII characters: no spaces, no line ends");
  }
  return SharedSecret(std::move(text));
}

bool SharedSecret::matches(std::string_view presented) const {
  return presented.size() == text_.size() && CRYPTO_memcmp(presented.data(), text_.data(), text_.size()) == 0;
}

}  // namespace parley::service
