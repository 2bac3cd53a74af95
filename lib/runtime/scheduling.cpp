#include "runtime/scheduling.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <ctime>
#include <thread>

#include "runtime/shards.hpp"

namespace parley::runtime {
namespace {

using std::chrono::nanoseconds;

void set_policy(int policy) {
  const sched_param parameters{};
  pthread_setschedparam(pthread_self(), policy, &parameters);
}

std::int64_t read_clock(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

void schedule_in_batches() { set_policy(SCHED_BATCH); }
void schedule_promptly() { set_policy(SCHED_OTHER); }
void schedule_behind_others() {
  constexpr int kLowest = 19;
  set_policy(SCHED_BATCH);
  setpriority(PRIO_PROCESS, 0, kLowest);  // on Linux of the calling thread alone
}

void give_way(const std::stop_token& stop) {
  constexpr std::int64_t kPiece = 1'000'000;
  static const auto kProcessors = static_cast<unsigned>(available_cpus());
  thread_local Usage before;
  const auto thread = read_clock(CLOCK_THREAD_CPUTIME_ID);
  if (thread - before.thread < kPiece) return;
  const Usage now{read_clock(CLOCK_MONOTONIC), read_clock(CLOCK_PROCESS_CPUTIME_ID), thread};
  const auto length = rest_due(before, now, kProcessors);
  before = now;
  rest(length, stop);
}

void rest(nanoseconds length, const std::stop_token& stop) {
  constexpr std::chrono::milliseconds kSlice{20};
  const auto until = std::chrono::steady_clock::now() + length;
  for (auto now = until - length; now < until && !stop.stop_requested(); now = std::chrono::steady_clock::now())
    std::this_thread::sleep_for(std::min<nanoseconds>(kSlice, until - now));
}

nanoseconds rest_due(const Usage& before, const Usage& now, unsigned processors) {
  constexpr int kRestsFor = 19;  // as long as it has worked
  constexpr nanoseconds kLongest = std::chrono::seconds(1);
  const auto worked = now.thread - before.thread;
  const auto others = now.process - before.process - worked;
  if (2 * others < (now.at - before.at) * processors) return nanoseconds(0);
  return std::min(nanoseconds(kRestsFor * worked), kLongest);
}

}  // namespace parley::runtime
