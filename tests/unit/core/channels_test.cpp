#include "tests/unit/core/chat.hpp"

namespace parley::core {
namespace {

class Channels : public Chat {
 protected:
  const ChannelId general = channel(ChannelKind::Public, "general", {bob});
  const ChannelId secret = channel(ChannelKind::Private, "secret", {bob});
};

TEST_F(Channels, begin_with_their_creator_as_owner_and_the_listed_as_members_each_once) {
  const auto id = channel_id(acme, bob, "k");
  const auto decision = does(bob, CreateChannel{id, ChannelKind::Public, acme, "news", "all of it", {carol, bob, carol}});
  ASSERT_THAT(decision, Accepted());
  const auto& created = only_change<ChannelCreated>(decision);
  const ChannelHead expected{.id = id,
                             .kind = ChannelKind::Public,
                             .workspace = acme,
                             .name = "news",
                             .topic = "all of it",
                             .created_by = bob,
                             .created_at = now,
                             .version = {1},
                             .member_count = 2,
                             .active_at = now};
  EXPECT_EQ(created.head, expected);
  EXPECT_EQ(result<ChannelHead>(decision), expected);
  EXPECT_EQ(decision.outcome.channel, id);
  EXPECT_THAT(
      created.members,
      testing::ElementsAre(std::pair{bob, ChannelMember{.role = Role::Owner, .joined_at = now, .joined_version = {1}}},
                           std::pair{carol, ChannelMember{.role = Role::Member, .joined_at = now, .joined_version = {1}}}));
  EXPECT_TRUE(world.state().channels_of(carol).contains(id));
}

TEST_F(Channels, are_not_made_in_a_workspace_by_strangers) {
  EXPECT_THAT(does(dave, CreateChannel{channel_id(acme, dave, "k"), ChannelKind::Public, acme, "x"}), Rejected(Code::NotFound));
}

TEST_F(Channels, have_members_of_their_workspace_only) {
  EXPECT_THAT(does(alice, CreateChannel{channel_id(acme, alice, "k"), ChannelKind::Private, acme, "x", "", {bob, dave}}),
              Rejected(Code::Conflict));
}

TEST_F(Channels, are_made_once_under_one_id) {
  EXPECT_THAT(does(alice, CreateChannel{general, ChannelKind::Public, acme, "other"}), Rejected(Code::Conflict));
  does(alice, DeleteChannel{general});
  EXPECT_THAT(does(alice, CreateChannel{general, ChannelKind::Public, acme, "other"}), Rejected(Code::Conflict));
}

TEST_F(Channels, that_are_public_have_a_name_of_their_own) {
  const auto create = [&](ChannelKind kind, const char* name, const char* key) {
    return does(bob, CreateChannel{channel_id(acme, bob, key), kind, acme, name});
  };
  EXPECT_THAT(create(ChannelKind::Public, "general", "a"), Rejected(Code::Conflict));
  EXPECT_THAT(create(ChannelKind::Private, "general", "b"), Accepted());
  EXPECT_THAT(create(ChannelKind::Public, "secret", "c"), Accepted());
}

TEST_F(Channels, give_their_name_back_when_deleted_or_renamed) {
  does(alice, UpdateChannel{.channel = general, .name = "lobby"});
  EXPECT_THAT(does(bob, CreateChannel{channel_id(acme, bob, "a"), ChannelKind::Public, acme, "general"}), Accepted());
  EXPECT_THAT(does(bob, CreateChannel{channel_id(acme, bob, "b"), ChannelKind::Public, acme, "lobby"}),
              Rejected(Code::Conflict));
  does(alice, DeleteChannel{general});
  EXPECT_THAT(does(bob, CreateChannel{channel_id(acme, bob, "c"), ChannelKind::Public, acme, "lobby"}), Accepted());
}

TEST_F(Channels, of_two_workspaces_may_have_the_same_name) {
  const auto other = workspace_id(alice, "other");
  does(alice, CreateWorkspace{other, "Other"});
  EXPECT_THAT(does(alice, CreateChannel{channel_id(other, alice, "k"), ChannelKind::Public, other, "general"}), Accepted());
}

TEST_F(Channels, are_of_a_kind_that_fits_with_a_workspace_or_none) {
  const auto id = channel_id(acme, alice, "k");
  EXPECT_THAT(does(alice, CreateChannel{id, ChannelKind::Public, {}, "x"}), Rejected(Code::InvalidArgument));
  EXPECT_THAT(does(alice, CreateChannel{id, ChannelKind::Private, {}, "x"}), Rejected(Code::InvalidArgument));
  EXPECT_THAT(does(alice, CreateChannel{id, ChannelKind::Group, acme, "x"}), Rejected(Code::InvalidArgument));
  EXPECT_THAT(does(alice, CreateChannel{id, ChannelKind::Direct, {}, "x"}), Rejected(Code::InvalidArgument));
  EXPECT_THAT(does(alice, CreateChannel{id, ChannelKind::Room, {}, "x"}), Rejected(Code::InvalidArgument));
}

TEST_F(Channels, are_changed_by_their_creator_or_an_admin_and_tell_what_they_are_now) {
  const auto decision = does(alice, UpdateChannel{.channel = general, .name = "lobby", .topic = "welcome"});
  ASSERT_THAT(decision, Accepted());
  EXPECT_EQ(decision.outcome.version, Version{2});
  EXPECT_EQ(only_change<ChannelUpdated>(decision).head, head(general));
  EXPECT_EQ(result<ChannelHead>(decision), head(general));
  EXPECT_EQ(head(general).name, "lobby");
  EXPECT_EQ(head(general).topic, "welcome");
}

TEST_F(Channels, carry_metadata_that_is_replaced_whole) {
  const auto id = channel_id(acme, alice, "tagged");
  const auto created =
      does(alice, CreateChannel{.channel = id, .workspace = acme, .name = "tagged", .metadata = R"({"a":1,"b":2})"});
  EXPECT_EQ(only_change<ChannelCreated>(created).head.metadata, R"({"a":1,"b":2})");
  const auto updated = does(alice, UpdateChannel{.channel = id, .metadata = R"({"c":3})"});
  ASSERT_THAT(updated, Accepted());
  EXPECT_EQ(only_change<ChannelUpdated>(updated).head.metadata, R"({"c":3})");
  EXPECT_EQ(updated.outcome.version, Version{2});
  EXPECT_THAT(does(alice, UpdateChannel{.channel = id, .metadata = R"({"c":3})"}), ChangesNothing());
  does(alice, UpdateChannel{.channel = id, .topic = "and nothing else"});
  EXPECT_EQ(head(id).metadata, R"({"c":3})");
  EXPECT_THAT(does(bob, UpdateChannel{.channel = general, .metadata = "{}"}), Rejected(Code::Forbidden));
  does(alice, UpdateChannel{.channel = id, .metadata = ""});
  EXPECT_EQ(head(id).metadata, "");
}

TEST_F(Channels, are_not_changed_by_plain_members) {
  EXPECT_THAT(does(bob, UpdateChannel{.channel = general, .topic = "mine"}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(carol, UpdateChannel{.channel = general, .topic = "mine"}), Rejected(Code::Forbidden));
}

TEST_F(Channels, are_changed_by_their_own_admins_too) {
  does(alice, SetChannelMember{secret, bob, Role::Admin});
  EXPECT_THAT(does(bob, UpdateChannel{.channel = secret, .topic = "ours"}), Accepted());
}

TEST_F(Channels, that_are_public_are_changed_by_admins_of_the_workspace_who_are_not_in_them) {
  does(alice, SetWorkspaceMember{acme, carol, Role::Admin});
  EXPECT_THAT(does(carol, UpdateChannel{.channel = general, .topic = "tidy"}), Accepted());
}

TEST_F(Channels, that_are_private_are_hidden_even_from_admins_of_the_workspace) {
  does(alice, SetWorkspaceMember{acme, carol, Role::Admin});
  EXPECT_THAT(does(carol, UpdateChannel{.channel = secret, .topic = "tidy"}), Rejected(Code::NotFound));
  EXPECT_THAT(does(carol, DeleteChannel{secret}), Rejected(Code::NotFound));
}

TEST_F(Channels, do_not_change_when_nothing_would_be_different) {
  const auto decision = does(alice, UpdateChannel{.channel = general, .name = "general"});
  EXPECT_THAT(decision, ChangesNothing());
  EXPECT_EQ(decision.outcome.version, Version{1});
  EXPECT_THAT(does(alice, UpdateChannel{.channel = general}), ChangesNothing());
}

TEST_F(Channels, do_not_take_the_name_of_another_public_one) {
  channel(ChannelKind::Public, "lobby");
  EXPECT_THAT(does(alice, UpdateChannel{.channel = general, .name = "lobby"}), Rejected(Code::Conflict));
  EXPECT_THAT(does(alice, UpdateChannel{.channel = secret, .name = "lobby"}), Accepted());
}

TEST_F(Channels, are_changed_only_in_the_version_that_was_seen) {
  EXPECT_THAT(does(alice, UpdateChannel{.channel = general, .topic = "a", .if_version = Version{2}}),
              Rejected(Code::VersionMismatch));
  EXPECT_THAT(does(alice, UpdateChannel{.channel = general, .topic = "a", .if_version = Version{1}}), Accepted());
}

TEST_F(Channels, that_are_archived_are_read_only_until_an_admin_brings_them_back) {
  const auto seq = post(bob, general, "hi");
  ASSERT_THAT(does(alice, UpdateChannel{.channel = general, .archived = true}), Accepted());
  for (const Payload& payload :
       std::initializer_list<Payload>{PostMessage{.channel = general, .text = "?"}, EditMessage{general, seq, "?"},
                                      RetractMessage{general, seq}, SetChannelMember{general, carol}}) {
    const auto decision = does(bob, payload);
    EXPECT_THAT(decision, Rejected(Code::Forbidden));
    EXPECT_EQ(decision.outcome.detail, "the channel is archived");
  }
  EXPECT_THAT(does(alice, UpdateChannel{.channel = general, .name = "attic"}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(alice, UpdateChannel{.channel = general, .archived = true}), ChangesNothing());
  EXPECT_THAT(does(alice, UpdateChannel{.channel = general, .name = "attic", .archived = false}), Accepted());
  EXPECT_THAT(does(bob, PostMessage{.channel = general, .text = "back"}), Accepted());
}

TEST_F(Channels, that_are_archived_can_be_read_left_and_deleted) {
  const auto seq = post(alice, general, "hi");
  does(alice, UpdateChannel{.channel = general, .archived = true});
  EXPECT_THAT(does(bob, MoveCursor{general, seq}), Accepted());
  EXPECT_THAT(does(bob, RemoveChannelMember{general, bob}), Accepted());
  EXPECT_THAT(does(alice, DeleteChannel{general}), Accepted());
}

TEST_F(Channels, are_deleted_by_their_creator_or_an_admin_of_the_workspace) {
  EXPECT_THAT(does(bob, DeleteChannel{general}), Rejected(Code::Forbidden));
  does(alice, SetChannelMember{general, bob, Role::Owner});
  EXPECT_THAT(does(bob, DeleteChannel{general}), Rejected(Code::Forbidden)) << "owning a channel is not having made it";
  does(alice, SetWorkspaceMember{acme, carol, Role::Admin});
  EXPECT_THAT(does(carol, DeleteChannel{general}), Accepted());
  EXPECT_THAT(does(alice, DeleteChannel{secret}), Accepted());
}

TEST_F(Channels, tell_when_deleted_who_were_in_them) {
  const auto decision = does(alice, DeleteChannel{general});
  const auto& deleted = only_change<ChannelDeleted>(decision);
  EXPECT_EQ(deleted.members, (std::vector{alice, bob}));
  EXPECT_EQ(deleted.head.member_count, 0u);
  EXPECT_TRUE(deleted.head.deleted);
  EXPECT_EQ(decision.outcome.version, Version{2});
  EXPECT_FALSE(world.state().channels_of(bob).contains(general));
  EXPECT_FALSE(world.state().workspace(acme)->channels.contains(general));
}

TEST_F(Channels, look_to_strangers_as_if_they_did_not_exist) {
  const auto seq = post(alice, secret, "psst");
  const auto nowhere = channel_id(acme, dave, "nowhere");
  for (const auto& user : {carol, dave}) {
    for (const auto& id : {secret, nowhere}) {
      for (const Payload& payload : std::initializer_list<Payload>{
               UpdateChannel{.channel = id, .topic = "x"}, DeleteChannel{id}, SetChannelMember{id, user},
               RemoveChannelMember{id, user}, PostMessage{.channel = id, .text = "x"}, EditMessage{id, seq, "x"},
               RetractMessage{id, seq}, MoveCursor{id, seq}}) {
        const auto decision = does(user, payload);
        EXPECT_THAT(decision, Rejected(Code::NotFound));
        EXPECT_EQ(decision.outcome.detail, "no such channel");
      }
    }
  }
}

TEST_F(Channels, that_are_public_are_seen_by_the_workspace_but_written_by_members) {
  const auto seq = post(alice, general, "hi");
  for (const Payload& payload :
       std::initializer_list<Payload>{PostMessage{.channel = general, .text = "x"}, EditMessage{general, seq, "x"},
                                      RetractMessage{general, seq}, MoveCursor{general, seq}}) {
    EXPECT_THAT(does(carol, payload), Rejected(Code::Forbidden));
  }
  EXPECT_THAT(does(dave, PostMessage{.channel = general, .text = "x"}), Rejected(Code::NotFound));
}

TEST_F(Channels, outside_a_workspace_are_groups_for_anyone) {
  const auto id = group("climbing", {dave, bob});
  EXPECT_EQ(head(id).kind, ChannelKind::Group);
  EXPECT_EQ(head(id).workspace, std::nullopt);
  EXPECT_EQ(head(id).member_count, 3u);
  EXPECT_EQ(member(id, alice)->role, Role::Owner);
  EXPECT_EQ(member(id, dave)->role, Role::Member);
}

TEST_F(Channels, of_the_group_kind_list_a_thousand_users_at_most_and_grow_beyond_by_invitation) {
  std::vector<UserId> listed;
  for (int i = 0; i < 1'000; ++i) listed.push_back({"user" + std::to_string(i)});
  const auto full = group("full", listed);
  EXPECT_EQ(head(full).member_count, 1'001u);
  EXPECT_THAT(does(alice, SetChannelMember{full, dave}), Accepted());
  EXPECT_EQ(head(full).member_count, 1'002u);
  listed.push_back(dave);
  EXPECT_THAT(does(alice, CreateChannel{group_id(alice, "k"), ChannelKind::Group, {}, "", "", listed}),
              Rejected(Code::InvalidArgument));
}

TEST_F(Channels, of_a_workspace_are_never_open) {
  for (const auto kind : {ChannelKind::Public, ChannelKind::Private})
    EXPECT_THAT(does(alice,
                     CreateChannel{
                         .channel = channel_id(acme, alice, "k"), .kind = kind, .workspace = acme, .name = "x", .open = true}),
                Rejected(Code::InvalidArgument));
}

TEST_F(Channels, of_the_group_kind_are_changed_and_deleted_by_their_creator) {
  const auto id = group("climbing", {bob});
  EXPECT_THAT(does(bob, UpdateChannel{.channel = id, .name = "bouldering"}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(bob, DeleteChannel{id}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(alice, UpdateChannel{.channel = id, .name = "bouldering"}), Accepted());
  EXPECT_THAT(does(alice, DeleteChannel{id}), Accepted());
  EXPECT_THAT(does(bob, PostMessage{.channel = id, .text = "?"}), Rejected(Code::NotFound));
}

}  // namespace
}  // namespace parley::core
