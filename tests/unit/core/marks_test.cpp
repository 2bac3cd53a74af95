// Reactions, pins and hiding, and what a message said before.
#include "tests/unit/core/chat.hpp"

namespace parley::core {
namespace {

class Marks : public Chat {
 protected:
  Marks() { post(alice, general, "one"); }
  Decision react(const UserId& user, const std::string& emoji, bool on = true) {
    return does(user, SetReaction{general, {1}, emoji, on});
  }
  const Message& message() const { return *world.message(general, {1}); }

  const ChannelId general = channel(ChannelKind::Public, "general", {bob});
};

TEST_F(Marks, a_reaction_is_counted_by_its_kind_and_takes_a_version) {
  const auto before = head(general).version;
  const auto decision = react(bob, "x");
  const auto& changed = only_change<ReactionChanged>(decision);
  EXPECT_TRUE(changed.on);
  EXPECT_EQ(changed.message.version, before.next());
  EXPECT_EQ(decision.outcome.version, before.next());
  EXPECT_EQ(head(general).version, before.next());
  react(alice, "x");
  react(alice, "a");
  EXPECT_EQ(message().reactions, (std::vector<Reaction>{{"a", 1, {}}, {"x", 2, {}}}));
}

TEST_F(Marks, a_reaction_again_is_accepted_and_changes_nothing) {
  react(bob, "x");
  const auto before = head(general).version;
  const auto decision = react(bob, "x");
  ASSERT_THAT(decision, Accepted());
  EXPECT_TRUE(decision.changes.empty());
  EXPECT_EQ(decision.outcome.version, before);
}

TEST_F(Marks, the_last_of_a_kind_takes_the_kind_with_it) {
  react(bob, "x");
  react(alice, "x");
  react(bob, "x", false);
  EXPECT_EQ(message().reactions, (std::vector<Reaction>{{"x", 1, {}}}));
  react(alice, "x", false);
  EXPECT_TRUE(message().reactions.empty());
  EXPECT_TRUE(react(alice, "x", false).changes.empty());
}

TEST_F(Marks, a_message_has_fifty_kinds_at_most) {
  for (int i = 0; i < 50; ++i) ASSERT_THAT(react(bob, std::to_string(i)), Accepted());
  EXPECT_THAT(react(bob, "more"), Rejected(Code::Conflict));
  EXPECT_THAT(react(alice, "7"), Accepted());
}

TEST_F(Marks, are_for_members_and_for_what_is_there) {
  EXPECT_THAT(react(carol, "x"), Rejected(Code::Forbidden));
  EXPECT_THAT(react(dave, "x"), Rejected(Code::NotFound));
  EXPECT_THAT(does(bob, SetReaction{general, {2}, "x", true}), Rejected(Code::NotFound));
  EXPECT_THAT(does(carol, SetPin{general, {1}, true}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(carol, HideMessage{general, {1}}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(bob, HideMessage{general, {2}}), Rejected(Code::NotFound));
}

TEST_F(Marks, a_pin_is_set_once_and_by_any_member) {
  EXPECT_TRUE(only_change<PinChanged>(does(bob, SetPin{general, {1}, true})).message.pinned);
  EXPECT_TRUE(does(alice, SetPin{general, {1}, true}).changes.empty());
  EXPECT_FALSE(only_change<PinChanged>(does(alice, SetPin{general, {1}, false})).message.pinned);
}

TEST_F(Marks, hiding_takes_no_version_and_is_remembered_of_the_member) {
  const auto before = head(general).version;
  const auto decision = does(bob, HideMessage{general, {1}});
  EXPECT_EQ(only_change<MessageHidden>(decision).seq, Seq{1});
  EXPECT_EQ(head(general).version, before);
  EXPECT_TRUE(member(general, bob)->hides);
  EXPECT_FALSE(member(general, alice)->hides);
  EXPECT_TRUE(does(bob, HideMessage{general, {1}}).changes.empty());
}

TEST_F(Marks, hiding_all_up_to_a_message_goes_forward_only_and_takes_no_version) {
  post(bob, general, "two");
  const auto before = head(general).version;
  const auto decision = does(bob, HideUpTo{general, {2}});
  EXPECT_EQ(only_change<MessagesHidden>(decision).seq, Seq{2});
  EXPECT_EQ(decision.outcome.seq, Seq{2});
  EXPECT_EQ(result<CursorResult>(decision).seq, Seq{2});
  EXPECT_EQ(head(general).version, before);
  EXPECT_EQ(member(general, bob)->hidden_seq, Seq{2});
  EXPECT_EQ(member(general, alice)->hidden_seq, Seq{0});
  for (const std::uint64_t seq : {0, 1, 2}) {
    const auto again = does(bob, HideUpTo{general, {seq}});
    EXPECT_THAT(again, ChangesNothing());
    EXPECT_EQ(again.outcome.seq, Seq{2});
  }
  EXPECT_THAT(does(bob, HideMessage{general, {1}}), ChangesNothing()) << "it is hidden already";
  EXPECT_FALSE(member(general, bob)->hides);
}

TEST_F(Marks, hiding_all_ends_with_the_last_message_and_is_for_members) {
  EXPECT_THAT(does(bob, HideUpTo{general, {2}}), Rejected(Code::InvalidArgument));
  EXPECT_THAT(does(carol, HideUpTo{general, {1}}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(dave, HideUpTo{general, {1}}), Rejected(Code::NotFound));
  does(alice, UpdateChannel{.channel = general, .archived = true});
  EXPECT_THAT(does(bob, HideUpTo{general, {1}}), Accepted());
}

TEST_F(Marks, of_who_left_and_came_back_hide_nothing) {
  does(bob, HideMessage{general, {1}});
  post(alice, general, "two");
  does(bob, HideUpTo{general, {2}});
  EXPECT_TRUE(only_change<MemberLeft>(does(bob, RemoveChannelMember{general, bob})).hid);
  does(bob, SetChannelMember{general, bob});
  EXPECT_FALSE(member(general, bob)->hides);
  EXPECT_EQ(member(general, bob)->hidden_seq, Seq{0});
  EXPECT_EQ(only_change<MessageHidden>(does(bob, HideMessage{general, {1}})).seq, Seq{1});
}

TEST_F(Marks, go_with_the_text_of_a_retracted_message) {
  react(bob, "x");
  does(bob, SetPin{general, {1}, true});
  const auto decision = does(alice, RetractMessage{general, {1}});
  const auto& retracted = only_change<MessageRetracted>(decision);
  EXPECT_TRUE(retracted.had_reactions);
  EXPECT_TRUE(retracted.message.reactions.empty());
  EXPECT_FALSE(retracted.message.pinned);
  EXPECT_THAT(react(bob, "x"), Rejected(Code::Conflict));
  EXPECT_THAT(does(bob, SetPin{general, {1}, true}), Rejected(Code::Conflict));
}

TEST_F(Marks, in_an_archived_channel_only_oneself_is_concerned) {
  does(alice, UpdateChannel{.channel = general, .archived = true});
  EXPECT_THAT(react(bob, "x"), Rejected(Code::Forbidden));
  EXPECT_THAT(does(bob, SetPin{general, {1}, true}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(bob, HideMessage{general, {1}}), Accepted());
}

TEST_F(Marks, an_edit_tells_what_was_said_before_and_since_when) {
  const auto posted_at = message().posted_at;
  const auto first = does(alice, EditMessage{general, {1}, "two", {}});
  EXPECT_EQ(only_change<MessageEdited>(first).before, (Revision{"one", posted_at, {}, 0}));
  const auto edited_at = now;
  const auto second = does(alice, EditMessage{general, {1}, "three", {}});
  EXPECT_EQ(only_change<MessageEdited>(second).before, (Revision{"two", edited_at, first.outcome.version, 1}));
  EXPECT_EQ(message().edits, 2U);
  const auto third = does(alice, RetractMessage{general, {1}});
  EXPECT_EQ(only_change<MessageRetracted>(third).before.text, "three");
}

}  // namespace
}  // namespace parley::core
