#include "tests/unit/core/chat.hpp"

namespace parley::core {
namespace {

class Messages : public Chat {
 protected:
  const ChannelId general = channel(ChannelKind::Public, "general", {bob});
};

TEST_F(Messages, take_the_next_seq_and_the_next_version) {
  post(alice, general, "one");
  const auto decision = does(bob, PostMessage{.channel = general, .text = "two", .attachments = "[1]", .metadata = "{}"});
  ASSERT_THAT(decision, Accepted());
  const Message expected{.channel = general,
                         .seq = {2},
                         .version = {3},
                         .author = bob,
                         .text = "two",
                         .posted_at = now,
                         .number = {static_cast<std::uint64_t>(now.value)},
                         .attachments = "[1]",
                         .metadata = "{}",
                         .posted_version = {3}};
  EXPECT_EQ(only_change<MessagePosted>(decision).message, expected);
  EXPECT_EQ(decision.changes.front().version, Version{3});
  EXPECT_EQ(decision.outcome.channel, general);
  EXPECT_EQ(decision.outcome.seq, Seq{2});
  EXPECT_EQ(decision.outcome.version, Version{3});
  EXPECT_EQ(decision.outcome.at, now);
}

TEST_F(Messages, are_answered_without_the_texts_that_the_sender_has) {
  const auto decision = does(bob, PostMessage{.channel = general, .text = "hi", .attachments = "[1]", .metadata = "{}"});
  const Message expected{.channel = general,
                         .seq = {1},
                         .version = {2},
                         .author = bob,
                         .posted_at = now,
                         .number = {static_cast<std::uint64_t>(now.value)},
                         .posted_version = {2}};
  EXPECT_EQ(result<MessageResult>(decision).message, expected);
}

TEST_F(Messages, count_as_read_and_delivered_for_their_author) {
  post(alice, general, "one");
  post(bob, general, "two");
  EXPECT_EQ(*member(general, bob), (ChannelMember{.role = Role::Member,
                                                  .joined_at = member(general, bob)->joined_at,
                                                  .read_seq = {2},
                                                  .delivered_seq = {2},
                                                  .read_at = now,
                                                  .joined_version = {1}}));
  EXPECT_EQ(member(general, alice)->read_seq, Seq{1});
  EXPECT_EQ(head(general).active_at, now);
}

TEST_F(Messages, are_numbered_by_their_time_and_upwards_whatever_the_clock_says) {
  const auto number_at = [&](std::int64_t ms) {
    now.value = kStart + ms - 1'000;  // a second passes before every command
    return world.message(general, post(bob, general, "x"))->number.value - kStart;
  };
  EXPECT_EQ(number_at(50'000), 50'000u);
  EXPECT_EQ(number_at(50'000), 50'001u) << "in the same millisecond";
  EXPECT_EQ(number_at(40'000), 50'002u) << "by a clock that is behind";
  EXPECT_EQ(number_at(50'002), 50'003u);
  EXPECT_EQ(number_at(50'004), 50'004u) << "and by the time again";
  EXPECT_EQ(head(general).last_number.value, kStart + 50'004u);
  const auto other = channel(ChannelKind::Public, "other", {bob});
  now.value = kStart;
  post(alice, other, "x");
  EXPECT_EQ(head(other).last_number.value, static_cast<std::uint64_t>(now.value)) << "each channel by itself";
}

TEST_F(Messages, keep_their_number_when_they_are_changed) {
  post(bob, general, "one");
  const auto number = world.message(general, {1})->number;
  does(bob, EditMessage{general, {1}, "two"});
  does(alice, SetReaction{general, {1}, "+1"});
  EXPECT_EQ(world.message(general, {1})->number, number);
  does(bob, RetractMessage{general, {1}});
  EXPECT_EQ(world.message(general, {1})->number, number);
  EXPECT_EQ(head(general).last_number, number);
}

TEST_F(Messages, that_answer_another_are_counted_there) {
  post(alice, general, "who?");
  const auto decision = does(bob, PostMessage{.channel = general, .text = "me", .reply_to = {1}});
  ASSERT_EQ(decision.changes.size(), 2u);
  EXPECT_EQ(change_at<MessagePosted>(decision, 0).message.reply_to, Seq{1});
  const auto& counted = change_at<ReplyCounted>(decision, 1).message;
  EXPECT_EQ(counted.seq, Seq{1});
  EXPECT_EQ(counted.reply_count, 1u);
  EXPECT_EQ(counted.version, Version{2}) << "the parent's own version stays";
  EXPECT_EQ(decision.changes[1].version, Version{3}) << "and it takes none of the channel's";
  EXPECT_EQ(head(general).version, Version{3});
}

TEST_F(Messages, answer_only_what_is_there) {
  EXPECT_THAT(does(bob, PostMessage{.channel = general, .text = "x", .reply_to = {1}}), Rejected(Code::InvalidArgument));
  post(alice, general, "one");
  EXPECT_THAT(does(bob, PostMessage{.channel = general, .text = "x", .reply_to = {2}}), Rejected(Code::InvalidArgument));
}

TEST_F(Messages, may_answer_one_that_was_retracted) {
  post(alice, general, "one");
  does(alice, RetractMessage{general, {1}});
  EXPECT_THAT(does(bob, PostMessage{.channel = general, .text = "what was it?", .reply_to = {1}}), Accepted());
  EXPECT_TRUE(world.message(general, {1})->retracted);
}

TEST_F(Messages, are_edited_by_their_author) {
  post(bob, general, "helo");
  const auto posted_at = now;
  const auto decision = does(bob, EditMessage{general, {1}, "hello"});
  ASSERT_THAT(decision, Accepted());
  const auto& edited = only_change<MessageEdited>(decision).message;
  EXPECT_EQ(edited.text, "hello");
  EXPECT_EQ(edited.version, Version{3});
  EXPECT_EQ(edited.posted_at, posted_at);
  EXPECT_EQ(edited.edited_at, now);
  EXPECT_EQ(result<MessageResult>(decision).message, edited) << "whole, with its text";
  EXPECT_EQ(decision.outcome.version, Version{3});
  EXPECT_EQ(head(general).version, Version{3});
  EXPECT_EQ(head(general).active_at, posted_at);
}

TEST_F(Messages, are_edited_by_nobody_else) {
  post(bob, general, "mine");
  EXPECT_THAT(does(alice, EditMessage{general, {1}, "yours"}), Rejected(Code::Forbidden));
}

TEST_F(Messages, that_are_not_there_are_not_found) {
  for (const std::uint64_t seq : {0, 1, 99}) {
    EXPECT_THAT(does(bob, EditMessage{general, {seq}, "x"}), Rejected(Code::NotFound));
    EXPECT_THAT(does(bob, RetractMessage{general, {seq}}), Rejected(Code::NotFound));
  }
}

TEST_F(Messages, are_edited_only_in_the_version_that_was_seen) {
  post(bob, general, "one");
  EXPECT_THAT(does(bob, EditMessage{general, {1}, "two", Version{1}}), Rejected(Code::VersionMismatch));
  EXPECT_THAT(does(bob, EditMessage{general, {1}, "two", Version{2}}), Accepted());
  EXPECT_THAT(does(bob, EditMessage{general, {1}, "three", Version{2}}), Rejected(Code::VersionMismatch));
}

// Whoever folds without the author's key can't tell that it is the same: so nobody may.
TEST_F(Messages, take_a_version_with_every_edit_even_when_the_text_is_the_same) {
  post(bob, general, "one");
  const auto edited = does(bob, EditMessage{general, {1}, "one"});
  EXPECT_EQ(only_change<MessageEdited>(edited).message.version, edited.outcome.version);
  EXPECT_TRUE(only_change<MessageEdited>(edited).message.edited_at);
}

TEST_F(Messages, that_were_retracted_cannot_be_edited) {
  post(bob, general, "one");
  does(bob, RetractMessage{general, {1}});
  EXPECT_THAT(does(bob, EditMessage{general, {1}, "two"}), Rejected(Code::Conflict));
}

TEST_F(Messages, keep_their_place_but_none_of_their_words_when_retracted) {
  does(bob, PostMessage{.channel = general, .text = "oops", .attachments = "[1]", .metadata = "{}"});
  const auto decision = does(bob, RetractMessage{general, {1}});
  ASSERT_THAT(decision, Accepted());
  const auto& message = only_change<MessageRetracted>(decision).message;
  EXPECT_TRUE(message.retracted);
  EXPECT_EQ(message.retracted_at, decision.outcome.at);
  EXPECT_EQ(message.text + message.attachments + message.metadata, "");
  EXPECT_EQ(message.version, Version{3});
  EXPECT_EQ(message.author, bob);
  EXPECT_EQ(decision.outcome.seq, Seq{1});
  EXPECT_EQ(decision.outcome.version, Version{3});
  EXPECT_TRUE(std::holds_alternative<std::monostate>(decision.outcome.result));
}

TEST_F(Messages, are_retracted_again_without_effect) {
  post(bob, general, "oops");
  does(bob, RetractMessage{general, {1}});
  EXPECT_THAT(does(bob, RetractMessage{general, {1}}), ChangesNothing());
}

TEST_F(Messages, are_retracted_by_their_author_and_by_admins_of_channel_and_workspace) {
  for (int i = 0; i < 3; ++i) post(alice, general, "x");
  EXPECT_THAT(does(bob, RetractMessage{general, {1}}), Rejected(Code::Forbidden));
  does(alice, SetChannelMember{general, bob, Role::Admin});
  EXPECT_THAT(does(bob, RetractMessage{general, {1}}), Accepted());
  does(alice, SetWorkspaceMember{acme, carol, Role::Admin});
  EXPECT_THAT(does(carol, RetractMessage{general, {2}}), Accepted());
  EXPECT_THAT(does(alice, RetractMessage{general, {3}}), Accepted());
}

TEST_F(Messages, stay_out_of_reach_of_an_author_who_left) {
  post(bob, general, "mine");
  does(bob, RemoveChannelMember{general, bob});
  EXPECT_THAT(does(bob, EditMessage{general, {1}, "x"}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(bob, RetractMessage{general, {1}}), Rejected(Code::Forbidden));
}

TEST_F(Messages, are_wanted_by_what_edits_retracts_or_answers_them) {
  post(bob, general, "one");
  const auto wants = [&](const Payload& payload) {
    const auto wanted = wanted_message(world.state(), command(bob, payload));
    return wanted && wanted->channel == general && wanted->seq == Seq{1};
  };
  EXPECT_TRUE(wants(EditMessage{general, {1}, "x"}));
  EXPECT_TRUE(wants(RetractMessage{general, {1}}));
  EXPECT_TRUE(wants(PostMessage{.channel = general, .text = "x", .reply_to = {1}}));
  EXPECT_FALSE(wants(PostMessage{.channel = general, .text = "x"}));
  EXPECT_FALSE(wants(EditMessage{general, {2}, "x"})) << "there is none of this number";
  EXPECT_FALSE(wants(MoveCursor{general, {1}})) << "nobody is told, where there are many";
  EXPECT_FALSE(wants(DeleteChannel{general}));
}

}  // namespace
}  // namespace parley::core
