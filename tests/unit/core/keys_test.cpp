#include "tests/unit/core/chat.hpp"

namespace parley::core {
namespace {

class Keys : public Chat {
 protected:
  Command keyed(const UserId& user, Payload payload, std::uint8_t hash = 1, std::string key = "k") {
    auto made = command(user, std::move(payload));
    made.key = std::move(key);
    made.payload_hash = {hash};
    return made;
  }
  Command hello(std::uint8_t hash = 1) { return keyed(bob, PostMessage{.channel = general, .text = "hello"}, hash); }

  const ChannelId general = channel(ChannelKind::Public, "general", {bob});
  static constexpr std::int64_t kWindow = Rules{}.dedup_window_ms;
};

TEST_F(Keys, make_a_command_happen_once_and_give_its_first_answer_again) {
  const auto command = hello();
  const auto first = world.run(command);
  EXPECT_FALSE(first.duplicate);
  EXPECT_EQ(first.first, command.id);
  const auto again = world.run(hello());
  EXPECT_TRUE(again.duplicate);
  EXPECT_EQ(again.first, command.id);
  EXPECT_EQ(again.outcome, first.outcome);
  EXPECT_TRUE(again.changes.empty());
  EXPECT_EQ(head(general).last_seq, Seq{1});
}

TEST_F(Keys, that_come_with_another_payload_are_refused) {
  const auto first = world.run(hello(1));
  const auto other = hello(2);
  const auto decision = world.run(other);
  EXPECT_THAT(decision, Rejected(Code::KeyReused));
  EXPECT_FALSE(decision.duplicate);
  EXPECT_EQ(decision.first, other.id);
  EXPECT_EQ(decision.outcome.at, now);
  EXPECT_EQ(world.run(hello(1)).first, first.first) << "the first use stays the one that counts";
}

TEST_F(Keys, remember_rejections_too) {
  const auto command = keyed(carol, PostMessage{.channel = general, .text = "let me in"});
  ASSERT_THAT(world.run(command), Rejected(Code::Forbidden));
  does(carol, SetChannelMember{general, carol});
  const auto again = world.run(keyed(carol, PostMessage{.channel = general, .text = "let me in"}));
  EXPECT_TRUE(again.duplicate);
  EXPECT_EQ(again.outcome.code, Code::Forbidden);
}

TEST_F(Keys, of_two_users_have_nothing_to_do_with_each_other) {
  world.run(hello());
  EXPECT_FALSE(world.run(keyed(alice, PostMessage{.channel = general, .text = "hello"})).duplicate);
}

TEST_F(Keys, of_two_streams_have_nothing_to_do_with_each_other) {
  const auto climbing = group("climbing", {bob});
  world.run(hello());
  EXPECT_FALSE(world.run(keyed(bob, PostMessage{.channel = climbing, .text = "hello"})).duplicate);
}

TEST_F(Keys, of_all_channels_of_a_workspace_are_its_own) {
  const auto lobby = channel(ChannelKind::Public, "lobby", {bob});
  world.run(hello());
  EXPECT_THAT(world.run(keyed(bob, PostMessage{.channel = lobby, .text = "hello"}, 2)), Rejected(Code::KeyReused));
}

TEST_F(Keys, are_forgotten_when_the_window_of_the_log_has_passed) {
  world.run(hello());
  now.value += kWindow - 1'000 - 1;  // hello() lets a second pass
  EXPECT_TRUE(world.run(hello()).duplicate);
  EXPECT_FALSE(world.run(hello()).duplicate);
  EXPECT_EQ(head(general).last_seq, Seq{2});
}

TEST_F(Keys, are_measured_by_the_log_and_not_by_a_sender_whose_clock_is_behind) {
  world.run(hello());
  now.value += kWindow;
  does(alice, SetProfile{"Alice"});
  now.value -= kWindow;
  EXPECT_FALSE(world.run(hello()).duplicate);
}

TEST_F(Keys, are_not_looked_at_when_there_is_none) {
  const auto first = world.run(keyed(bob, PostMessage{.channel = general, .text = "x"}, 1, ""));
  const auto again = keyed(bob, PostMessage{.channel = general, .text = "x"}, 1, "");
  Facts facts;
  facts.earlier = Earlier{again.payload_hash, now, first.first, first.outcome};
  EXPECT_FALSE(decide(world.state(), world.rules(), again, facts).duplicate);
}

TEST_F(Keys, never_count_in_a_log_without_a_window) {
  World forgetful{Rules{.dedup_window_ms = 0}};
  const auto make = keyed(bob, SetProfile{"Bob"});
  forgetful.run(make);
  EXPECT_FALSE(forgetful.run(make).duplicate);
}

TEST_F(Keys, are_scoped_to_the_workspace_of_a_channel_even_when_it_is_gone) {
  const auto post = command(bob, PostMessage{.channel = general, .text = "x"});
  EXPECT_EQ(post.stream, stream_of(general));
  EXPECT_EQ(stream_in(world.state(), post), stream_of(acme));
  does(alice, DeleteChannel{general});
  EXPECT_EQ(stream_in(world.state(), post), stream_of(acme));
}

TEST_F(Keys, are_scoped_to_the_stream_of_the_command_everywhere_else) {
  const auto climbing = group("climbing");
  for (const Payload& payload :
       std::initializer_list<Payload>{PostMessage{.channel = climbing}, PostMessage{.channel = group_id(bob, "nowhere")},
                                      SetProfile{"Bob"}, CreateWorkspace{acme}}) {
    const auto made = command(alice, payload);
    EXPECT_EQ(stream_in(world.state(), made), made.stream);
  }
}

}  // namespace
}  // namespace parley::core
