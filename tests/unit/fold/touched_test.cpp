#include "fold/touched.hpp"

#include <gmock/gmock.h>

namespace parley::fold {
namespace {

using ::testing::ElementsAre;
using Messages = codec::TouchedRow::Run;

const auto one = core::group_id({"alice"}, "one");
const auto other = core::group_id({"alice"}, "other");

TEST(Touched, MessagesThatFollowEachOtherAreOneRun) {
  Touched touched;
  EXPECT_TRUE(touched.empty());
  for (const std::uint64_t seq : {7, 8, 9}) touched.message(one, {seq});
  touched.message(other, {1});
  touched.message(one, {10});
  touched.message(one, {2});
  ASSERT_EQ(touched.row().channels.size(), 2U);
  EXPECT_EQ(touched.row().channels[0].id, one);
  EXPECT_THAT(touched.row().channels[0].runs, ElementsAre(Messages{{7}, 4}, Messages{{2}, 1}));
  EXPECT_THAT(touched.row().channels[1].runs, ElementsAre(Messages{{1}, 1}));
  touched.clear();
  EXPECT_TRUE(touched.empty());
}

TEST(Touched, AChannelThatGoesAndAPurgeAreSomething) {
  Touched gone;
  gone.dropped(one);
  EXPECT_TRUE(gone.row().channels[0].dropped);
  Touched purge;
  purge.purge();
  EXPECT_FALSE(purge.empty());
}

}  // namespace
}  // namespace parley::fold
