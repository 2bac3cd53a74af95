#include "tests/unit/core/chat.hpp"

namespace parley::core {
namespace {

class Cursors : public Chat {
 protected:
  Cursors() {
    for (int i = 0; i < 3; ++i) post(alice, general, "x");
  }
  const ChannelId general = channel(ChannelKind::Public, "general", {bob});
};

TEST_F(Cursors, move_forward_and_tell_where_they_are) {
  const auto decision = does(bob, MoveCursor{general, {2}});
  ASSERT_THAT(decision, Accepted());
  const auto& moved = only_change<CursorMoved>(decision);
  EXPECT_EQ(moved.user, bob);
  EXPECT_EQ(moved.kind, CursorKind::Read);
  EXPECT_EQ(moved.member, *member(general, bob));
  EXPECT_EQ(moved.member.read_seq, Seq{2});
  EXPECT_EQ(moved.member.read_at, now);
  EXPECT_EQ(result<CursorResult>(decision).seq, Seq{2});
  EXPECT_EQ(decision.outcome.seq, Seq{2});
}

TEST_F(Cursors, take_no_version) {
  const auto before = head(general).version;
  const auto decision = does(bob, MoveCursor{general, {2}});
  EXPECT_EQ(decision.changes.front().version, before);
  EXPECT_EQ(decision.outcome.version, before);
  EXPECT_EQ(head(general).version, before);
}

TEST_F(Cursors, of_reading_take_that_of_delivery_along) {
  does(bob, MoveCursor{general, {2}, CursorKind::Read});
  EXPECT_EQ(member(general, bob)->delivered_seq, Seq{2});
}

TEST_F(Cursors, of_delivery_leave_that_of_reading_behind) {
  does(bob, MoveCursor{general, {3}, CursorKind::Delivered});
  does(bob, MoveCursor{general, {1}, CursorKind::Read});
  EXPECT_EQ(member(general, bob)->read_seq, Seq{1});
  EXPECT_EQ(member(general, bob)->delivered_seq, Seq{3});
}

TEST_F(Cursors, never_go_back) {
  does(bob, MoveCursor{general, {2}});
  for (const std::uint64_t seq : {0, 1, 2}) {
    const auto decision = does(bob, MoveCursor{general, {seq}});
    EXPECT_THAT(decision, ChangesNothing());
    EXPECT_EQ(result<CursorResult>(decision).seq, Seq{2});
    EXPECT_EQ(decision.outcome.seq, Seq{2});
  }
}

TEST_F(Cursors, never_go_past_the_last_message) {
  EXPECT_THAT(does(bob, MoveCursor{general, {4}}), Rejected(Code::InvalidArgument));
  EXPECT_THAT(does(bob, MoveCursor{general, {4}, CursorKind::Delivered}), Rejected(Code::InvalidArgument));
}

TEST_F(Cursors, are_had_by_members_alone) {
  EXPECT_THAT(does(carol, MoveCursor{general, {1}}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(dave, MoveCursor{general, {1}}), Rejected(Code::NotFound));
}

TEST_F(Cursors, in_a_public_channel_concern_nobody_else) {
  EXPECT_EQ(only_change<CursorMoved>(does(bob, MoveCursor{general, {2}})).author, std::nullopt);
}

TEST_F(Cursors, in_direct_channels_and_groups_are_told_to_the_author) {
  const auto direct = direct_id(alice, bob);
  const auto climbing = group("climbing", {bob, carol});
  does(alice, PostMessage{.channel = direct, .direct_to = bob, .text = "hi"});
  post(alice, climbing, "hi");
  for (const auto& id : {direct, climbing}) {
    const auto move = command(bob, MoveCursor{id, {1}});
    ASSERT_TRUE(wanted_message(world.state(), move));
    EXPECT_EQ(only_change<CursorMoved>(world.run(move)).author, alice);
  }
}

// --- when a message was first delivered and first read
class Firsts : public Cursors {
 protected:
  // Who is the first to bring a cursor there: "r" to read, "d" to receive.
  std::string first(const UserId& user, std::uint64_t seq, CursorKind kind = CursorKind::Read) {
    const auto decision = does(user, MoveCursor{general, {seq}, kind});
    if (decision.changes.empty()) return "-";
    const auto& moved = only_change<CursorMoved>(decision);
    return std::string(moved.first_to_read ? "r" : "") + (moved.first_to_receive ? "d" : "");
  }
};

TEST_F(Firsts, are_those_whose_command_takes_a_cursor_further_than_any_did) {
  does(carol, SetChannelMember{general, carol});
  for (int i = 0; i < 3; ++i) post(alice, general, "y");
  EXPECT_EQ(first(bob, 2, CursorKind::Delivered), "d");
  EXPECT_EQ(first(bob, 1), "r") << "it was delivered before";
  EXPECT_EQ(first(carol, 5), "rd");
  EXPECT_EQ(first(bob, 4), "");
  EXPECT_EQ(first(bob, 5, CursorKind::Delivered), "");
  EXPECT_EQ(first(bob, 6, CursorKind::Delivered), "d");
  EXPECT_EQ(first(carol, 6), "r");
  EXPECT_EQ(head(general).reached_by_reading, Seq{6});
  EXPECT_EQ(head(general).reached_by_delivery, Seq{6});
}

TEST_F(Firsts, are_not_those_who_post_or_join) {
  post(bob, general, "mine");
  does(carol, SetChannelMember{general, carol});
  EXPECT_EQ(head(general).reached_by_reading, Seq{0});
  EXPECT_EQ(head(general).reached_by_delivery, Seq{0});
  EXPECT_EQ(first(alice, 4), "rd") << "an author of earlier messages reads on, past them";
}

TEST_F(Firsts, are_also_those_whose_cursor_is_further_by_what_they_posted) {
  post(bob, general, "mine");
  const auto decision = does(bob, MoveCursor{general, {2}});
  const auto& change = only_change<CursorMoved>(decision);
  EXPECT_TRUE(change.first_to_read && change.first_to_receive && !change.moves && !change.author);
  EXPECT_EQ(change.member, *member(general, bob));
  EXPECT_EQ(member(general, bob)->read_seq, Seq{4});
  EXPECT_EQ(decision.outcome.seq, Seq{4});
  EXPECT_EQ(head(general).reached_by_reading, Seq{2});
  EXPECT_EQ(head(general).reached_by_delivery, Seq{2});
  EXPECT_THAT(does(bob, MoveCursor{general, {2}}), ChangesNothing());
}

TEST_F(Firsts, are_known_after_a_change_of_the_channel) {
  first(bob, 2);
  does(alice, UpdateChannel{.channel = general, .name = "other"});
  EXPECT_EQ(head(general).reached_by_reading, Seq{2});
  EXPECT_EQ(first(bob, 3), "rd");
}

TEST_F(Cursors, are_not_told_to_an_author_who_left) {
  const auto climbing = group("climbing", {bob});
  post(alice, climbing, "goodbye");
  does(alice, RemoveChannelMember{climbing, alice});
  EXPECT_EQ(only_change<CursorMoved>(does(bob, MoveCursor{climbing, {1}})).author, std::nullopt);
}

}  // namespace
}  // namespace parley::core
