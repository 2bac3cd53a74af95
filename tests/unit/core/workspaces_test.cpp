#include "tests/unit/core/chat.hpp"

namespace parley::core {
namespace {

using Workspaces = Chat;

TEST_F(Workspaces, belong_to_whoever_makes_them) {
  const auto id = workspace_id(dave, "dave's");
  const auto decision = does(dave, CreateWorkspace{id, "Dave's"});
  ASSERT_THAT(decision, Accepted());
  const WorkspaceHead expected{.id = id, .name = "Dave's", .owner = dave, .created_at = now, .version = {1}, .member_count = 1};
  EXPECT_EQ(only_change<WorkspaceCreated>(decision).head, expected);
  EXPECT_EQ(result<WorkspaceHead>(decision), expected);
  EXPECT_EQ(decision.outcome.version, Version{1});
  EXPECT_EQ(member(id, dave)->role, Role::Owner);
}

TEST_F(Workspaces, are_made_once_under_one_id) {
  EXPECT_THAT(does(alice, CreateWorkspace{acme, "Acme"}), Rejected(Code::Conflict));
}

TEST_F(Workspaces, never_come_back_under_the_id_of_a_deleted_one) {
  does(alice, DeleteWorkspace{acme});
  EXPECT_THAT(does(alice, CreateWorkspace{acme, "Acme"}), Rejected(Code::Conflict));
}

TEST_F(Workspaces, are_renamed_by_owners_and_admins) {
  does(alice, SetWorkspaceMember{acme, bob, Role::Admin});
  const auto decision = does(bob, UpdateWorkspace{acme, "Acme & Sons"});
  ASSERT_THAT(decision, Accepted());
  EXPECT_EQ(only_change<WorkspaceUpdated>(decision).head.name, "Acme & Sons");
  EXPECT_EQ(head(acme).name, "Acme & Sons");
  EXPECT_EQ(head(acme).version, Version{2});
  EXPECT_EQ(decision.outcome.version, Version{2});
}

TEST_F(Workspaces, are_not_renamed_by_plain_members) {
  EXPECT_THAT(does(bob, UpdateWorkspace{acme, "Bob's"}), Rejected(Code::Forbidden));
}

TEST_F(Workspaces, look_to_strangers_as_if_they_did_not_exist) {
  const auto nowhere = workspace_id(dave, "nowhere");
  for (const auto& id : {acme, nowhere}) {
    for (const Payload& payload :
         std::initializer_list<Payload>{UpdateWorkspace{id, "Dave's"}, DeleteWorkspace{id}, SetWorkspaceMember{id, dave},
                                        RemoveWorkspaceMember{id, alice}}) {
      const auto decision = does(dave, payload);
      EXPECT_THAT(decision, Rejected(Code::NotFound));
      EXPECT_EQ(decision.outcome.detail, "no such workspace");
    }
  }
}

TEST_F(Workspaces, are_renamed_only_in_the_version_that_was_seen) {
  EXPECT_THAT(does(alice, UpdateWorkspace{acme, "A", Version{7}}), Rejected(Code::VersionMismatch));
  EXPECT_THAT(does(alice, UpdateWorkspace{acme, "A", Version{1}}), Accepted());
  EXPECT_THAT(does(alice, UpdateWorkspace{acme, "B", Version{1}}), Rejected(Code::VersionMismatch));
}

TEST_F(Workspaces, do_not_change_when_renamed_to_the_name_they_have) {
  const auto decision = does(alice, UpdateWorkspace{acme, "Acme"});
  EXPECT_THAT(decision, ChangesNothing());
  EXPECT_EQ(result<WorkspaceHead>(decision), head(acme));
}

TEST_F(Workspaces, are_deleted_by_their_owners_alone) {
  does(alice, SetWorkspaceMember{acme, bob, Role::Admin});
  EXPECT_THAT(does(bob, DeleteWorkspace{acme}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(alice, DeleteWorkspace{acme}), Accepted());
}

TEST_F(Workspaces, take_their_channels_with_them) {
  const auto general = channel(ChannelKind::Public, "general", {bob});
  const auto secret = channel(ChannelKind::Private, "secret", {carol});
  post(bob, general, "hi");
  const auto decision = does(alice, DeleteWorkspace{acme});
  ASSERT_EQ(decision.changes.size(), 3u);
  EXPECT_EQ(decision.changes[0].channel(), std::min(general, secret));
  EXPECT_EQ(decision.changes[1].channel(), std::max(general, secret));
  const auto& of_general = decision.changes[general < secret ? 0 : 1];
  EXPECT_EQ(of_general.version, Version{3});
  const auto& deleted = std::get<ChannelDeleted>(of_general.body);
  EXPECT_TRUE(deleted.head.deleted);
  EXPECT_EQ(deleted.head.version, Version{3});
  EXPECT_EQ(deleted.members, (std::vector{alice, bob}));

  const auto& gone = change_at<WorkspaceDeleted>(decision, 2);
  EXPECT_EQ(gone.head.version, Version{2});
  EXPECT_THAT(gone.members, testing::ElementsAre(std::pair{alice, Role::Owner}, std::pair{bob, Role::Member},
                                                 std::pair{carol, Role::Member}));
  EXPECT_EQ(world.state().workspace(acme), nullptr);
  EXPECT_EQ(world.state().channel(general), nullptr);
  EXPECT_TRUE(world.state().channels_of(alice).empty());
}

TEST_F(Workspaces, are_gone_for_everyone_once_deleted) {
  const auto general = channel(ChannelKind::Public, "general");
  does(alice, DeleteWorkspace{acme});
  EXPECT_THAT(does(alice, DeleteWorkspace{acme}), Rejected(Code::NotFound));
  EXPECT_THAT(does(alice, PostMessage{.channel = general, .text = "?"}), Rejected(Code::NotFound));
}

}  // namespace
}  // namespace parley::core
