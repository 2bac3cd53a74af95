#include "broadcaster/typing_throttle.hpp"

#include <gtest/gtest.h>

namespace parley::broadcaster {
namespace {

using namespace std::chrono_literals;

const core::ChannelId kLobby = core::room_id("lobby");
const core::ChannelId kAttic = core::room_id("attic");
constexpr TypingThrottle::Time kBegin{1000s};

TEST(TypingThrottle, OfOneUserInOneChannelIsToldOnceInThreeSeconds) {
  TypingThrottle throttle;
  EXPECT_TRUE(throttle.admit(kLobby, {"ann"}, kBegin));
  EXPECT_FALSE(throttle.admit(kLobby, {"ann"}, kBegin));
  EXPECT_FALSE(throttle.admit(kLobby, {"ann"}, kBegin + 2999ms));
  EXPECT_TRUE(throttle.admit(kLobby, {"ann"}, kBegin + 3s));
  EXPECT_FALSE(throttle.admit(kLobby, {"ann"}, kBegin + 5s));
}

TEST(TypingThrottle, UsersAndChannelsDontConcernEachOther) {
  TypingThrottle throttle;
  EXPECT_TRUE(throttle.admit(kLobby, {"ann"}, kBegin));
  EXPECT_TRUE(throttle.admit(kAttic, {"ann"}, kBegin));
  EXPECT_TRUE(throttle.admit(kLobby, {"bob"}, kBegin));
}

TEST(TypingThrottle, BeyondWhatItHoldsNothingIsToldUntilSomethingIsOld) {
  TypingThrottle throttle(2);
  EXPECT_TRUE(throttle.admit(kLobby, {"a"}, kBegin));
  EXPECT_TRUE(throttle.admit(kLobby, {"b"}, kBegin + 1s));
  EXPECT_FALSE(throttle.admit(kLobby, {"c"}, kBegin + 2s));
  EXPECT_TRUE(throttle.admit(kLobby, {"c"}, kBegin + 3s));
}

}  // namespace
}  // namespace parley::broadcaster
