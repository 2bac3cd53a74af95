// What a client that comes back is told, by what it saw and what it hears.
#include "ingest/resume_plan.hpp"

#include <gmock/gmock.h>

namespace parley::ingest {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const core::ChannelId general = core::room_id("general");
const core::ChannelId other = core::room_id("other");

ResumePlan plan(const std::vector<service::Membership>& live, const std::vector<codec::SeenChannel>& seen) {
  return plan_resume(live, seen, 1, 100);
}

TEST(ResumePlan, what_lies_between_was_missed) {
  const auto planned = plan({{general, {9}, {1}}}, {{general, {4}}});
  ASSERT_EQ(planned.missed[0].size(), 1U);
  const auto& missed = planned.missed[0][0];
  EXPECT_EQ(missed.channel, general);
  EXPECT_EQ(missed.after, core::Version{4});
  EXPECT_EQ(missed.up_to, core::Version{9});
  EXPECT_THAT(planned.reset, IsEmpty());
}

TEST(ResumePlan, who_saw_all_missed_nothing) {
  const auto planned = plan({{general, {9}, {1}}}, {{general, {9}}});
  EXPECT_THAT(planned.missed[0], IsEmpty());
  EXPECT_THAT(planned.reset, IsEmpty());
}

TEST(ResumePlan, a_channel_that_it_does_not_know_is_fetched) {
  EXPECT_THAT(plan({{general, {9}, {1}}, {other, {2}, {1}}}, {{general, {9}}}).reset, ElementsAre(other));
}

TEST(ResumePlan, what_it_can_not_have_seen_is_fetched) {
  EXPECT_THAT(plan({{general, {9}, {1}}}, {{general, {10}}}).reset, ElementsAre(general));
}

TEST(ResumePlan, who_came_in_meanwhile_fetches_even_what_he_knew_before) {
  EXPECT_THAT(plan({{general, {9}, {6}}}, {{general, {4}}}).reset, ElementsAre(general));
  EXPECT_THAT(plan({{general, {9}, {6}}}, {{general, {6}}}).reset, IsEmpty());
}

TEST(ResumePlan, too_wide_a_gap_is_fetched) {
  EXPECT_THAT(plan({{general, {200}, {1}}}, {{general, {100}}}).reset, IsEmpty());
  EXPECT_THAT(plan({{general, {201}, {1}}}, {{general, {100}}}).reset, ElementsAre(general));
}

TEST(ResumePlan, a_channel_that_its_user_is_not_in_is_asked_for) {
  const auto planned = plan({}, {{general, {4}}});
  ASSERT_EQ(planned.missed[0].size(), 1U);
  EXPECT_EQ(planned.missed[0][0].up_to, core::Version{});
}

}  // namespace
}  // namespace parley::ingest
