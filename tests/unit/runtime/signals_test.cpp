#include "runtime/signals.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <thread>

namespace parley::runtime {
namespace {

TEST(StopSignal, GivesASignalThatCameBeforeItWasWaitedFor) {
  StopSignal stop;
  ::kill(::getpid(), SIGINT);
  EXPECT_EQ(stop.wait(), SIGINT);
}

TEST(StopSignal, SaysWhetherOneWaitsWithoutTakingIt) {
  StopSignal stop;
  EXPECT_FALSE(stop.pending());
  StopSignal::request();
  EXPECT_TRUE(stop.pending());
  EXPECT_EQ(stop.wait(), SIGTERM);
  EXPECT_FALSE(stop.pending());
}

TEST(StopSignal, IsNotHurtByASecondOneWhileTheProcessEnds) {
  {
    StopSignal stop;
    StopSignal::request();
    stop.wait();
    StopSignal::request();
  }
  EXPECT_EQ(StopSignal().wait(), SIGTERM);  // it still waits, rather than having ended this process
}

TEST(StopSignal, CanBeAskedForFromAnotherThread) {
  StopSignal stop;
  std::jthread part([] { StopSignal::request(); });
  EXPECT_EQ(stop.wait(), SIGTERM);
}

TEST(StopSignal, LetsAWriteToABrokenConnectionFailInsteadOfKilling) {
  StopSignal stop;
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  ::close(ends[1]);
  EXPECT_EQ(::write(ends[0], "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
  ::close(ends[0]);
}

}  // namespace
}  // namespace parley::runtime
