#include "tests/unit/core/chat.hpp"

namespace parley::core {
namespace {

using Profiles = Chat;

TEST_F(Profiles, are_kept_in_the_stream_of_their_user) {
  const auto decision = does(bob, SetProfile{"Bob", "https://example.org/bob.png"});
  ASSERT_THAT(decision, Accepted());
  const UserProfile expected{"Bob", "https://example.org/bob.png", now};
  EXPECT_EQ(decision.changes.front().subject, user_stream(bob).uuid);
  EXPECT_EQ(only_change<ProfileSet>(decision), (ProfileSet{bob, expected}));
  EXPECT_EQ(result<UserResult>(decision), (UserResult{bob, expected}));
  EXPECT_EQ(*world.state().profile(bob), expected);
}

TEST_F(Profiles, remember_when_they_were_first_made) {
  does(bob, SetProfile{"Bob"});
  const auto first = now;
  does(bob, SetProfile{"Robert"});
  EXPECT_EQ(*world.state().profile(bob), (UserProfile{"Robert", std::nullopt, first}));
}

TEST_F(Profiles, do_not_change_when_set_to_what_they_are) {
  does(bob, SetProfile{"Bob"});
  EXPECT_THAT(does(bob, SetProfile{"Bob"}), ChangesNothing());
}

TEST_F(Profiles, are_unknown_of_those_who_never_set_one) { EXPECT_EQ(world.state().profile(carol), nullptr); }

}  // namespace
}  // namespace parley::core
