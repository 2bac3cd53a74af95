// Keeping a user out of a channel.
#include "tests/unit/core/chat.hpp"

namespace parley::core {
namespace {

class Bans : public Chat {
 protected:
  Decision ban(const UserId& by, const UserId& user, std::optional<TimeMs> until = std::nullopt) {
    return does(by, SetBan{.channel = general, .user = user, .reason = "spam", .until = until});
  }
  Decision lift(const UserId& by, const UserId& user) {
    return does(by, SetBan{.channel = general, .user = user, .on = false});
  }
  Decision join(const UserId& user) { return does(user, SetChannelMember{general, user, std::nullopt}); }

  const ChannelId general = channel(ChannelKind::Public, "general", {bob, carol});
};

TEST_F(Bans, a_member_is_taken_out_and_all_see_it) {
  const auto before = head(general).version;
  const auto decision = ban(alice, bob);
  EXPECT_EQ(change_at<MemberLeft>(decision, 0).user, bob);
  const auto& changed = change_at<BanChanged>(decision, 1);
  EXPECT_EQ(changed.ban, (Ban{"spam", std::nullopt, alice, now}));
  EXPECT_EQ(head(general).version, before.next());
  EXPECT_EQ(decision.outcome.version, before.next());
  EXPECT_EQ(member(general, bob), nullptr);
}

TEST_F(Bans, one_who_is_not_in_it_is_kept_out_without_a_version) {
  const auto before = head(general).version;
  only_change<BanChanged>(ban(alice, dave));
  EXPECT_EQ(head(general).version, before);
}

TEST_F(Bans, the_banned_can_neither_come_in_nor_be_brought_in) {
  ban(alice, bob);
  EXPECT_THAT(join(bob), Rejected(Code::Forbidden));
  EXPECT_THAT(does(alice, SetChannelMember{general, bob, std::nullopt}), Rejected(Code::Forbidden));
}

TEST_F(Bans, one_that_is_lifted_lets_him_in) {
  ban(alice, bob);
  only_change<BanChanged>(lift(alice, bob));
  EXPECT_THAT(join(bob), Accepted());
}

TEST_F(Bans, lifting_what_is_not_there_changes_nothing) {
  const auto decision = lift(alice, bob);
  ASSERT_THAT(decision, Accepted());
  EXPECT_TRUE(decision.changes.empty());
}

TEST_F(Bans, one_ends_by_the_logs_time) {
  ban(alice, bob, TimeMs{now.value + 3'500});  // the ban itself a second from now
  EXPECT_THAT(join(bob), Rejected(Code::Forbidden));
  now.value += 1'000;
  EXPECT_THAT(join(bob), Accepted());
}

TEST_F(Bans, until_lies_ahead) { EXPECT_THAT(ban(alice, bob, now), Rejected(Code::InvalidArgument)); }

TEST_F(Bans, the_last_word_counts) {
  ban(alice, bob);
  ban(alice, bob, TimeMs{now.value + 2'500});
  now.value += 5'000;
  EXPECT_THAT(join(bob), Accepted());
}

TEST_F(Bans, only_those_who_keep_order_may) {
  EXPECT_THAT(ban(bob, carol), Rejected(Code::Forbidden));
  EXPECT_THAT(lift(bob, carol), Rejected(Code::Forbidden));
  EXPECT_THAT(ban(dave, bob), Rejected(Code::NotFound));
  EXPECT_THAT(ban(alice, alice), Rejected(Code::InvalidArgument));
}

TEST_F(Bans, an_admin_bans_those_below_him) {
  does(alice, SetChannelMember{general, bob, Role::Admin});
  EXPECT_THAT(ban(bob, alice), Rejected(Code::Forbidden));
  EXPECT_THAT(ban(bob, carol), Accepted());
}

TEST_F(Bans, a_direct_channel_stays_as_it_is) {
  const auto direct = direct_id(alice, bob);
  does(alice, OpenDirect{direct, bob});
  EXPECT_THAT(does(alice, SetBan{.channel = direct, .user = bob}), Rejected(Code::Forbidden));
}

TEST_F(Bans, they_end_with_the_channel) {
  ban(alice, bob);
  does(alice, DeleteChannel{general});
  EXPECT_THAT(lift(alice, bob), Rejected(Code::NotFound));
}

}  // namespace
}  // namespace parley::core
