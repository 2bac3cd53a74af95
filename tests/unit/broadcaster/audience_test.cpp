#include "broadcaster/audience.hpp"

#include <gmock/gmock.h>

#include "codec/change_codec.hpp"
#include "tests/unit/core/chat.hpp"
#include "tests/unit/core/random_commands.hpp"
#include "tests/unit/service/recording_gateway.hpp"

namespace parley::broadcaster {
namespace {

using namespace core;
using ::testing::ElementsAre;

// The small world of the rules' own tests, and one gateway that listens to it.
class AudienceTest : public Chat {
 protected:
  // Which of a command's changes the gateway gets.
  std::vector<bool> hear(const UserId& user, Payload payload) {
    std::vector<bool> heard;
    for (const auto& change : does(user, std::move(payload)).changes) {
      heard.push_back(listener.admit(change));
      listener.settle(change);
    }
    return heard;
  }
  std::vector<bool> hear_post(const UserId& user, const ChannelId& channel) {
    return hear(user, PostMessage{.channel = channel, .text = "hello"});
  }
  void attach(const UserId& user) { listener.attach(user, world.state()); }
  void detach(const UserId& user) { listener.detach(user, world.state()); }

  service::RecordingGateway gateway;
  Audience::Listener listener{gateway};
  const ChannelId general = channel(ChannelKind::Public, "general", {bob});
};

TEST_F(AudienceTest, HearsTheChannelsThatAnAttachedUserIsIn) {
  EXPECT_THAT(hear_post(alice, general), ElementsAre(false));
  attach(bob);
  EXPECT_THAT(hear_post(alice, general), ElementsAre(true));
  const auto other = channel(ChannelKind::Public, "other");
  EXPECT_THAT(hear_post(alice, other), ElementsAre(false));
}

TEST_F(AudienceTest, HearsUntilTheLastSocketOfTheUserIsDetached) {
  attach(bob);
  attach(bob);
  detach(bob);
  EXPECT_THAT(hear_post(alice, general), ElementsAre(true));
  detach(bob);
  EXPECT_THAT(hear_post(alice, general), ElementsAre(false));
}

TEST_F(AudienceTest, HearsUntilTheLastOfTwoUsersIsDetached) {
  attach(alice);
  attach(bob);
  detach(alice);
  EXPECT_THAT(hear_post(alice, general), ElementsAre(true));
  detach(bob);
  EXPECT_THAT(hear_post(alice, general), ElementsAre(false));
}

TEST_F(AudienceTest, DetachingWhoWasNotAttachedChangesNothing) {
  attach(bob);
  detach(carol);
  detach(dave);
  EXPECT_THAT(hear_post(alice, general), ElementsAre(true));
}

TEST_F(AudienceTest, HearsAJoiningAndWhatFollows) {
  attach(carol);
  EXPECT_THAT(hear_post(alice, general), ElementsAre(false));
  EXPECT_THAT(hear(carol, SetChannelMember{general, carol}), ElementsAre(true));
  EXPECT_THAT(hear_post(alice, general), ElementsAre(true));
}

TEST_F(AudienceTest, HearsALeavingAndNothingThatFollows) {
  attach(bob);
  EXPECT_THAT(hear(bob, RemoveChannelMember{general, bob}), ElementsAre(true));
  EXPECT_THAT(hear_post(alice, general), ElementsAre(false));
}

TEST_F(AudienceTest, HearsOnWhenOneOfTwoLeaves) {
  attach(alice);
  attach(bob);
  hear(bob, RemoveChannelMember{general, bob});
  EXPECT_THAT(hear_post(alice, general), ElementsAre(true));
}

TEST_F(AudienceTest, ANewRoleIsHeardAndCountsForNothingMore) {
  attach(bob);
  EXPECT_THAT(hear(alice, SetChannelMember{general, bob, Role::Admin}), ElementsAre(true));
  hear(bob, RemoveChannelMember{general, bob});
  EXPECT_THAT(hear_post(alice, general), ElementsAre(false));
}

TEST_F(AudienceTest, HearsAChannelFromItsMakingToItsEnd) {
  attach(bob);
  attach(carol);
  const auto made = channel_id(acme, alice, "made");
  EXPECT_THAT(hear(alice, CreateChannel{made, ChannelKind::Private, acme, "made", "", {bob, carol}}), ElementsAre(true));
  EXPECT_THAT(hear_post(alice, made), ElementsAre(true));
  EXPECT_THAT(hear(alice, DeleteChannel{made}), ElementsAre(true));
  EXPECT_FALSE(listener.hears(made));
}

TEST_F(AudienceTest, DoesNotHearTheMakingOfWhatItsUsersAreNotIn) {
  attach(bob);
  const auto made = channel_id(acme, alice, "made");
  EXPECT_THAT(hear(alice, CreateChannel{made, ChannelKind::Public, acme, "made", "", {}}), ElementsAre(false));
  EXPECT_THAT(hear(alice, DeleteChannel{made}), ElementsAre(false));
}

TEST_F(AudienceTest, HearsBothChangesOfAFirstDirectMessage) {
  attach(bob);
  const PostMessage post{.channel = direct_id(alice, bob), .direct_to = bob, .text = "hello"};
  EXPECT_THAT(hear(alice, post), ElementsAre(true, true));
}

TEST_F(AudienceTest, HearsOfACursorWhoMovedItAndWhoseMessageItIsAt) {
  const auto climbing = group("climbing", {bob, carol});
  post(alice, climbing, "hello");
  const MoveCursor read{climbing, {1}, CursorKind::Read};
  attach(carol);
  EXPECT_THAT(hear(bob, read), ElementsAre(false)) << "carol is in it, but neither";
  EXPECT_THAT(hear(carol, read), ElementsAre(true));
  detach(carol);
  attach(alice);
  post(alice, climbing, "again");
  EXPECT_THAT(hear(bob, MoveCursor{climbing, {2}, CursorKind::Read}), ElementsAre(true));
}

TEST_F(AudienceTest, HearsOfAWorkspaceWhoEntersAndLeavesIt) {
  attach(dave);
  EXPECT_THAT(hear(alice, SetWorkspaceMember{acme, dave}), ElementsAre(true));
  EXPECT_THAT(hear(alice, SetWorkspaceMember{acme, carol, Role::Admin}), ElementsAre(false));
  EXPECT_THAT(hear(dave, RemoveWorkspaceMember{acme, dave}), ElementsAre(true));
}

TEST_F(AudienceTest, WhoLeavesAWorkspaceLeavesItsChannelsFirst) {
  attach(bob);
  EXPECT_THAT(hear(bob, RemoveWorkspaceMember{acme, bob}), ElementsAre(true, true));
  EXPECT_THAT(hear_post(alice, general), ElementsAre(false));
}

TEST_F(AudienceTest, NobodyHearsOfProfilesAndCountedReplies) {
  attach(alice);
  post(alice, general, "question");
  EXPECT_THAT(hear(alice, SetProfile{.name = "Alice"}), ElementsAre(false));
  EXPECT_THAT(hear(bob, PostMessage{.channel = general, .text = "answer", .reply_to = {1}}), ElementsAre(true, false));
}

// Whatever happens, a channel is heard exactly while somebody who is attached is in it.
class AudienceProperty : public testing::TestWithParam<std::uint64_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, AudienceProperty, testing::Range<std::uint64_t>(1, 9));

TEST_P(AudienceProperty, HearsAChannelExactlyWhileAnAttachedUserIsInIt) {
  RandomCommands commands(GetParam());
  World world;
  service::RecordingGateway gateway;
  Audience::Listener listener(gateway);
  std::map<UserId, int> attached;
  for (int i = 0; i < 2'000; ++i) {
    const auto& user = commands.users[commands.below(commands.users.size())];
    if (commands.below(6) == 0) {
      listener.attach(user, world.state());
      ++attached[user];
    } else if (attached[user] > 0 && commands.below(5) == 0) {
      listener.detach(user, world.state());
      --attached[user];
    }
    for (const auto& change : world.run(commands.next()).changes) {
      if (!codec::is_client_change(change)) continue;
      listener.admit(change);
      listener.settle(change);
    }
    for (const auto& id : commands.channels) {
      const auto* channel = world.state().channel(id);
      const bool wanted =
          channel != nullptr && std::ranges::any_of(channel->members, [&](const auto& m) { return attached[m.first] > 0; });
      ASSERT_EQ(listener.hears(id), wanted) << "after command " << i;
    }
  }
}

}  // namespace
}  // namespace parley::broadcaster
