#include "tests/unit/ingest/shard_hub_fixture.hpp"

namespace parley::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ShardHubRooms : public ShardHubTest {
 protected:
  void listen(Peer& peer, const core::ChannelId& room = general) {
    hub_.listen(peer.connection, room, [this](const service::Listening* heard) {
      answers_.push_back(heard == nullptr ? "given up" : heard->is_room ? std::to_string(heard->version.value) : "no room");
    });
  }
  void heard(const Peer& peer, std::uint64_t version, std::optional<std::uint64_t> next = {}, bool is_room = true) {
    apply(0, {service::Listening{.connection = peer.connection.id,
                                 .shard = kShard,
                                 .room = general,
                                 .is_room = is_room,
                                 .version = {version},
                                 .last_seq = {version - 1},
                                 .next = next.value_or(offset_)}});
  }
  Peer& listener(std::uint64_t version) {
    auto& peer = attached("ann");
    listen(peer);
    heard(peer, version);
    answers_.clear();
    return peer;
  }

  std::vector<std::string> answers_;
};

TEST_F(ShardHubRooms, ARoomIsHeardFromItsAnswerOnByThatConnectionAlone) {
  auto& ann = attached("ann");
  auto& other = attached("ann");
  listen(ann);
  push(posted(general, 4));
  heard(ann, 4);
  push(posted(general, 5));
  EXPECT_THAT(answers_, ElementsAre("4"));
  EXPECT_THAT(take(ann), ElementsAre("general@5"));
  EXPECT_THAT(take(other), IsEmpty());
  using Listen = service::RecordingBroadcast::Listen;
  EXPECT_THAT(broadcast_.listens(), ElementsAre(Listen{kGateway, general, ann.connection.id, kShard}));
  EXPECT_EQ(hub_metrics_.rooms.value(), 1);
}

TEST_F(ShardHubRooms, WhoJoinsWhereOthersListenHearsFromHisOwnAnswerOn) {
  auto& ann = listener(3);
  push(posted(general, 4));
  auto& bob = attached("bob");
  listen(bob);
  heard(bob, 4);
  push(posted(general, 5));
  EXPECT_THAT(take(ann), ElementsAre("general@4", "general@5"));
  EXPECT_THAT(take(bob), ElementsAre("general@5"));
}

TEST_F(ShardHubRooms, WhatIsNoRoomIsNotHeard) {
  auto& ann = attached("ann");
  listen(ann);
  heard(ann, 1, {}, false);
  push(posted(general, 2));
  EXPECT_THAT(answers_, ElementsAre("no room"));
  EXPECT_THAT(take(ann), IsEmpty());
  EXPECT_THAT(ann.connection.rooms, IsEmpty());
}

TEST_F(ShardHubRooms, WhoLeavesIsToldHowFarItHadComeAndHearsNoMore) {
  auto& ann = listener(3);
  auto message = posted(general, 4);
  std::get<core::MessagePosted>(message.body).message.seq = {77};
  push(std::move(message));
  const auto heard_last = hub_.unlisten(ann.connection, general);
  ASSERT_TRUE(heard_last);
  EXPECT_EQ(heard_last->version, core::Version{4});
  EXPECT_EQ(heard_last->last_seq, core::Seq{77});
  push(posted(general, 5));
  heard(ann, 5);  // an answer that comes too late
  push(posted(general, 6));
  EXPECT_THAT(take(ann), ElementsAre("general@4"));
  EXPECT_THAT(broadcast_.unlistens(), SizeIs(1));
  EXPECT_FALSE(hub_.unlisten(ann.connection, general));
  EXPECT_EQ(hub_metrics_.rooms.value(), 0);
}

TEST_F(ShardHubRooms, WhoGivesUpHearsNothingOfALateAnswer) {
  auto& ann = attached("ann");
  listen(ann);
  hub_.give_up(ann.connection, general);
  hub_.give_up(ann.connection, general);
  heard(ann, 3);
  push(posted(general, 4));
  EXPECT_THAT(answers_, ElementsAre("given up"));
  EXPECT_THAT(take(ann), IsEmpty());
  EXPECT_THAT(broadcast_.unlistens(), SizeIs(1));
}

TEST_F(ShardHubRooms, AConnectionThatLeavesIsInNoRoom) {
  auto& ann = listener(3);
  listen(ann, random_talk);
  hub_.leave(ann.connection);
  heard(ann, 3);
  push(posted(general, 4));
  EXPECT_THAT(take(ann), IsEmpty());
  EXPECT_EQ(hub_metrics_.rooms.value(), 0);
}

TEST_F(ShardHubRooms, AfterABreakItIsListenedToAgainAndNothingIsHeardTwiceOrMissed) {
  auto& ann = listener(3);
  push(posted(general, 4));
  listen(ann, random_talk);
  hub_.reattach();
  EXPECT_THAT(broadcast_.listens(), SizeIs(4)) << "the two, and both again";
  answer(ann, 0, {});
  answer(ann, 1, {});
  heard(ann, 4);
  EXPECT_EQ(ann.socket.closed, std::nullopt);
  push(posted(general, 5));
  EXPECT_THAT(take(ann), ElementsAre("general@4", "general@5"));
}

TEST_F(ShardHubRooms, WhatWasMissedInABreakClosesTheSocket) {
  auto& ann = listener(3);
  hub_.reattach();
  answer(ann, 0, {});
  answer(ann, 1, {});
  heard(ann, 5);
  EXPECT_EQ(ann.socket.closed, kRestarting);
}

TEST_F(ShardHubRooms, ABroadcasterThatRepeatsIsAskedAgainUntilItStandsWhereTheOthersDo) {
  auto& ann = listener(3);
  push_at(20, posted(general, 4));
  begin_again(15);
  answer(ann, 0, {}, 15);
  answer(ann, 1, {}, 15);
  const auto asked = broadcast_.listens().size();
  heard(ann, 3, 15);
  EXPECT_THAT(broadcast_.listens(), SizeIs(asked + 1));
  push_at(20, posted(general, 4));
  heard(ann, 4, 21);
  EXPECT_THAT(broadcast_.listens(), SizeIs(asked + 1));
  push_at(21, posted(general, 5));
  EXPECT_EQ(ann.socket.closed, std::nullopt);
  EXPECT_THAT(take(ann), ElementsAre("general@4", "general@5"));
}

TEST_F(ShardHubRooms, WhoJoinsWhileABroadcasterRepeatsHearsOnlyWhatIsNew) {
  auto& ann = attached("ann", {{random_talk, {1}}});
  push_at(20, posted(random_talk, 2));
  begin_again(15);
  answer(ann, 0, {{random_talk, {1}}}, 15);
  answer(ann, 1, {}, 15);
  listen(ann);
  heard(ann, 1, 16, false);  // it was made at 17
  EXPECT_THAT(answers_, IsEmpty());
  push_at(18, posted(general, 2));
  push_at(20, posted(random_talk, 2));
  heard(ann, 2, 21);
  push_at(21, posted(general, 3));
  EXPECT_THAT(answers_, ElementsAre("2"));
  EXPECT_THAT(take(ann), ElementsAre("random@2", "general@3"));
}

}  // namespace
}  // namespace parley::ingest
