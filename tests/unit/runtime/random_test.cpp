#include "runtime/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <set>
#include <thread>
#include <vector>

namespace parley::runtime {
namespace {

// The length of the shortest linear recurrence that makes these bits (Berlekamp and Massey). Of random ones it is half of them.
std::size_t linear_complexity(const std::vector<bool>& bits) {
  std::vector<bool> now(bits.size() + 1);
  now[0] = true;
  auto before = now;
  std::size_t length = 0;
  std::size_t since = 1;
  for (std::size_t n = 0; n < bits.size(); ++n, ++since) {
    bool differs = false;
    for (std::size_t i = 0; i <= length; ++i) differs ^= now[i] && bits[n - i];
    if (!differs) continue;
    const auto old = now;
    for (std::size_t i = 0; i + since < now.size(); ++i) now[i + since] = now[i + since] ^ before[i];
    if (2 * length > n) continue;
    length = n + 1 - length;
    before = old;
    since = 0;
  }
  return length;
}

TEST(Random, StaysBelowItsBoundAndReachesEveryValue) {
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random_below(6));
  EXPECT_EQ(seen, (std::set<std::uint64_t>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(random_below(1), 0U);
}

// Anyone is shown some of these numbers (trace ids), and others are all that guards something (the id of an open group). Of the
// xoshiro256** that once made them, a word of the state can be had back from a number, and its bits repeat a sum of 256 before.
TEST(Random, NoOneCanTellFromSomeNumbersWhichOnesFollow) {
  constexpr std::uint64_t kNinth = 0x8e38e38e38e38e39;  // modulo 2^64
  constexpr std::uint64_t kFifth = 0xcccccccccccccccd;
  std::vector<bool> as_made;
  std::vector<bool> as_kept;
  for (int i = 0; i < 2048; ++i) {
    const auto number = random_u64();
    as_made.push_back((number & 1) != 0);
    as_kept.push_back((std::rotr(number * kNinth, 7) * kFifth & 1) != 0);
  }
  EXPECT_GT(linear_complexity(as_made), 950U);
  EXPECT_GT(linear_complexity(as_kept), 950U);
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
