#include "tests/unit/core/chat.hpp"

namespace parley::core {
namespace {

class Direct : public Chat {
 protected:
  const ChannelId id = direct_id(alice, bob);
};

TEST_F(Direct, channels_are_opened_by_either_and_hold_both_as_equals) {
  const auto decision = does(bob, OpenDirect{id, alice});
  ASSERT_THAT(decision, Accepted());
  const auto& created = only_change<ChannelCreated>(decision);
  EXPECT_EQ(created.head.kind, ChannelKind::Direct);
  EXPECT_EQ(created.head.created_by, bob);
  EXPECT_EQ(created.head.member_count, 2u);
  EXPECT_EQ(result<ChannelHead>(decision), created.head);
  EXPECT_EQ(member(id, alice)->role, Role::Member);
  EXPECT_EQ(member(id, bob)->role, Role::Member);
}

TEST_F(Direct, channels_are_opened_again_without_harm) {
  does(bob, OpenDirect{id, alice});
  const auto decision = does(alice, OpenDirect{id, bob});
  EXPECT_THAT(decision, ChangesNothing());
  EXPECT_EQ(result<ChannelHead>(decision), head(id));
  EXPECT_EQ(decision.outcome.channel, id);
  EXPECT_EQ(decision.outcome.version, Version{1});
}

TEST_F(Direct, channels_are_opened_by_no_third_person) {
  EXPECT_THAT(does(carol, OpenDirect{id, bob}), Rejected(Code::InvalidArgument));
  does(alice, OpenDirect{id, bob});
  EXPECT_THAT(does(carol, OpenDirect{id, bob}), Rejected(Code::InvalidArgument));
}

TEST_F(Direct, channels_are_not_opened_where_another_kind_took_the_id) {
  does(carol, CreateChannel{id, ChannelKind::Group});
  EXPECT_THAT(does(alice, OpenDirect{id, bob}), Rejected(Code::Conflict));
  does(carol, DeleteChannel{id});
  EXPECT_THAT(does(alice, OpenDirect{id, bob}), Rejected(Code::Conflict));
}

TEST_F(Direct, channels_with_oneself_have_one_member) {
  const auto own = direct_id(alice, alice);
  const auto decision = does(alice, PostMessage{.channel = own, .direct_to = alice, .text = "milk"});
  ASSERT_THAT(decision, Accepted());
  EXPECT_EQ(head(own).member_count, 1u);
  EXPECT_THAT(does(alice, PostMessage{.channel = own, .direct_to = alice, .text = "eggs"}), Accepted());
  EXPECT_THAT(does(alice, OpenDirect{own, alice}), ChangesNothing());
}

TEST_F(Direct, messages_make_their_channel_if_need_be) {
  const auto decision = does(alice, PostMessage{.channel = id, .direct_to = bob, .text = "hi"});
  ASSERT_EQ(decision.changes.size(), 2u);
  EXPECT_EQ(decision.changes[0].version, Version{1});
  EXPECT_EQ(change_at<ChannelCreated>(decision, 0).head.version, Version{1});
  EXPECT_EQ(decision.changes[1].version, Version{2});
  EXPECT_EQ(change_at<MessagePosted>(decision, 1).message.version, Version{2});
  EXPECT_EQ(change_at<MessagePosted>(decision, 1).message.text, "hi");
  EXPECT_EQ(decision.outcome.seq, Seq{1});
  EXPECT_EQ(decision.outcome.version, Version{2});
  EXPECT_EQ(member(id, alice)->read_seq, Seq{1});
  EXPECT_EQ(member(id, bob)->read_seq, Seq{0});
}

TEST_F(Direct, messages_find_the_channel_that_is_there) {
  does(alice, PostMessage{.channel = id, .direct_to = bob, .text = "hi"});
  const auto decision = does(bob, PostMessage{.channel = id, .direct_to = alice, .text = "hello"});
  EXPECT_EQ(only_change<MessagePosted>(decision).message.seq, Seq{2});
  EXPECT_THAT(does(bob, PostMessage{.channel = id, .text = "by its id too"}), Accepted());
}

TEST_F(Direct, messages_name_the_channel_of_the_two) {
  EXPECT_THAT(does(alice, PostMessage{.channel = id, .direct_to = carol, .text = "x"}), Rejected(Code::InvalidArgument));
  EXPECT_THAT(does(carol, PostMessage{.channel = id, .direct_to = bob, .text = "x"}), Rejected(Code::InvalidArgument));
  does(alice, OpenDirect{id, bob});
  EXPECT_THAT(does(alice, PostMessage{.channel = id, .direct_to = carol, .text = "x"}), Rejected(Code::InvalidArgument));
  EXPECT_THAT(does(alice, PostMessage{.channel = id, .direct_to = alice, .text = "x"}), Rejected(Code::InvalidArgument));
  EXPECT_THAT(does(carol, PostMessage{.channel = id, .direct_to = bob, .text = "x"}), Rejected(Code::NotFound));
}

TEST_F(Direct, first_messages_answer_nothing) {
  EXPECT_THAT(does(alice, PostMessage{.channel = id, .direct_to = bob, .text = "x", .reply_to = {1}}),
              Rejected(Code::InvalidArgument));
  EXPECT_FALSE(world.state().known(id));
}

TEST_F(Direct, channels_cannot_be_left_changed_deleted_or_opened_to_others) {
  does(alice, OpenDirect{id, bob});
  for (const Payload& payload :
       std::initializer_list<Payload>{RemoveChannelMember{id, alice}, RemoveChannelMember{id, bob}, SetChannelMember{id, carol},
                                      SetChannelMember{id, bob, Role::Owner}, UpdateChannel{.channel = id, .name = "us"},
                                      UpdateChannel{.channel = id, .archived = true}, DeleteChannel{id}}) {
    EXPECT_THAT(does(alice, payload), Rejected(Code::Forbidden));
  }
}

TEST_F(Direct, channels_are_hidden_from_everyone_else) {
  does(alice, OpenDirect{id, bob});
  EXPECT_THAT(does(carol, PostMessage{.channel = id, .text = "x"}), Rejected(Code::NotFound));
  EXPECT_THAT(does(carol, SetChannelMember{id, carol}), Rejected(Code::NotFound));
}

}  // namespace
}  // namespace parley::core
