#include "tests/unit/core/chat.hpp"

namespace parley::core {
namespace {

class Members : public Chat {
 protected:
  const ChannelId general = channel(ChannelKind::Public, "general");
  const ChannelId secret = channel(ChannelKind::Private, "secret", {bob});
};

TEST_F(Members, of_the_workspace_join_a_public_channel_by_themselves) {
  post(alice, general, "one");
  const auto decision = does(bob, SetChannelMember{general, bob});
  ASSERT_THAT(decision, Accepted());
  EXPECT_EQ(only_change<MemberJoined>(decision).user, bob);
  EXPECT_EQ(decision.outcome.channel, general);
  EXPECT_EQ(decision.outcome.seq, Seq{1});
  EXPECT_EQ(decision.outcome.version, Version{3});
  EXPECT_EQ(result<MemberResult>(decision), (MemberResult{bob, Role::Member, now}));
  EXPECT_EQ(head(general).member_count, 2u);
  EXPECT_EQ(head(general).version, Version{3});
}

TEST_F(Members, begin_with_nothing_unread) {
  post(alice, general, "one");
  post(alice, general, "two");
  does(bob, SetChannelMember{general, bob});
  EXPECT_EQ(
      *member(general, bob),
      (ChannelMember{.role = Role::Member, .joined_at = now, .read_seq = {2}, .delivered_seq = {2}, .joined_version = {4}}));
}

TEST_F(Members, who_join_do_not_choose_a_higher_role) {
  EXPECT_THAT(does(bob, SetChannelMember{general, bob, Role::Admin}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(bob, SetChannelMember{secret, bob, Role::Admin}), Rejected(Code::Forbidden));
  does(alice, SetWorkspaceMember{acme, carol, Role::Admin});
  EXPECT_THAT(does(carol, SetChannelMember{general, carol, Role::Owner}), Accepted()) << "an admin of the workspace does";
}

TEST_F(Members, stay_as_they_are_when_they_join_again) {
  does(bob, SetChannelMember{general, bob});
  const auto joined_at = now;
  const auto decision = does(bob, SetChannelMember{general, bob});
  EXPECT_THAT(decision, ChangesNothing());
  EXPECT_EQ(result<MemberResult>(decision).joined_at, joined_at);
  EXPECT_EQ(decision.outcome.version, Version{2});
}

TEST_F(Members, invite_others_into_private_channels_as_plain_members) {
  EXPECT_THAT(does(bob, SetChannelMember{secret, carol, Role::Admin}), Rejected(Code::Forbidden));
  const auto decision = does(bob, SetChannelMember{secret, carol});
  ASSERT_THAT(decision, Accepted());
  EXPECT_EQ(decision.changes.front().actor, bob);
  EXPECT_TRUE(world.state().channels_of(carol).contains(secret));
}

TEST_F(Members, cannot_be_invited_from_outside_the_workspace) {
  EXPECT_THAT(does(alice, SetChannelMember{general, dave}), Rejected(Code::Conflict));
  EXPECT_THAT(does(bob, SetChannelMember{secret, dave}), Rejected(Code::Conflict));
}

TEST_F(Members, of_groups_come_from_anywhere) {
  const auto id = group("climbing", {bob});
  EXPECT_THAT(does(bob, SetChannelMember{id, dave}), Accepted());
}

TEST_F(Members, are_not_invited_into_a_public_channel_by_one_who_is_not_in_it) {
  EXPECT_THAT(does(bob, SetChannelMember{general, carol}), Rejected(Code::Forbidden));
  does(alice, SetWorkspaceMember{acme, bob, Role::Admin});
  EXPECT_THAT(does(bob, SetChannelMember{general, carol}), Accepted()) << "save by an admin of the workspace";
}

TEST_F(Members, get_any_role_from_an_owner_and_keep_their_cursors) {
  does(bob, PostMessage{.channel = secret, .text = "hi"});
  const auto before = *member(secret, bob);
  const auto decision = does(alice, SetChannelMember{secret, bob, Role::Owner});
  ASSERT_THAT(decision, Accepted());
  auto expected = before;
  expected.role = Role::Owner;
  EXPECT_EQ(only_change<MemberJoined>(decision), (MemberJoined{bob, expected, true}));
  EXPECT_EQ(head(secret).member_count, 2u);
}

TEST_F(Members, get_only_roles_below_his_own_from_an_admin) {
  const auto id = group("climbing", {bob, carol});
  does(alice, SetChannelMember{id, bob, Role::Admin});
  EXPECT_THAT(does(bob, SetChannelMember{id, carol, Role::Admin}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(bob, SetChannelMember{id, dave, Role::Admin}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(bob, SetChannelMember{id, alice, Role::Member}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(bob, SetChannelMember{id, dave, Role::Member}), Accepted());
}

TEST_F(Members, may_step_down_by_themselves) {
  EXPECT_THAT(does(alice, SetChannelMember{secret, alice, Role::Member}), Accepted());
  EXPECT_EQ(member(secret, alice)->role, Role::Member);
}

TEST_F(Members, leave_when_they_like_even_the_last_owner) {
  const auto id = group("climbing", {bob});
  const auto decision = does(alice, RemoveChannelMember{id, alice});
  ASSERT_THAT(decision, Accepted());
  EXPECT_EQ(only_change<MemberLeft>(decision), (MemberLeft{alice, Role::Owner, Version{1}}));
  EXPECT_EQ(decision.outcome.channel, id);
  EXPECT_EQ(decision.outcome.version, Version{2});
  EXPECT_EQ(head(id).member_count, 1u);
  EXPECT_FALSE(world.state().channels_of(alice).contains(id));
}

TEST_F(Members, who_left_a_private_channel_no_longer_see_it) {
  does(bob, RemoveChannelMember{secret, bob});
  EXPECT_THAT(does(bob, PostMessage{.channel = secret, .text = "x"}), Rejected(Code::NotFound));
  EXPECT_THAT(does(bob, SetChannelMember{secret, bob}), Rejected(Code::NotFound));
}

TEST_F(Members, are_removed_by_admins_alone) {
  const auto id = group("climbing", {bob, carol});
  EXPECT_THAT(does(bob, RemoveChannelMember{id, carol}), Rejected(Code::Forbidden));
  does(alice, SetChannelMember{id, bob, Role::Admin});
  EXPECT_THAT(does(bob, RemoveChannelMember{id, alice}), Rejected(Code::Forbidden)) << "an owner stands above him";
  EXPECT_THAT(does(bob, RemoveChannelMember{id, carol}), Accepted());
}

TEST_F(Members, of_a_public_channel_are_removed_by_admins_of_the_workspace) {
  does(bob, SetChannelMember{general, bob});
  does(alice, SetWorkspaceMember{acme, carol, Role::Admin});
  EXPECT_THAT(does(carol, RemoveChannelMember{general, bob}), Accepted());
}

TEST_F(Members, who_are_none_cannot_be_removed) {
  EXPECT_THAT(does(alice, RemoveChannelMember{general, bob}), Rejected(Code::NotFound));
  EXPECT_THAT(does(bob, RemoveChannelMember{general, bob}), Rejected(Code::NotFound));
}

TEST_F(Members, of_a_group_that_everyone_left_cannot_come_back) {
  const auto id = group("climbing");
  does(alice, RemoveChannelMember{id, alice});
  EXPECT_EQ(head(id).member_count, 0u);
  EXPECT_THAT(does(alice, SetChannelMember{id, alice}), Rejected(Code::NotFound));
}

}  // namespace
}  // namespace parley::core
