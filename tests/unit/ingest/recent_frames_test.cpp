// What is kept of a channel's newest events.
#include "ingest/recent_frames.hpp"

#include <gmock/gmock.h>

namespace parley::ingest {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const core::ChannelId general = core::room_id("general");
const core::ChannelId random = core::room_id("random");

class RecentFramesTest : public testing::Test {
 protected:
  void add(const core::ChannelId& channel, std::uint64_t version, const std::string& text) {
    frames.add(channel, {version}, net::make_frame(text));
  }
  std::vector<std::string> between(const core::ChannelId& channel, std::uint64_t after, std::uint64_t up_to) const {
    std::vector<std::string> texts;
    for (const auto& frame : frames.between(channel, {after}, {up_to})) texts.emplace_back(frame->text());
    return texts;
  }

  RecentFrames frames{10};
};

TEST_F(RecentFramesTest, gives_a_gap_that_it_has_whole) {
  for (std::uint64_t v = 5; v <= 8; ++v) add(general, v, std::to_string(v));
  EXPECT_THAT(between(general, 4, 8), ElementsAre("5", "6", "7", "8"));
  EXPECT_THAT(between(general, 6, 7), ElementsAre("7"));
  EXPECT_THAT(between(general, 3, 8), IsEmpty()) << "4 is not there";
  EXPECT_THAT(between(general, 6, 9), IsEmpty()) << "9 is not there yet";
  EXPECT_THAT(between(random, 1, 2), IsEmpty());
}

TEST_F(RecentFramesTest, begins_anew_behind_a_hole_and_takes_nothing_twice) {
  add(general, 5, "a");
  add(general, 7, "b");
  add(general, 7, "c");
  EXPECT_THAT(between(general, 4, 7), IsEmpty());
  EXPECT_THAT(between(general, 6, 7), ElementsAre("b"));
}

TEST_F(RecentFramesTest, the_oldest_of_the_quietest_channel_goes_first) {
  add(general, 1, "aaaa");
  add(random, 1, "bbbb");
  add(general, 2, "cccc");
  EXPECT_THAT(between(random, 0, 1), IsEmpty());
  EXPECT_THAT(between(general, 0, 2), ElementsAre("aaaa", "cccc"));
  EXPECT_EQ(frames.bytes(), 8U);
  add(general, 3, "dddd");
  EXPECT_THAT(between(general, 1, 3), ElementsAre("cccc", "dddd"));
}

TEST_F(RecentFramesTest, one_that_is_larger_than_all_is_not_kept) {
  add(general, 1, std::string(11, 'x'));
  EXPECT_EQ(frames.bytes(), 0U);
  EXPECT_THAT(between(general, 0, 1), IsEmpty());
}

TEST_F(RecentFramesTest, takes_what_was_read_before_it) {
  add(general, 5, "5");
  frames.add_earlier(general, {3}, {net::make_frame("3"), net::make_frame("4"), net::make_frame("x")});
  EXPECT_THAT(between(general, 2, 5), ElementsAre("3", "4", "5"));
  frames.add_earlier(general, {1}, {net::make_frame("1")});
  EXPECT_THAT(between(general, 0, 5), IsEmpty()) << "2 is missing in between";
  frames.add_earlier(random, {8}, {net::make_frame("8"), net::make_frame("9")});
  add(random, 10, "X");
  EXPECT_THAT(between(random, 7, 10), ElementsAre("8", "9", "X"));
}

TEST_F(RecentFramesTest, forgets_a_channel) {
  add(general, 1, "a");
  frames.forget(general);
  frames.forget(random);
  EXPECT_THAT(between(general, 0, 1), IsEmpty());
  EXPECT_EQ(frames.bytes(), 0U);
}

}  // namespace
}  // namespace parley::ingest
