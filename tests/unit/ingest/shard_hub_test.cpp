#include "tests/unit/ingest/shard_hub_fixture.hpp"

namespace parley::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;

// --- coming and going
TEST_F(ShardHubTest, AttachesAConnectionWhenItEntersAndDetachesItWhenItLeaves) {
  auto& one = enter("ann");
  auto& two = enter("ann");
  hub_.leave(one.connection);
  hub_.leave(two.connection);
  using Broadcast = service::RecordingBroadcast;
  EXPECT_THAT(broadcast_.attaches(),
              ElementsAre(Broadcast::Attach{kGateway, "ann", 1, kShard}, Broadcast::Attach{kGateway, "ann", 2, kShard}));
  EXPECT_THAT(broadcast_.detaches(), SizeIs(2));
}

TEST_F(ShardHubTest, AConnectionThatResumesHearsNothingBeforeItIsReleased) {
  auto& ann = enter("ann", true);
  answer(ann, 0, {{general, {4}, {2}}}, 10);
  answer(ann, 1, {}, 20);
  EXPECT_EQ(ann.attached, 1);
  push(posted(general, 5));
  EXPECT_THAT(take(ann), IsEmpty());
  EXPECT_THAT(ann.connection.live, ElementsAre(service::Membership{general, {4}, {2}}));
  EXPECT_THAT(ann.connection.next, ElementsAre(10, 20));
  hub_.release(ann.connection);
  EXPECT_THAT(take(ann), SizeIs(1));
  push(posted(general, 6));
  EXPECT_THAT(take(ann), SizeIs(1));
}

// What it reads of the past is what it was when it attached, or later: perhaps from before the erasure.
TEST_F(ShardHubTest, WhatIsReadForAConnectionOfBeforeAnErasureIsNotKeptForOthers) {
  auto& ann = attached("ann", {{general, {4}}});
  EXPECT_TRUE(hub_.may_keep_for(ann.connection));
  apply(0, {service::WordsErased{}});
  EXPECT_FALSE(hub_.may_keep_for(ann.connection));
  EXPECT_TRUE(hub_.may_keep_for(attached("bob").connection));
}

TEST_F(ShardHubTest, AConnectionIsAttachedOnceEveryPartitionHasAnswered) {
  auto& ann = enter("ann");
  answer(ann, 1, {});
  EXPECT_EQ(ann.attached, 0);
  answer(ann, 0, {});
  EXPECT_EQ(ann.attached, 1);
  answer(ann, 0, {});
  EXPECT_EQ(ann.attached, 1) << "once";
}

TEST_F(ShardHubTest, AnAnswerToAnotherShardOrToAConnectionThatLeftIsNobodys) {
  auto& ann = enter("ann");
  apply(0, {service::Attached{ann.connection.id, kShard + 1, {{general, {1}}}}});
  apply(0, {service::Attached{999, kShard, {{general, {1}}}}});
  hub_.leave(ann.connection);
  answer(ann, 0, {{general, {1}}});
  push(posted(general, 2));
  EXPECT_THAT(take(ann), IsEmpty());
  EXPECT_EQ(ann.attached, 0);
}

// --- who hears what
TEST_F(ShardHubTest, AConnectionHearsItsChannelsFromTheVersionsOfItsAttach) {
  auto& ann = attached("ann", {{general, {4}}}, {{elsewhere, {9}}});
  push(posted(general, 5));
  push(posted(random_talk, 5));
  push(posted(elsewhere, 10));
  EXPECT_THAT(take(ann), ElementsAre("general@5", "elsewhere@10"));
}

TEST_F(ShardHubTest, EveryConnectionOfAUserHears) {
  auto& one = attached("ann", {{general, {4}}});
  auto& two = attached("ann", {{general, {4}}});
  push(posted(general, 5));
  hub_.leave(one.connection);
  push(posted(general, 6));
  EXPECT_THAT(take(one), ElementsAre("general@5"));
  EXPECT_THAT(take(two), ElementsAre("general@5", "general@6"));
}

TEST_F(ShardHubTest, WhoJoinsHearsFromHisOwnJoiningOn) {
  auto& ann = attached("ann");
  auto& bob = attached("bob", {{general, {3}}});
  push(posted(general, 4));
  push(joined(general, 5, "ann"));
  push(posted(general, 6));
  EXPECT_THAT(take(ann), ElementsAre("general@5", "general@6"));
  EXPECT_THAT(take(bob), ElementsAre("general@4", "general@5", "general@6"));
}

TEST_F(ShardHubTest, WhoLeavesHearsUntilHisOwnLeavingAndNoFurther) {
  auto& ann = attached("ann", {{general, {3}}});
  auto& bob = attached("bob", {{general, {3}}});
  push(left(general, 4, "ann"));
  push(posted(general, 5));
  EXPECT_THAT(take(ann), ElementsAre("general@4"));
  EXPECT_THAT(take(bob), ElementsAre("general@4", "general@5"));
}

TEST_F(ShardHubTest, WhoComesBackHearsFromThereOn) {
  auto& ann = attached("ann", {{general, {3}}});
  push(left(general, 4, "ann"));
  push(posted(general, 5));
  push(joined(general, 6, "ann"));
  push(posted(general, 7));
  EXPECT_THAT(take(ann), ElementsAre("general@4", "general@6", "general@7"));
}

TEST_F(ShardHubTest, ANewRoleChangesNothingInWhatIsHeard) {
  auto& ann = attached("ann", {{general, {3}}});
  push(joined(general, 4, "ann", true));
  push(posted(general, 5));
  EXPECT_THAT(take(ann), ElementsAre("general@4", "general@5"));
}

TEST_F(ShardHubTest, AChannelIsHeardFromItsMakingToItsEnd) {
  auto& ann = attached("ann");
  auto& bob = attached("bob");
  auto& eve = attached("eve");
  push(created(general, {"ann", "bob"}));
  push(posted(general, 2));
  push(deleted(general, 3, {"ann", "bob"}));
  for (auto* peer : {&ann, &bob}) EXPECT_THAT(take(*peer), ElementsAre("general@1", "general@2", "general@3"));
  EXPECT_THAT(take(eve), IsEmpty());
  EXPECT_THAT(ann.connection.channels, IsEmpty());
}

TEST_F(ShardHubTest, CursorsAreToldToTheirUserAndTheAuthorAlone) {
  auto& ann = attached("ann", {{general, {3}}});
  auto& bob = attached("bob", {{general, {3}}});
  auto& eve = attached("eve", {{general, {3}}});
  push(cursor(general, "ann"));
  push(cursor(general, "ann", core::UserId{"bob"}));
  EXPECT_THAT(take(ann), ElementsAre("cursor", "cursor"));
  EXPECT_THAT(take(bob), ElementsAre("cursor"));
  EXPECT_THAT(take(eve), IsEmpty());
}

TEST_F(ShardHubTest, EnteringAndLeavingAWorkspaceIsToldToHimWhoDoes) {
  auto& ann = attached("ann");
  auto& bob = attached("bob");
  push(workspace_joined("ann"));
  push(workspace_left("ann"));
  EXPECT_THAT(take(ann), ElementsAre("workspace joined", "workspace left"));
  EXPECT_THAT(take(bob), IsEmpty());
}

// --- before hello
TEST_F(ShardHubTest, NothingIsHeardBeforeEveryPartitionHasAnsweredAndThenAllOfIt) {
  auto& ann = enter("ann");
  std::size_t sent_before_hello = 0;
  ann.connection.on_attached = [&] {
    sent_before_hello = ann.socket.sent.size();
    ann.socket.sent.emplace_back("hello");
  };
  answer(ann, 0, {{general, {4}}});
  push(posted(general, 5));
  push(workspace_joined("ann"));
  answer(ann, 1, {});
  push(posted(general, 6));
  EXPECT_EQ(sent_before_hello, 0U);
  EXPECT_THAT(take(ann), ElementsAre("hello", "general@5", "workspace joined", "general@6"));
}

TEST_F(ShardHubTest, WhatAPartitionSaysBeforeItsAnswerIsInTheAnswer) {
  attached("ann");  // on whose account the broadcaster tells of her
  auto& ann = enter("ann");
  push(joined(general, 5, "ann"));
  push(cursor(general, "ann"));
  push(workspace_joined("ann"));
  answer(ann, 0, {{general, {5}}});
  push(posted(general, 6));
  answer(ann, 1, {});
  EXPECT_THAT(take(ann), ElementsAre("general@6"));
}

// --- what is never stored
TEST_F(ShardHubTest, TypingGoesToTheBroadcasterOnlyFromThoseWhoHearTheChannel) {
  auto& ann = attached("ann", {{general, {3}}});
  hub_.type(ann.connection, general);
  hub_.type(ann.connection, random_talk);
  hub_.type(ann.connection, general);
  EXPECT_THAT(broadcast_.typings(), ElementsAre(std::pair("ann", general))) << "once in three seconds";
  hub_.leave(ann.connection);
}

TEST_F(ShardHubTest, ThatSomebodyTypesIsToldToTheOthersInTheChannelWhereTheyKeepUp) {
  auto& ann = attached("ann", {{general, {3}}});
  auto& bob = attached("bob", {{general, {3}}});
  auto& slow = attached("cid", {{general, {3}}});
  auto& eve = attached("eve", {{random_talk, {3}}});
  enter("bob");
  slow.socket.queued = 1 << 20;
  apply(0, {EncodedTyping{{{"ann"}, general}, net::make_frame("typing")}});
  apply(0, {EncodedTyping{{{"ann"}, elsewhere}, net::make_frame("typing")}});
  EXPECT_THAT(take(bob), ElementsAre("typing"));
  for (auto* peer : {&ann, &slow, &eve}) EXPECT_THAT(take(*peer), IsEmpty());
  EXPECT_EQ(hub_metrics_.typing_dropped.value(), 1U);
}

TEST_F(ShardHubTest, WhoLeavesWatchesNobodyAnyMore) {
  auto& ann = attached("ann");
  hub_.watches().watch(ann.connection, {{"bob"}}, [](Watches::How) {});
  hub_.reattach();
  hub_.leave(ann.connection);
  EXPECT_THAT(broadcast_.watches(), SizeIs(2)) << "asked again after the break";
  EXPECT_THAT(broadcast_.unwatches(), SizeIs(1));
}

// --- outcomes
TEST_F(ShardHubTest, HandsTheOutcomesOfItsShardToTheWriter) {
  auto command = writer_.command({"ann"}, "", core::SetProfile{.name = "Ann"}, "");
  const auto id = command.id;
  int settled = 0;
  writer_.submit(std::move(command), [&](const core::Command&, const Settled&) { ++settled; });
  apply(0, {service::OutcomeReport{.command = id, .shard = kShard + 1, .outcome = {}}});
  EXPECT_EQ(settled, 0);
  apply(0, {service::OutcomeReport{.command = id, .shard = kShard, .outcome = {}}});
  EXPECT_EQ(settled, 1);
}

TEST_F(ShardHubTest, CountsConnectionsDeliveriesAndWhatWaitsForThem) {
  auto& ann = attached("ann", {{general, {4}}});
  attached("bob", {{general, {4}}});
  push(posted(general, 5));
  EXPECT_EQ(hub_metrics_.connections.value(), 2);
  EXPECT_EQ(hub_metrics_.deliveries.value(), 2U);
  EXPECT_EQ(hub_.queued_bytes(), 20U);
  hub_.leave(ann.connection);
  EXPECT_EQ(hub_metrics_.connections.value(), 1);
}

// --- operators
TEST_F(ShardHubTest, AllSocketsOfAUserAreClosedWhenAnOperatorSaysSoAndNobodyElses) {
  auto& laptop = attached("alice");
  auto& phone = enter("alice");  // not greeted yet
  auto& bob = attached("bob");
  EXPECT_EQ(hub_.disconnect({"alice"}), 2U);
  EXPECT_THAT(laptop.socket.closed, Optional(4401));
  EXPECT_THAT(phone.socket.closed, Optional(4401));
  EXPECT_EQ(bob.socket.closed, std::nullopt);
  EXPECT_EQ(hub_.disconnect({"alice"}), 0U) << "they are closing already";
  EXPECT_EQ(hub_.disconnect({"nobody"}), 0U);
  EXPECT_EQ(hub_metrics_.disconnected.value(), 2U);
}

}  // namespace
}  // namespace parley::ingest
