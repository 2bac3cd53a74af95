#include "tests/unit/core/chat.hpp"

namespace parley::core {
namespace {

using WorkspaceMembers = Chat;

TEST_F(WorkspaceMembers, are_invited_as_plain_members_unless_more_is_said) {
  const auto decision = does(alice, SetWorkspaceMember{acme, dave});
  ASSERT_THAT(decision, Accepted());
  EXPECT_EQ(only_change<WorkspaceMemberJoined>(decision).member, (WorkspaceMember{Role::Member, now}));
  EXPECT_EQ(result<MemberResult>(decision), (MemberResult{dave, Role::Member, now}));
  EXPECT_EQ(head(acme).member_count, 4u);
}

TEST_F(WorkspaceMembers, take_no_version_of_the_workspace) {
  const auto decision = does(alice, SetWorkspaceMember{acme, dave});
  EXPECT_EQ(decision.changes.front().version, Version{1});
  EXPECT_EQ(decision.outcome.version, Version{1});
  EXPECT_EQ(head(acme).version, Version{1});
}

TEST_F(WorkspaceMembers, are_not_invited_by_plain_members) {
  EXPECT_THAT(does(bob, SetWorkspaceMember{acme, dave}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(bob, SetWorkspaceMember{acme, carol}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(bob, SetWorkspaceMember{acme, bob, Role::Owner}), Rejected(Code::Forbidden));
}

TEST_F(WorkspaceMembers, stay_as_they_are_when_invited_again) {
  const auto joined_at = member(acme, bob)->joined_at;
  for (const auto role : {std::optional<Role>{}, std::optional{Role::Member}}) {
    const auto decision = does(alice, SetWorkspaceMember{acme, bob, role});
    EXPECT_THAT(decision, ChangesNothing());
    EXPECT_EQ(result<MemberResult>(decision), (MemberResult{bob, Role::Member, joined_at}));
  }
}

TEST_F(WorkspaceMembers, keep_their_role_when_invited_again_without_one) {
  does(alice, SetWorkspaceMember{acme, bob, Role::Admin});
  EXPECT_THAT(does(alice, SetWorkspaceMember{acme, bob}), ChangesNothing());
  EXPECT_EQ(member(acme, bob)->role, Role::Admin);
}

TEST_F(WorkspaceMembers, get_any_role_from_an_owner) {
  const auto joined_at = member(acme, bob)->joined_at;
  for (const auto role : {Role::Admin, Role::Owner, Role::Member}) {
    const auto decision = does(alice, SetWorkspaceMember{acme, bob, role});
    ASSERT_THAT(decision, Accepted());
    EXPECT_EQ(*member(acme, bob), (WorkspaceMember{role, joined_at}));
  }
  EXPECT_EQ(head(acme).member_count, 3u);
}

TEST_F(WorkspaceMembers, get_only_the_lowest_role_from_an_admin) {
  does(alice, SetWorkspaceMember{acme, bob, Role::Admin});
  EXPECT_THAT(does(bob, SetWorkspaceMember{acme, dave}), Accepted());
  EXPECT_THAT(does(bob, SetWorkspaceMember{acme, carol, Role::Admin}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(bob, SetWorkspaceMember{acme, {"erin"}, Role::Owner}), Rejected(Code::Forbidden));
}

TEST_F(WorkspaceMembers, of_his_own_rank_or_above_are_not_demoted_by_an_admin) {
  does(alice, SetWorkspaceMember{acme, bob, Role::Admin});
  does(alice, SetWorkspaceMember{acme, carol, Role::Admin});
  EXPECT_THAT(does(bob, SetWorkspaceMember{acme, carol, Role::Member}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(bob, SetWorkspaceMember{acme, alice, Role::Member}), Rejected(Code::Forbidden));
}

TEST_F(WorkspaceMembers, may_step_down_by_themselves) {
  does(alice, SetWorkspaceMember{acme, bob, Role::Admin});
  EXPECT_THAT(does(bob, SetWorkspaceMember{acme, bob, Role::Owner}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(bob, SetWorkspaceMember{acme, bob, Role::Member}), Accepted());
  EXPECT_EQ(member(acme, bob)->role, Role::Member);
}

TEST_F(WorkspaceMembers, have_an_owner_among_them_always) {
  EXPECT_THAT(does(alice, SetWorkspaceMember{acme, alice, Role::Admin}), Rejected(Code::Conflict));
  EXPECT_THAT(does(alice, RemoveWorkspaceMember{acme, alice}), Rejected(Code::Conflict));
  does(alice, SetWorkspaceMember{acme, bob, Role::Owner});
  EXPECT_THAT(does(alice, RemoveWorkspaceMember{acme, alice}), Accepted());
  EXPECT_THAT(does(bob, RemoveWorkspaceMember{acme, bob}), Rejected(Code::Conflict));
}

TEST_F(WorkspaceMembers, who_leave_leave_its_channels_first_in_the_order_of_their_ids) {
  const auto one = channel(ChannelKind::Public, "one", {bob});
  const auto two = channel(ChannelKind::Private, "two", {bob});
  channel(ChannelKind::Public, "three");
  const auto elsewhere = group("elsewhere", {bob});
  const auto decision = does(bob, RemoveWorkspaceMember{acme, bob});
  ASSERT_EQ(decision.changes.size(), 3u);
  EXPECT_EQ(decision.changes[0].channel(), std::min(one, two));
  EXPECT_EQ(decision.changes[1].channel(), std::max(one, two));
  EXPECT_EQ(decision.changes[0].version, Version{2});
  EXPECT_EQ(change_at<MemberLeft>(decision, 0), (MemberLeft{bob, Role::Member, Version{1}}));
  EXPECT_EQ(change_at<WorkspaceMemberLeft>(decision, 2), (WorkspaceMemberLeft{bob, Role::Member}));
  EXPECT_EQ(member(acme, bob), nullptr);
  EXPECT_EQ(head(one).member_count, 1u);
  EXPECT_THAT(world.state().channels_of(bob), testing::ElementsAre(elsewhere));
}

TEST_F(WorkspaceMembers, are_removed_by_owners_and_admins_alone) {
  EXPECT_THAT(does(bob, RemoveWorkspaceMember{acme, carol}), Rejected(Code::Forbidden));
  does(alice, SetWorkspaceMember{acme, bob, Role::Admin});
  const auto decision = does(bob, RemoveWorkspaceMember{acme, carol});
  ASSERT_THAT(decision, Accepted());
  EXPECT_EQ(decision.changes.back().actor, bob);
  EXPECT_EQ(member(acme, carol), nullptr);
}

TEST_F(WorkspaceMembers, of_his_own_rank_or_above_are_not_removed_by_an_admin) {
  does(alice, SetWorkspaceMember{acme, bob, Role::Admin});
  does(alice, SetWorkspaceMember{acme, carol, Role::Admin});
  EXPECT_THAT(does(bob, RemoveWorkspaceMember{acme, alice}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(bob, RemoveWorkspaceMember{acme, carol}), Rejected(Code::Forbidden));
  does(alice, SetWorkspaceMember{acme, carol, Role::Owner});
  EXPECT_THAT(does(alice, RemoveWorkspaceMember{acme, carol}), Accepted());
}

TEST_F(WorkspaceMembers, who_are_none_cannot_be_removed) {
  EXPECT_THAT(does(alice, RemoveWorkspaceMember{acme, dave}), Rejected(Code::NotFound));
}

}  // namespace
}  // namespace parley::core
