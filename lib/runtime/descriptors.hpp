// How many descriptors (files, sockets) the process may have open at once: RLIMIT_NOFILE.
//
// Concurrency: any thread; to be raised before there is another.
#pragma once

#include <cstdint>

namespace parley::runtime {

// To what the process may have without being asked for it. Where the kernel says no, all stays as it was.
void raise_descriptor_limit();
[[nodiscard]] std::uint64_t descriptor_limit();

}  // namespace parley::runtime
