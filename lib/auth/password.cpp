#include "auth/password.hpp"

#include <sodium.h>

#include <array>
#include <charconv>
#include <cstdlib>

namespace parley::auth {
namespace {

void make_ready() {
  if (sodium_init() < 0) std::abort();  // no random numbers: nothing here would be safe
}

// Takes `word` and the number behind it off the front. None: it stands otherwise.
std::optional<std::uint32_t> take_number(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return std::nullopt;
  text.remove_prefix(word.size());
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool is_affordable(std::string_view hash) {
  const auto memory_kib = take_number(hash, "$argon2id$v=19$m=");
  const auto operations = memory_kib ? take_number(hash, ",t=") : std::nullopt;
  return operations && *operations <= PasswordCost::kMostOperations && *memory_kib <= PasswordCost::kMostMemoryKib;
}

}  // namespace

std::optional<std::string> hash_password(std::string_view password, const PasswordCost& cost) {
  make_ready();
  std::array<char, crypto_pwhash_STRBYTES> hash;
  if (crypto_pwhash_str(hash.data(), password.data(), password.size(), cost.operations, std::size_t{cost.memory_kib} << 10) !=
      0)
    return std::nullopt;
  return std::string(hash.data());
}

bool fits_password(const std::string& hash, std::string_view password) {
  make_ready();
  return hash.size() < crypto_pwhash_STRBYTES && is_affordable(hash) &&
         crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

}  // namespace parley::auth
