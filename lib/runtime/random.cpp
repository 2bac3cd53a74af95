#include "runtime/random.hpp"

#include <sys/random.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstdlib>

namespace parley::runtime {
namespace {

// xoshiro256** (Blackman and Vigna, public domain).
class Generator {
 public:
  Generator() { fill_secret(std::as_writable_bytes(std::span(state_))); }

  std::uint64_t next() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace

std::uint64_t random_u64() {
  thread_local Generator generator;
  return generator.next();
}

std::uint64_t random_below(std::uint64_t bound) {
  const std::uint64_t uneven = (0 - bound) % bound;  // values below it would favour small results
  std::uint64_t value = random_u64();
  while (value < uneven) value = random_u64();
  return value % bound;
}

void fill_secret(std::span<std::byte> out) {
  while (!out.empty()) {
    const ssize_t got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno != EINTR) std::abort();
    if (got > 0) out = out.subspan(static_cast<std::size_t>(got));
  }
}

}  // namespace parley::runtime
