// How the kernel wakes this process's threads, see sched(7). What appends, folds and stores works in batches, and is cheaper
// the more there is to do at once: under SCHED_BATCH a thread that wakes waits for the one that runs, rather than cutting in
// for the first item. On an idle processor it makes no difference. The threads that serve sockets stay prompt.
//
// Concurrency: concerns the calling thread, and those that it makes from then on. Errors: none; where the kernel says no, all
// stays as it was.
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>

namespace parley::runtime {

void schedule_in_batches();
void schedule_promptly();
// For what may be late: in batches too, and behind all that is less nice. That alone leaves much to be desired, for what works
// in batches does not cut in on it either, and waits for the end of its slice; and SCHED_IDLE would wait for other programs
// too.
void schedule_behind_others();
// So such a thread says between two small pieces of its work that it would make way. While the rest of the process has use for
// half of the processors or more, it rests here until it has had a twentieth of the time since it last did, but not for longer
// than a second at once, nor once `stop` is requested.
void give_way(const std::stop_token& stop);
// Sleeps in slices, so that who requests `stop` waits for one at most.
void rest(std::chrono::nanoseconds length, const std::stop_token& stop);

// What was used of the processors up to a moment, in nanoseconds.
struct Usage {
  std::int64_t at = 0;
  std::int64_t process = 0;
  std::int64_t thread = 0;
};
// How long a thread rests that has worked from `before` to `now`.
std::chrono::nanoseconds rest_due(const Usage& before, const Usage& now, unsigned processors);

}  // namespace parley::runtime
