// ThreadSanitizer (gcc 12, clang 19) does not intercept C11 <threads.h>, which Debian's librdkafka uses, and crashes in its
// threads. Found before libc's, these send each call to the pthread one that ThreadSanitizer does intercept.
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>

struct start {
  thrd_start_t run;
  void *argument;
};

static void *trampoline(void *raw) {
  struct start start = *(struct start *)raw;
  free(raw);
  return (void *)(intptr_t)start.run(start.argument);
}

static int to_thrd(int error) {
  switch (error) {
    case 0: return thrd_success;
    case EBUSY: return thrd_busy;
    case ETIMEDOUT: return thrd_timedout;
    case ENOMEM: return thrd_nomem;
    default: return thrd_error;
  }
}

int thrd_create(thrd_t *thread, thrd_start_t run, void *argument) {
  struct start *start = malloc(sizeof *start);
  if (!start) return thrd_nomem;
  start->run = run;
  start->argument = argument;
  const int error = pthread_create((pthread_t *)thread, NULL, trampoline, start);
  if (error) free(start);
  return to_thrd(error);
}

int thrd_join(thrd_t thread, int *result) {
  void *value = NULL;
  const int error = pthread_join((pthread_t)thread, &value);
  if (result) *result = (int)(intptr_t)value;
  return to_thrd(error);
}

int thrd_detach(thrd_t thread) { return to_thrd(pthread_detach((pthread_t)thread)); }

int mtx_init(mtx_t *mutex, int type) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, (type & mtx_recursive) ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
  const int error = pthread_mutex_init((pthread_mutex_t *)mutex, &attributes);
  pthread_mutexattr_destroy(&attributes);
  return to_thrd(error);
}

int mtx_lock(mtx_t *mutex) { return to_thrd(pthread_mutex_lock((pthread_mutex_t *)mutex)); }
int mtx_trylock(mtx_t *mutex) { return to_thrd(pthread_mutex_trylock((pthread_mutex_t *)mutex)); }
int mtx_timedlock(mtx_t *mutex, const struct timespec *until) {
  return to_thrd(pthread_mutex_timedlock((pthread_mutex_t *)mutex, until));
}
int mtx_unlock(mtx_t *mutex) { return to_thrd(pthread_mutex_unlock((pthread_mutex_t *)mutex)); }
void mtx_destroy(mtx_t *mutex) { pthread_mutex_destroy((pthread_mutex_t *)mutex); }

int cnd_init(cnd_t *condition) { return to_thrd(pthread_cond_init((pthread_cond_t *)condition, NULL)); }
int cnd_signal(cnd_t *condition) { return to_thrd(pthread_cond_signal((pthread_cond_t *)condition)); }
int cnd_broadcast(cnd_t *condition) { return to_thrd(pthread_cond_broadcast((pthread_cond_t *)condition)); }
int cnd_wait(cnd_t *condition, mtx_t *mutex) {
  return to_thrd(pthread_cond_wait((pthread_cond_t *)condition, (pthread_mutex_t *)mutex));
}
int cnd_timedwait(cnd_t *condition, mtx_t *mutex, const struct timespec *until) {
  return to_thrd(pthread_cond_timedwait((pthread_cond_t *)condition, (pthread_mutex_t *)mutex, until));
}
void cnd_destroy(cnd_t *condition) { pthread_cond_destroy((pthread_cond_t *)condition); }
