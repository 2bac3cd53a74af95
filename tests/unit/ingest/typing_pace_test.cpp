#include "ingest/typing_pace.hpp"

#include <gtest/gtest.h>

namespace parley::ingest {
namespace {

using namespace std::chrono_literals;

core::ChannelId channel(std::size_t number) { return core::room_id(std::to_string(number)); }
constexpr TypingPace::Time kBegin{1000s};

TEST(TypingPace, EachChannelOnceInThreeSeconds) {
  TypingPace pace;
  EXPECT_TRUE(pace.admit(channel(1), kBegin));
  EXPECT_TRUE(pace.admit(channel(2), kBegin + 1s));
  EXPECT_FALSE(pace.admit(channel(1), kBegin + 2999ms));
  EXPECT_TRUE(pace.admit(channel(1), kBegin + 3s));
  EXPECT_FALSE(pace.admit(channel(2), kBegin + 3s));
}

TEST(TypingPace, InTooManyChannelsAtOnceIsNotPassedOn) {
  TypingPace pace;
  for (std::size_t i = 0; i < TypingPace::kMaxChannels; ++i) EXPECT_TRUE(pace.admit(channel(i), kBegin));
  EXPECT_FALSE(pace.admit(channel(1000), kBegin + 1s));
  EXPECT_TRUE(pace.admit(channel(1000), kBegin + 3s));
}

}  // namespace
}  // namespace parley::ingest
