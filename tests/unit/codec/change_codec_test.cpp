#include "codec/change_codec.hpp"

#include <gtest/gtest.h>

#include "tests/unit/codec/generate.hpp"

namespace parley::codec {
namespace {

namespace pb = parley::internal::v1;

core::Change change_of(Generator& any, core::ChangeBody body) {
  return {any.uuid(), any.version(), any.time(), any.user(), std::move(body)};
}

std::optional<core::Change> there_and_back(const core::Change& change) {
  pb::Change proto;
  to_proto(change, proto);
  pb::Change received;
  received.ParseFromString(proto.SerializeAsString());
  return from_proto(received);
}

TEST(ChangeCodec, EveryMessageChangeIsReadBack) {
  Generator any(50);
  for (int i = 0; i < 200; ++i) {
    auto message = any.message();
    for (core::ChangeBody body :
         {core::ChangeBody(core::MessagePosted{message}), core::ChangeBody(core::MessageEdited{message}),
          core::ChangeBody(core::MessageRetracted{message})}) {
      auto change = change_of(any, std::move(body));
      change.subject = message.channel.uuid;
      ASSERT_EQ(there_and_back(change), change);
    }
  }
}

TEST(ChangeCodec, WhoJoinsAndLeavesIsReadBack) {
  Generator any(51);
  for (int i = 0; i < 100; ++i) {
    auto joined = change_of(any, core::MemberJoined{any.user(), {.role = any.role()}, any.flip()});
    std::get<core::MemberJoined>(joined.body).member.joined_at = joined.at;
    ASSERT_EQ(there_and_back(joined), joined);
    const auto left = change_of(any, core::MemberLeft{any.user(), any.role()});
    ASSERT_EQ(there_and_back(left), left);
    auto entered = change_of(any, core::WorkspaceMemberJoined{any.user(), {.role = any.role()}});
    std::get<core::WorkspaceMemberJoined>(entered.body).member.joined_at = entered.at;
    ASSERT_EQ(there_and_back(entered), entered);
    const auto gone = change_of(any, core::WorkspaceMemberLeft{any.user(), any.role()});
    ASSERT_EQ(there_and_back(gone), gone);
  }
}

TEST(ChangeCodec, AChannelsLifeIsReadBack) {
  Generator any(52);
  for (int i = 0; i < 100; ++i) {
    const auto head = any.channel();
    auto created = change_of(any, core::ChannelCreated{head});
    created.subject = head.id.uuid;
    const bool direct = head.kind == core::ChannelKind::Direct;
    auto& members = std::get<core::ChannelCreated>(created.body).members;
    members.emplace_back(head.created_by, core::ChannelMember{direct ? core::Role::Member : core::Role::Owner, created.at});
    members.emplace_back(any.user(), core::ChannelMember{core::Role::Member, created.at});
    ASSERT_EQ(there_and_back(created), created);
    auto updated = change_of(any, core::ChannelUpdated{head});
    updated.subject = head.id.uuid;
    ASSERT_EQ(there_and_back(updated), updated);
    auto deleted = change_of(any, core::ChannelDeleted{head, {any.user(), any.user()}});
    deleted.subject = head.id.uuid;
    ASSERT_EQ(there_and_back(deleted), deleted);
  }
}

TEST(ChangeCodec, ACursorCarriesWhatClientsAreTold) {
  Generator any(53);
  auto read = change_of(any, core::CursorMoved{{"bob"}, core::CursorKind::Read, {.read_seq = {5}}, core::UserId{"ada"}});
  std::get<core::CursorMoved>(read.body).member.read_at = read.at;
  EXPECT_EQ(there_and_back(read), read);
  const auto delivered = change_of(any, core::CursorMoved{{"bob"}, core::CursorKind::Delivered, {.delivered_seq = {5}}, {}});
  EXPECT_EQ(there_and_back(delivered), delivered);
}

TEST(ChangeCodec, AMarkIsReadBackWithTheMessagesPlaceAlone) {
  Generator any(55);
  const auto message_of = [](const core::Change& change) {
    return core::Message{.channel = change.channel(), .seq = {5}, .version = change.version};
  };
  for (const bool on : {true, false}) {
    auto reacted = change_of(any, core::ReactionChanged{{}, "👍", on});
    std::get<core::ReactionChanged>(reacted.body).message = message_of(reacted);
    EXPECT_EQ(there_and_back(reacted), reacted);
    auto pinned = change_of(any, core::PinChanged{});
    std::get<core::PinChanged>(pinned.body).message = message_of(pinned);
    std::get<core::PinChanged>(pinned.body).message.pinned = on;
    EXPECT_EQ(there_and_back(pinned), pinned);
  }
  const auto hidden = change_of(any, core::MessageHidden{{5}});
  EXPECT_EQ(there_and_back(hidden), hidden);
  const auto all_hidden = change_of(any, core::MessagesHidden{{5}});
  EXPECT_EQ(there_and_back(all_hidden), all_hidden);
}

TEST(ChangeCodec, WhatNoBroadcasterSendsIsNone) {
  EXPECT_FALSE(from_proto(pb::Change{}));
  pb::Change change;
  change.set_channel(std::string(16, 'c'));
  EXPECT_FALSE(from_proto(change)) << "no body";
  change.mutable_member_joined()->set_role(9);
  EXPECT_FALSE(from_proto(change));
  change.mutable_workspace_left()->set_role(0);
  EXPECT_FALSE(from_proto(change));
  change.mutable_cursor_moved()->set_kind(3);
  EXPECT_FALSE(from_proto(change));
  change.mutable_channel_updated()->mutable_row()->set_kind(7);
  EXPECT_FALSE(from_proto(change));
  change.mutable_message_posted()->set_seq(1);
  EXPECT_TRUE(from_proto(change));
  change.set_channel("short");
  EXPECT_FALSE(from_proto(change));
}

TEST(ChangeCodec, ClientsHearOfChannelsAndTheirOwnMemberships) {
  Generator any(54);
  EXPECT_TRUE(is_client_change(change_of(any, core::MessagePosted{})));
  EXPECT_TRUE(is_client_change(change_of(any, core::CursorMoved{})));
  EXPECT_FALSE(is_client_change(change_of(any, core::CursorMoved{.moves = false})));
  EXPECT_TRUE(is_client_change(change_of(any, core::WorkspaceMemberLeft{})));
  EXPECT_FALSE(is_client_change(change_of(any, core::ReplyCounted{})));
  EXPECT_FALSE(is_client_change(change_of(any, core::WorkspaceCreated{})));
  EXPECT_FALSE(is_client_change(change_of(any, core::WorkspaceUpdated{})));
  EXPECT_FALSE(is_client_change(change_of(any, core::WorkspaceDeleted{})));
  EXPECT_FALSE(is_client_change(change_of(any, core::ProfileSet{})));
}

TEST(ChangeCodec, AWorkspacesMakingAndEndAreToldToItsMembers) {
  Generator any(55);
  const core::WorkspaceMember owner{core::Role::Owner, {1}};
  const auto created = change_of(any, core::WorkspaceCreated{.head = {.owner = {"ada"}}, .owner = owner});
  const auto joined = member_changes(created);
  ASSERT_EQ(joined.size(), 1U);
  EXPECT_EQ(joined[0].body, core::ChangeBody(core::WorkspaceMemberJoined{{"ada"}, owner}));
  EXPECT_EQ(joined[0].subject, created.subject);

  const auto deleted =
      change_of(any, core::WorkspaceDeleted{.members = {{{"ada"}, core::Role::Owner}, {{"bob"}, core::Role::Member}}});
  const auto left = member_changes(deleted);
  ASSERT_EQ(left.size(), 2U);
  EXPECT_EQ(left[1].body, core::ChangeBody(core::WorkspaceMemberLeft{{"bob"}, core::Role::Member}));
  EXPECT_TRUE(member_changes(change_of(any, core::MessagePosted{})).empty());
}

}  // namespace
}  // namespace parley::codec
