#include <fcntl.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "auth/base64url.hpp"
#include "auth/token.hpp"

namespace parley::auth {

namespace {

constexpr std::size_t kMinSecretBytes = 16;

std::expected<std::string, std::string> make_secret(const std::filesystem::path& file) {
  unsigned char bytes[32];
  if (RAND_bytes(bytes, sizeof bytes) != 1) return std::unexpected("no random bytes for a secret");
  const auto secret = base64url({reinterpret_cast<const char*>(bytes), sizeof bytes});
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return std::unexpected("can't make the secret file " + file.string() + ": " + std::strerror(errno));
  const auto line = secret + "\n";
  const bool written = ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(fd) == 0;
  ::close(fd);
  if (!written) return std::unexpected("can't write the secret file " + file.string());
  return secret;
}

}  // namespace

std::expected<std::string, std::string> load_secret(const std::filesystem::path& file, bool make) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    if (make && !std::filesystem::exists(file)) return make_secret(file);
    return std::unexpected("can't read the secret file " + file.string());
  }
  std::string secret((std::istreambuf_iterator<char>(in)), {});
  while (!secret.empty() && std::strchr(" \t\r\n", secret.back()) != nullptr) secret.pop_back();
  if (secret.size() < kMinSecretBytes)
    return std::unexpected("the secret in " + file.string() + " is shorter than " + std::to_string(kMinSecretBytes) + " bytes");
  return secret;
}

}  // namespace parley::auth
