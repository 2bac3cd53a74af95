// How the kernel wakes this process's threads, see sched(7). What appends, folds and stores works in batches, and is cheaper
// the more there is to do at once: under SCHED_BATCH a thread that wakes waits for the one that runs, rather than cutting in
// for the first item. On an idle processor it makes no difference. The threads that serve sockets stay prompt.
//
// Concurrency: concerns the calling thread, and those that it makes from then on. Errors: none; where the kernel says no, all
// stays as it was.
#pragma once

namespace parley::runtime {

void schedule_in_batches();
void schedule_promptly();
// Takes what the others leave of the processors, under SCHED_IDLE: for what may be late. Lowest niceness would not do: what works
// in batches does not cut in on that either, and would wait for the end of its slice.
void schedule_behind_others();

}  // namespace parley::runtime
