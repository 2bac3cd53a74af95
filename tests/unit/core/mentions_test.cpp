// Whom a text names, and who has been named in what he has not read.
#include "core/mentions.hpp"

#include "tests/unit/core/chat.hpp"

namespace parley::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(MentionsIn, those_between_the_brackets_once_each_in_their_order) {
  EXPECT_THAT(mentions_in("<@bob> and <@alice>, <@bob>!"), ElementsAre(bob, alice));
  EXPECT_THAT(mentions_in("<@zoe@example.org>"), ElementsAre(UserId{"zoe@example.org"}));
  EXPECT_THAT(mentions_in("<@<@bob>"), ElementsAre(bob));
}

TEST(MentionsIn, what_can_be_no_user_is_text) {
  for (const auto* text : {"", "<@", "<@>", "@bob", "<@bob", "<bob>", "<@a/b>", "<@a\nb>", "<@<>", "< @bob>"})
    EXPECT_THAT(mentions_in(text), IsEmpty()) << text;
  EXPECT_THAT(mentions_in("<@" + std::string(129, 'a') + ">"), IsEmpty());
}

// A Cyrillic "а" is another user, not the one whom it looks like.
TEST(MentionsIn, ids_are_compared_byte_by_byte) {
  EXPECT_THAT(mentions_in("<@\xd0\xb0lice> <@alice>"), ElementsAre(UserId{"\xd0\xb0lice"}, alice));
  EXPECT_THAT(mentions_in("<@Alice> <@alice>"), ElementsAre(UserId{"Alice"}, alice));
}

TEST(MentionsIn, there_is_an_end_to_them) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "<@u" + std::to_string(i) + ">";
  EXPECT_EQ(mentions_in(text).size(), kMaxMentions);
}

class Mentioned : public Chat {
 protected:
  Decision say(const UserId& user, std::vector<UserId> mentions) {
    return does(user, PostMessage{.channel = general, .text = "hi", .mentions = std::move(mentions)});
  }
  Decision edit(const UserId& user, Seq seq, std::vector<UserId> mentions) {
    return does(user, EditMessage{.channel = general, .seq = seq, .text = "now", .mentions = std::move(mentions)});
  }
  Decision read(const UserId& user, Seq seq) { return does(user, MoveCursor{general, seq, CursorKind::Read}); }
  std::uint64_t count(const UserId& user) const { return member(general, user)->mention_count; }

  const ChannelId general = channel(ChannelKind::Public, "general", {bob, carol});
};

TEST_F(Mentioned, a_member_who_is_named_has_one_more_to_read) {
  say(alice, {bob});
  say(alice, {bob, carol});
  say(alice, {});
  EXPECT_EQ(count(bob), 2U);
  EXPECT_EQ(count(carol), 1U);
}

TEST_F(Mentioned, naming_oneself_or_one_who_is_not_there_counts_for_nobody) {
  const auto decision = say(alice, {alice, dave});
  EXPECT_EQ(count(alice), 0U);
  EXPECT_THAT(change_at<MessagePosted>(decision, 0).message.mentions, ElementsAre(alice, dave));
}

TEST_F(Mentioned, reading_takes_off_as_many_as_it_passes) {
  for (int i = 0; i < 3; ++i) say(alice, {bob});
  const auto decision = read(bob, {2});
  EXPECT_EQ(count(bob), 1U);
  EXPECT_THAT(only_change<CursorMoved>(decision).mentions_read, ElementsAre(Seq{1}, Seq{2}));
  read(bob, {3});
  EXPECT_EQ(count(bob), 0U);
}

TEST_F(Mentioned, a_post_of_ones_own_passes_all) {
  say(alice, {bob});
  say(alice, {bob});
  const auto decision = say(bob, {});
  EXPECT_EQ(count(bob), 0U);
  EXPECT_THAT(change_at<MessagePosted>(decision, 0).mentions_read, ElementsAre(Seq{1}, Seq{2}));
}

TEST_F(Mentioned, an_edit_names_others_instead) {
  say(alice, {bob});
  edit(alice, {1}, {carol});
  EXPECT_EQ(count(bob), 0U);
  EXPECT_EQ(count(carol), 1U);
}

TEST_F(Mentioned, an_edit_of_what_was_read_counts_for_nobody) {
  say(alice, {});
  read(bob, {1});
  edit(alice, {1}, {bob});
  EXPECT_EQ(count(bob), 0U);
}

TEST_F(Mentioned, a_retracted_message_names_nobody) {
  say(alice, {bob});
  does(alice, RetractMessage{general, {1}});
  EXPECT_EQ(count(bob), 0U);
  EXPECT_THAT(world.message(general, {1})->mentions, IsEmpty());
}

TEST_F(Mentioned, who_comes_back_begins_with_none) {
  say(alice, {bob});
  const auto decision = does(bob, RemoveChannelMember{general, bob});
  EXPECT_TRUE(only_change<MemberLeft>(decision).mentioned);
  does(bob, SetChannelMember{general, bob, std::nullopt});
  EXPECT_EQ(count(bob), 0U);
  edit(alice, {1}, {bob});
  EXPECT_EQ(count(bob), 0U);
}

TEST_F(Mentioned, a_new_role_leaves_them) {
  say(alice, {bob});
  does(alice, SetChannelMember{general, bob, Role::Admin});
  EXPECT_EQ(count(bob), 1U);
}

}  // namespace
}  // namespace parley::core
