// All chance of a run comes from one seed.
#pragma once

#include <cstdint>
#include <random>

namespace parley::sim {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  bool in_a_thousand(std::uint64_t chances) { return below(1'000) < chances; }
  auto& any(auto& pool) { return pool[below(pool.size())]; }

 private:
  std::mt19937_64 random_;
};

// What the product draws by itself (ids, jitter) follows from this too, in a run of the simulation.
void seed_the_product(std::uint64_t seed);

}  // namespace parley::sim
