#include "runtime/random.hpp"

#include <openssl/rand.h>
#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

namespace parley::runtime {
namespace {

// A thread's. A block costs a few microseconds; a number of it then no more than from a generator that is no secret.
class Numbers {
 public:
  std::uint64_t next() {
    if (left_ == 0) refill();
    return std::exchange(numbers_[--left_], 0);
  }

 private:
  void refill() {
    if (RAND_bytes(reinterpret_cast<unsigned char*>(numbers_.data()), sizeof numbers_) != 1) std::abort();
    left_ = numbers_.size();
  }

  std::array<std::uint64_t, 512> numbers_{};
  std::size_t left_ = 0;
};

}  // namespace

std::uint64_t random_u64() {
  thread_local Numbers numbers;
  return numbers.next();
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
