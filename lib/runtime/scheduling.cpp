#include "runtime/scheduling.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>

namespace parley::runtime {
namespace {

void set_policy(int policy) {
  const sched_param parameters{};
  pthread_setschedparam(pthread_self(), policy, &parameters);
}

}  // namespace

void schedule_in_batches() { set_policy(SCHED_BATCH); }
void schedule_promptly() { set_policy(SCHED_OTHER); }
void schedule_behind_others() {
  constexpr int kLowest = 19;
  set_policy(SCHED_BATCH);
  setpriority(PRIO_PROCESS, 0, kLowest);  // on Linux of the calling thread alone
}

}  // namespace parley::runtime
