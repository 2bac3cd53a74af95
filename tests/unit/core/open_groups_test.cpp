#include "tests/unit/core/chat.hpp"

namespace parley::core {
namespace {

class OpenGroups : public Chat {
 protected:
  OpenGroups() { does(alice, CreateChannel{.channel = open, .kind = ChannelKind::Group, .name = "open", .open = true}); }

  const ChannelId open = group_id(alice, "open");
};

TEST_F(OpenGroups, are_joined_by_whoever_knows_them_as_members) {
  const auto seq = post(alice, open, "hi");
  const auto decision = does(dave, SetChannelMember{open, dave});
  ASSERT_THAT(decision, Accepted());
  EXPECT_EQ(decision.outcome.version, Version{3});
  const auto& joined = only_change<MemberJoined>(decision);
  EXPECT_EQ(joined.member.role, Role::Member);
  EXPECT_EQ(joined.member.read_seq, seq) << "who joins has nothing unread";
  EXPECT_THAT(does(dave, SetChannelMember{open, dave}), ChangesNothing());
  EXPECT_THAT(does(dave, PostMessage{.channel = open, .text = "hello"}), Accepted());
}

TEST_F(OpenGroups, give_no_role_beyond_that) {
  for (const auto role : {Role::Admin, Role::Owner})
    EXPECT_THAT(does(dave, SetChannelMember{open, dave, role}), Rejected(Code::Forbidden));
  EXPECT_EQ(member(open, dave), nullptr);
  does(dave, SetChannelMember{open, dave});
  EXPECT_THAT(does(dave, SetChannelMember{open, dave, Role::Admin}), Rejected(Code::Forbidden));
}

TEST_F(OpenGroups, are_not_seen_by_those_who_are_not_in_them) {
  const auto seq = post(alice, open, "psst");
  for (const Payload& payload : std::initializer_list<Payload>{
           UpdateChannel{.channel = open, .topic = "x"}, DeleteChannel{open}, SetChannelMember{open, carol},
           RemoveChannelMember{open, dave}, RemoveChannelMember{open, alice}, PostMessage{.channel = open, .text = "x"},
           RetractMessage{open, seq}, MoveCursor{open, seq}, HideMessage{open, seq}, SetReaction{open, seq, "+1"},
           SetBan{open, alice}}) {
    const auto decision = does(dave, payload);
    EXPECT_THAT(decision, Rejected(Code::NotFound));
    EXPECT_EQ(decision.outcome.detail, "no such channel");
  }
}

TEST_F(OpenGroups, are_invited_into_by_their_members) {
  EXPECT_THAT(does(alice, SetChannelMember{open, bob}), Accepted());
  EXPECT_THAT(does(bob, SetChannelMember{open, dave}), Accepted());
}

TEST_F(OpenGroups, keep_out_who_is_banned_until_that_ends) {
  does(alice, SetBan{.channel = open, .user = dave, .until = TimeMs{now.value + 3'500}});
  EXPECT_THAT(does(dave, SetChannelMember{open, dave}), Rejected(Code::Forbidden));
  EXPECT_THAT(does(dave, SetChannelMember{open, dave}), Rejected(Code::Forbidden));
  now.value += 2'000;
  EXPECT_THAT(does(dave, SetChannelMember{open, dave}), Accepted());
}

TEST_F(OpenGroups, are_not_joined_while_archived_or_once_deleted) {
  does(alice, UpdateChannel{.channel = open, .archived = true});
  EXPECT_THAT(does(dave, SetChannelMember{open, dave}), Rejected(Code::Forbidden));
  does(alice, DeleteChannel{open});
  EXPECT_THAT(does(dave, SetChannelMember{open, dave}), Rejected(Code::NotFound));
}

TEST_F(OpenGroups, stay_open_when_everyone_has_left) {
  does(alice, RemoveChannelMember{open, alice});
  EXPECT_THAT(does(alice, SetChannelMember{open, alice}), Accepted());
  EXPECT_EQ(member(open, alice)->role, Role::Member);
  does(alice, UpdateChannel{.channel = open, .name = "renamed"});
  EXPECT_TRUE(head(open).open);
}

TEST_F(OpenGroups, are_an_exception_among_groups) {
  EXPECT_THAT(does(dave, SetChannelMember{group("closed"), dave}), Rejected(Code::NotFound));
}

}  // namespace
}  // namespace parley::core
