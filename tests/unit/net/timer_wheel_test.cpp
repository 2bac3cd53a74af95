#include "net/timer_wheel.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace parley::net {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

class Recorder : public TimerWheel::Entry {
 public:
  virtual ~Recorder() = default;
  void on_deadline() override {
    ++calls;
    at = Clock::now();
  }
  int calls = 0;
  Clock::time_point at;
};

class TimerWheelTest : public testing::Test {
 protected:
  TimerWheelTest() { wheel_.start(nullptr); }
  ~TimerWheelTest() override { wheel_.stop(); }
  void run_until(const Recorder& recorder) {
    const auto until = Clock::now() + 20s;
    while (recorder.calls == 0 && Clock::now() < until) context_.run_one_for(100ms);
  }

  boost::asio::io_context context_;
  TimerWheel wheel_{context_};
};

TEST_F(TimerWheelTest, CallsADeadlineOnceAndNeverEarly) {
  Recorder recorder;
  const auto begin = Clock::now();
  wheel_.arm(recorder, 55ms);
  run_until(recorder);
  EXPECT_GE(recorder.at - begin, 55ms);
  Recorder later;
  wheel_.arm(later, 60ms);
  run_until(later);
  EXPECT_EQ(recorder.calls, 1);
}

TEST_F(TimerWheelTest, KeepsToALaterDeadlineThatReplacesAnEarlierOne) {
  Recorder recorder;
  wheel_.arm(recorder, 20ms);
  const auto begin = Clock::now();
  wheel_.arm(recorder, 120ms);
  run_until(recorder);
  EXPECT_GE(recorder.at - begin, 120ms);
}

TEST_F(TimerWheelTest, KeepsToAnEarlierDeadlineThatReplacesALaterOne) {
  Recorder recorder;
  Recorder hour;
  wheel_.arm(recorder, 1h);
  wheel_.arm(hour, 1h);
  wheel_.arm(recorder, 20ms);
  run_until(recorder);
  EXPECT_EQ(recorder.calls, 1);
  EXPECT_EQ(hour.calls, 0);
}

TEST_F(TimerWheelTest, CallsNeitherADisarmedEntryNorADestroyedOne) {
  Recorder disarmed;
  wheel_.arm(disarmed, 20ms);
  wheel_.disarm(disarmed);
  std::optional<Recorder> destroyed(std::in_place);
  wheel_.arm(*destroyed, 20ms);
  destroyed.reset();
  Recorder last;
  wheel_.arm(last, 100ms);
  run_until(last);
  EXPECT_EQ(disarmed.calls, 0);
}

TEST_F(TimerWheelTest, LetsADeadlineArmItselfAgain) {
  class Again : public Recorder {
   public:
    explicit Again(TimerWheel& wheel) : wheel_(wheel) {}
    void on_deadline() override {
      Recorder::on_deadline();
      if (calls < 3) wheel_.arm(*this, 0ms);
    }

   private:
    TimerWheel& wheel_;
  };
  Again again(wheel_);
  wheel_.arm(again, 0ms);
  const auto until = Clock::now() + 20s;
  while (again.calls < 3 && Clock::now() < until) context_.run_one_for(100ms);
  EXPECT_EQ(again.calls, 3);
}

}  // namespace
}  // namespace parley::net
