#include <fcntl.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>

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

// None: it can't be read, since it is a directory, say.
std::optional<std::string> whole(std::ifstream& in) try {
  return std::string((std::istreambuf_iterator<char>(in)), {});
} catch (const std::ios_base::failure&) {
  return std::nullopt;
}

}  // namespace

std::expected<std::string, std::string> load_secret(const std::filesystem::path& file, bool make) {
  std::ifstream in(file, std::ios::binary);
  std::error_code error;
  if (!in && make && !std::filesystem::exists(file, error)) return make_secret(file);
  auto secret = in ? whole(in) : std::nullopt;
  if (!secret) return std::unexpected("can't read the secret file " + file.string());
  while (!secret->empty() && std::strchr(" \t\r\n", secret->back()) != nullptr) secret->pop_back();
  if (secret->size() < kMinSecretBytes)
    return std::unexpected("the secret in " + file.string() + " is shorter than " + std::to_string(kMinSecretBytes) + " bytes");
  return std::move(*secret);
}

}  // namespace parley::auth
