// Random numbers that no one can foresee, whatever others of them he was shown: ids are made of them, some of which anyone
// sees (of traces), while others are all that guards something (of open groups). random_u64() takes them from a store of the
// thread's, filled a block at a time. Keys and the like, which are kept longer than an id is worth, come from fill_secret(),
// straight from the kernel.
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
