#include "limit/attempts.hpp"

#include <gtest/gtest.h>

namespace parley::limit {
namespace {

using std::chrono_literals::operator""s;

class AttemptsTest : public ::testing::Test {
 protected:
  runtime::ManualClock clock_{1'000'000};
};

TEST_F(AttemptsTest, AreAsManyAtOnceAsAMinuteHasAndThenOneAfterTheOther) {
  Attempts attempts(5, clock_);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(attempts.take("ann"), std::nullopt) << i;
  EXPECT_EQ(attempts.take("ann"), std::optional<Time>(12s));
  EXPECT_EQ(attempts.take("ann"), std::optional<Time>(12s)) << "what is refused does not count";
  clock_.advance(11'999);
  EXPECT_TRUE(attempts.take("ann"));
  clock_.advance(1);
  EXPECT_EQ(attempts.take("ann"), std::nullopt);
  EXPECT_TRUE(attempts.take("ann"));
  clock_.advance(60'000);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(attempts.take("ann"), std::nullopt) << i;
  EXPECT_TRUE(attempts.take("ann"));
}

TEST_F(AttemptsTest, OfOneAreNotThoseOfAnother) {
  Attempts attempts(1, clock_);
  EXPECT_EQ(attempts.take("ann"), std::nullopt);
  EXPECT_TRUE(attempts.take("ann"));
  EXPECT_EQ(attempts.take("bob"), std::nullopt);
}

TEST_F(AttemptsTest, HaveNoLimitWithZero) {
  Attempts attempts(0, clock_);
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(attempts.take("ann"), std::nullopt);
}

TEST_F(AttemptsTest, AreRefusedWhileThereIsNoRoomToCountThem) {
  Attempts attempts(1, clock_);
  const auto refused = [&](const std::string& names, std::size_t count) {
    std::size_t refusals = 0;
    for (std::size_t i = 0; i < count; ++i) refusals += attempts.take(names + std::to_string(i)) ? 1 : 0;
    return refusals;
  };
  EXPECT_GT(refused("many ", 2 * Attempts::kMaxNames), Attempts::kMaxNames / 2);
  clock_.advance(120'000);
  refused("some ", Attempts::kMaxNames / 2);  // in the course of these, those who have not tried for long are forgotten
  EXPECT_EQ(refused("later ", 1'000), 0U);
}

}  // namespace
}  // namespace parley::limit
