// Erasing a user: his words go, everything else stays; and no rule asks whether a text can still be read.
#include "tests/unit/core/chat.hpp"

namespace parley::core {
namespace {

class Erasure : public Chat {
 protected:
  const ChannelId general = channel(ChannelKind::Public, "general", {bob, carol});

  Erasure() {
    does(alice, SetProfile{"Alice", "https://example.org/a"});
    post(bob, general, "of bob");
    post(alice, general, "of alice");
  }
  Decision erase(const UserId& user, std::uint64_t keys_before) { return does(carol, EraseUser{user, keys_before, 0}); }
  // A command whose words nobody can read any more.
  Decision does_unread(const UserId& user, Payload payload) {
    auto unread = command(user, std::move(payload));
    unread.erased = true;
    return world.run(unread);
  }
  [[nodiscard]] const Message& message(std::uint64_t seq) const { return *world.message(general, {seq}); }
};

TEST_F(Erasure, takes_the_profile_and_remembers_which_keys_are_gone) {
  EXPECT_EQ(only_change<UserErased>(erase(alice, 7)), (UserErased{alice, 7}));
  EXPECT_EQ(world.state().profile(alice), nullptr);
  EXPECT_EQ(world.state().erased_below(alice), 7U);
  EXPECT_EQ(world.state().erased_below(bob), 0U);
  EXPECT_TRUE(world.state().channel(general)->members.contains(alice));
}

TEST_F(Erasure, never_gives_keys_back) {
  erase(alice, 7);
  EXPECT_THAT(erase(alice, 7), ChangesNothing());
  EXPECT_THAT(erase(alice, 3), ChangesNothing());
  EXPECT_EQ(world.state().erased_below(alice), 7U);
  erase(alice, 9);
  EXPECT_EQ(world.state().erased_below(alice), 9U);
}

TEST_F(Erasure, takes_no_version_of_any_channel) {
  const auto version = world.state().channel(general)->head.version;
  erase(alice, 7);
  EXPECT_EQ(world.state().channel(general)->head.version, version);
}

TEST_F(Erasure, leaves_a_post_that_cant_be_read_in_its_place) {
  const auto posted = does_unread(alice, PostMessage{.channel = general});
  EXPECT_THAT(posted, Accepted());
  const auto& told = only_change<MessagePosted>(posted).message;
  EXPECT_TRUE(told.erased);
  EXPECT_TRUE(told.text.empty());
  EXPECT_EQ(told.seq, Seq{3});
}

// Live it was read, in a replay it is not: both must go on alike.
TEST_F(Erasure, decides_an_edit_alike_whether_or_not_it_can_be_read) {
  auto read = does(alice, EditMessage{general, {2}, "better"});
  auto unread = does_unread(alice, EditMessage{general, {2}, ""});
  EXPECT_EQ(unread.outcome.version.value, read.outcome.version.value + 1);
  EXPECT_TRUE(message(2).erased);
  EXPECT_EQ(message(2).edits, 2U);
}

TEST_F(Erasure, lets_an_author_write_anew_what_was_erased) {
  erase(alice, 7);
  EXPECT_TRUE(message(2).erased);
  EXPECT_THAT(does(alice, EditMessage{general, {2}, "anew"}), Accepted());
  EXPECT_FALSE(message(2).erased);
  EXPECT_EQ(message(2).text, "anew");
}

TEST_F(Erasure, leaves_an_erased_message_to_be_answered_marked_and_retracted) {
  erase(alice, 7);
  EXPECT_THAT(does(bob, PostMessage{.channel = general, .text = "what was it?", .reply_to = {2}}), Accepted());
  EXPECT_THAT(does(bob, SetReaction{general, {2}, "?", true}), Accepted());
  EXPECT_TRUE(message(2).erased);
  EXPECT_THAT(does(alice, RetractMessage{general, {2}}), Accepted());
  EXPECT_TRUE(message(2).erased && message(2).retracted);
}

TEST_F(Erasure, gives_no_name_from_a_profile_that_cant_be_read) {
  const auto set = does_unread(bob, SetProfile{});
  EXPECT_THAT(set, Accepted());
  EXPECT_TRUE(set.changes.empty());
  EXPECT_EQ(std::get<UserResult>(set.outcome.result).profile, unnamed(bob));
}

TEST_F(Erasure, takes_the_words_out_of_what_is_kept_of_an_outcome) {
  const Message edited{.channel = general, .seq = {2}, .author = alice, .text = "x", .metadata = "{}"};
  const auto kept = without_words(Outcome{.result = MessageResult{edited}});
  EXPECT_EQ(std::get<MessageResult>(kept.result).message, without_words(edited));
  const auto named = without_words(Outcome{.result = UserResult{alice, {"Alice", "u", {7}}}});
  EXPECT_EQ(std::get<UserResult>(named.result).profile, unnamed(alice));
}

TEST(ErasureStream, LiesInThePartitionOfItsSlot) {
  for (const std::uint32_t partitions : {1U, 3U, 4U, 12U, 4096U})
    for (std::uint32_t partition = 0; partition < partitions; ++partition) {
      const auto slot = first_slot(partition, partitions);
      EXPECT_EQ(partition_of(erasure_stream({"ann"}, slot).slot(), partitions), partition);
      if (slot > 0) {
        EXPECT_EQ(partition_of(static_cast<Slot>(slot - 1), partitions), partition - 1) << "it is the first";
      }
    }
}

}  // namespace
}  // namespace parley::core
