// Random numbers. random_u64() is fast and seeded from the kernel, a generator for each thread: good for ids, jitter and
// sampling, not for secrets. Secrets (tickets, keys) come from fill_secret(), straight from the kernel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace parley::runtime {

std::uint64_t random_u64();
// Uniform in [0, bound). REQUIRES: bound > 0.
std::uint64_t random_below(std::uint64_t bound);
// Fills with bytes that no one can guess; aborts when the kernel has none to give.
void fill_secret(std::span<std::byte> out);

}  // namespace parley::runtime
