#include "tests/unit/core/chat.hpp"

namespace parley::core {
namespace {

class Rooms : public Chat {
 protected:
  Decision open(const UserId& user) { return does(user, OpenRoom{lobby, "lobby"}); }

  const ChannelId lobby = room_id("lobby");
};

TEST_F(Rooms, are_made_by_the_first_who_opens_them_and_have_no_members) {
  const auto decision = open(alice);
  ASSERT_THAT(decision, Accepted());
  const auto& created = only_change<ChannelCreated>(decision);
  EXPECT_EQ(created.head.kind, ChannelKind::Room);
  EXPECT_EQ(created.head.name, "lobby");
  EXPECT_EQ(created.head.created_by, alice);
  EXPECT_EQ(created.head.member_count, 0U);
  EXPECT_TRUE(created.members.empty());
  EXPECT_EQ(result<ChannelHead>(decision), created.head);
  EXPECT_TRUE(world.state().channels_of(alice).empty());
}

TEST_F(Rooms, are_opened_again_without_harm) {
  open(alice);
  post(alice, lobby, "x");
  const auto decision = open(bob);
  EXPECT_THAT(decision, ChangesNothing());
  EXPECT_EQ(decision.outcome.channel, lobby);
  EXPECT_EQ(decision.outcome.seq, Seq{1});
  EXPECT_EQ(decision.outcome.version, Version{2});
  EXPECT_EQ(head(lobby).created_by, alice);
}

TEST_F(Rooms, have_the_id_of_their_name) {
  EXPECT_THAT(does(alice, OpenRoom{room_id("attic"), "lobby"}), Rejected(Code::InvalidArgument));
  does(carol, CreateChannel{lobby, ChannelKind::Group});
  EXPECT_THAT(open(alice), Rejected(Code::Conflict)) << "another kind took the id";
}

TEST_F(Rooms, that_nobody_opened_are_not_there) {
  EXPECT_THAT(does(alice, PostMessage{.channel = lobby, .text = "x"}), Rejected(Code::NotFound));
}

TEST_F(Rooms, take_messages_and_reactions_of_anyone) {
  open(alice);
  const auto posted = does(dave, PostMessage{.channel = lobby, .text = "hello"});
  ASSERT_THAT(posted, Accepted());
  EXPECT_EQ(posted.outcome.seq, Seq{1});
  EXPECT_EQ(posted.outcome.version, Version{2});
  EXPECT_THAT(does(bob, PostMessage{.channel = lobby, .text = "hi", .reply_to = {1}}), Accepted());
  EXPECT_THAT(does(carol, SetReaction{lobby, {1}, "👍", true}), Accepted());
  EXPECT_THAT(does(carol, SetReaction{lobby, {1}, "👍", false}), Accepted());
  EXPECT_EQ(head(lobby).version, Version{5});
  EXPECT_EQ(head(lobby).last_seq, Seq{2});
  EXPECT_EQ(head(lobby).member_count, 0U);
}

TEST_F(Rooms, let_an_author_edit_and_retract_his_own_and_nobody_elses) {
  open(alice);
  post(bob, lobby, "x");
  EXPECT_THAT(does(alice, EditMessage{lobby, {1}, "y"}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(alice, RetractMessage{lobby, {1}}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(bob, EditMessage{lobby, {1}, "y"}), Accepted());
  EXPECT_THAT(does(bob, RetractMessage{lobby, {1}}), Accepted());
  EXPECT_TRUE(world.message(lobby, {1})->retracted);
}

TEST_F(Rooms, stay_as_they_are) {
  open(alice);
  post(alice, lobby, "x");
  for (const auto& payload :
       std::vector<Payload>{UpdateChannel{.channel = lobby, .name = "mine"}, UpdateChannel{.channel = lobby, .archived = true},
                            DeleteChannel{lobby}, SetChannelMember{lobby, alice, {}}, SetChannelMember{lobby, bob, Role::Owner},
                            RemoveChannelMember{lobby, alice}, SetPin{lobby, {1}, true}, HideMessage{lobby, {1}},
                            HideUpTo{lobby, {1}}, MoveCursor{lobby, {1}, CursorKind::Read}}) {
    EXPECT_THAT(does(alice, payload), Rejected(Code::Forbidden)) << payload.index();
  }
}

TEST_F(Rooms, are_the_same_when_they_are_brought_back) {
  open(alice);
  post(bob, lobby, "x");
  State back;
  back.restore(head(lobby));
  back.advance(now);
  EXPECT_EQ(back.channel(lobby)->head, head(lobby));
  EXPECT_TRUE(back.channel(lobby)->members.empty());
}

}  // namespace
}  // namespace parley::core
