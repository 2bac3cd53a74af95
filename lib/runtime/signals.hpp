// Waits for SIGTERM or SIGINT in main. Made before any thread: the threads inherit the mask, so the signals reach wait() alone.
// That stays so to the end of the process: a second one, while it stops, changes nothing.
//
// Concurrency: wait() from one thread; request() from any. A broken connection is an error of its write, never a SIGPIPE.
#pragma once

#include <csignal>

namespace parley::runtime {

class StopSignal {
 public:
  StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  // Which one came. One that came before the call counts.
  int wait();
  // Has one come that wait() would return?
  [[nodiscard]] bool pending() const;
  // Stops the process as a SIGTERM from outside would: for a part that cannot go on.
  static void request();

 private:
  sigset_t signals_{};
};

}  // namespace parley::runtime
