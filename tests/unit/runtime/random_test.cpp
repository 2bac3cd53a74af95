#include "runtime/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <thread>

namespace parley::runtime {
namespace {

TEST(Random, StaysBelowItsBoundAndReachesEveryValue) {
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random_below(6));
  EXPECT_EQ(seen, (std::set<std::uint64_t>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(random_below(1), 0U);
}

TEST(Random, GivesEachThreadASequenceOfItsOwn) {
  const std::uint64_t here = random_u64();
  std::uint64_t there = here;
  std::jthread([&] { there = random_u64(); }).join();
  EXPECT_NE(here, there);
}

TEST(Random, FillsASecretWhole) {
  std::array<std::byte, 1000> secret{};
  fill_secret(secret);
  EXPECT_LT(std::ranges::count(secret, std::byte{0}), 50);
  EXPECT_TRUE(std::ranges::any_of(std::span(secret).last(8), [](std::byte b) { return b != std::byte{0}; }));
}

}  // namespace
}  // namespace parley::runtime
