#include "runtime/scheduling.hpp"

#include <pthread.h>
#include <sched.h>

namespace parley::runtime {
namespace {

void set_policy(int policy) {
  const sched_param parameters{};
  pthread_setschedparam(pthread_self(), policy, &parameters);
}

}  // namespace

void schedule_in_batches() { set_policy(SCHED_BATCH); }
void schedule_promptly() { set_policy(SCHED_OTHER); }
void schedule_behind_others() { set_policy(SCHED_IDLE); }

}  // namespace parley::runtime
