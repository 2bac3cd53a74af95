// Takes the place of lib/runtime/random.cpp in this program: the product draws from the run's seed as well.
#include "runtime/random.hpp"

#include "tests/sim/dice.hpp"

namespace parley {
namespace {
std::mt19937_64 product_random;  // NOLINT(cert-msc*): its being foreseeable is the point
}  // namespace

void sim::seed_the_product(std::uint64_t seed) { product_random.seed(seed); }

std::uint64_t runtime::random_u64() { return product_random(); }
std::uint64_t runtime::random_below(std::uint64_t bound) { return product_random() % bound; }
void runtime::fill_secret(std::span<std::byte> out) {
  for (auto& byte : out) byte = static_cast<std::byte>(product_random());
}

}  // namespace parley
