#include "tests/unit/ingest/shard_hub_fixture.hpp"

namespace parley::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;

// --- a broadcaster that begins again
TEST_F(ShardHubTest, WhatWasSentIsNotSentAgain) {
  auto& ann = attached("ann", {{general, {4}}});
  const auto life = [&] {
    push_at(10, posted(general, 5));
    push_at(11, posted(general, 6));
    push_at(12, cursor(general, "ann"));
  };
  life();
  take(ann);
  begin_again(10);
  answer_all(ann, {{general, {4}}});
  life();
  push_at(13, posted(general, 7));
  EXPECT_THAT(take(ann), ElementsAre("general@7"));
  EXPECT_EQ(ann.socket.closed, std::nullopt);
}

TEST_F(ShardHubTest, ABroadcasterThatBeginsBeforeAJoiningRepeatsNothing) {
  auto& ann = attached("ann");
  push_at(10, joined(general, 5, "ann"));
  push_at(11, posted(general, 6));
  take(ann);
  begin_again(10);
  answer_all(ann, {});
  push_at(10, joined(general, 5, "ann"));
  push_at(11, posted(general, 6));
  push_at(12, posted(general, 7));
  EXPECT_THAT(take(ann), ElementsAre("general@7"));
  EXPECT_EQ(ann.socket.closed, std::nullopt);
}

TEST_F(ShardHubTest, ABroadcasterThatBeginsBeforeALeavingRepeatsNothing) {
  auto& ann = attached("ann", {{general, {4}}});
  push_at(10, posted(general, 5));
  push_at(11, left(general, 6, "ann"));
  take(ann);
  begin_again(10);
  answer_all(ann, {{general, {4}}});
  push_at(10, posted(general, 5));
  push_at(11, left(general, 6, "ann"));
  push_at(12, posted(general, 7));
  EXPECT_THAT(take(ann), IsEmpty());
  EXPECT_EQ(ann.socket.closed, std::nullopt);
}

TEST_F(ShardHubTest, ABroadcasterThatBeginsAtTheVeryBeginningRepeatsNothing) {
  auto& ann = attached("ann");
  auto& bob = attached("bob");
  const auto life = [&] {
    push_at(10, created(general, {"ann"}));
    push_at(11, joined(general, 2, "bob"));
    push_at(12, posted(general, 3));
    push_at(13, left(general, 4, "ann"));
    push_at(14, joined(general, 5, "ann"));
    push_at(15, posted(general, 6));
  };
  life();
  take(ann);
  take(bob);
  begin_again(0);
  for (auto* peer : {&ann, &bob}) answer_all(*peer, {});
  life();
  push_at(16, posted(general, 7));
  for (auto* peer : {&ann, &bob}) {
    EXPECT_THAT(take(*peer), ElementsAre("general@7"));
    EXPECT_EQ(peer->socket.closed, std::nullopt);
  }
}

TEST_F(ShardHubTest, WhatAnEarlierBroadcasterDidNotGetToSayIsHeardFromTheNext) {
  auto& ann = attached("ann", {{general, {4}}});
  push_at(10, posted(general, 5));
  begin_again(8);
  answer_all(ann, {{general, {3}}});
  for (std::uint64_t offset = 9; offset < 13; ++offset) push_at(offset, posted(general, offset - 5));
  EXPECT_THAT(take(ann), ElementsAre("general@5", "general@6", "general@7"));
  EXPECT_EQ(ann.socket.closed, std::nullopt);
}

TEST_F(ShardHubTest, WhoIsNewToABroadcasterThatRepeatsHearsFromItsOwnAttachOn) {
  auto& ann = attached("ann", {{general, {4}}});
  push_at(10, posted(general, 5));
  push_at(11, joined(general, 6, "bob"));
  push_at(12, posted(general, 7));
  take(ann);
  begin_again(10);
  answer_all(ann, {{general, {4}}});
  auto& too = attached("ann", {{general, {4}}});
  auto& bob = attached("bob");
  push_at(10, posted(general, 5));
  push_at(11, joined(general, 6, "bob"));
  push_at(12, posted(general, 7));
  push_at(13, posted(general, 8));
  EXPECT_THAT(take(ann), ElementsAre("general@8"));
  EXPECT_THAT(take(too), ElementsAre("general@5", "general@6", "general@7", "general@8"));
  EXPECT_THAT(take(bob), ElementsAre("general@6", "general@7", "general@8"));
}

TEST_F(ShardHubTest, WhoIsNewToABroadcasterThatRepeatsLeavesWhereHeLeft) {
  push_at(10, posted(general, 5));
  auto& ann = attached("ann", {{general, {5}}});
  push_at(11, left(general, 6, "bob"));
  push_at(12, posted(general, 7));
  take(ann);
  begin_again(11);
  answer_all(ann, {{general, {5}}});
  auto& bob = attached("bob", {{general, {5}}});
  push_at(11, left(general, 6, "bob"));
  push_at(12, posted(general, 7));
  push_at(13, posted(general, 8));
  EXPECT_THAT(take(bob), ElementsAre("general@6"));
  EXPECT_THAT(take(ann), ElementsAre("general@8"));
}

TEST_F(ShardHubTest, ChangesOfOneRecordAreToldApart) {
  auto& ann = attached("ann");
  apply(0, {encoded({10, 0}, created(general, {"ann"}))});
  apply(0, {encoded({10, 1}, posted(general, 2))});
  EXPECT_THAT(take(ann), ElementsAre("general@1", "general@2"));
  begin_again(10);
  answer_all(ann, {});
  apply(0, {encoded({10, 0}, created(general, {"ann"}))});
  apply(0, {encoded({10, 1}, posted(general, 2)), encoded({10, 2}, posted(general, 3))});
  EXPECT_THAT(take(ann), ElementsAre("general@3"));
}

TEST_F(ShardHubTest, AttachesEveryoneAgainAndWaitsForAllPartitionsOfThoseWhoWereWaiting) {
  auto& waiting = enter("ann");
  answer(waiting, 0, {{general, {4}}});
  push(posted(general, 5));
  auto& greeted = attached("bob");
  begin_again(offset_);
  EXPECT_THAT(broadcast_.attaches(), SizeIs(4));
  answer(waiting, 0, {{general, {5}}});
  EXPECT_EQ(waiting.attached, 0) << "the answer that it had is void";
  answer(waiting, 1, {});
  EXPECT_EQ(waiting.attached, 1);
  EXPECT_THAT(take(waiting), IsEmpty());
  answer(greeted, 0, {});
  answer(greeted, 1, {});
  EXPECT_EQ(greeted.attached, 1);
}

TEST_F(ShardHubTest, TheSameAnswerTwiceChangesNothing) {
  auto& ann = attached("ann", {{general, {4}}});
  push(posted(general, 5));
  answer(ann, 0, {{general, {5}}});
  push(posted(general, 6));
  EXPECT_THAT(take(ann), ElementsAre("general@5", "general@6"));
  EXPECT_EQ(ann.socket.closed, std::nullopt);
}

// --- holes
TEST_F(ShardHubTest, AChannelThatWentOnWithoutThemClosesTheSocketsInIt) {
  auto& ann = attached("ann", {{general, {4}}});
  auto& bob = attached("bob", {{random_talk, {4}}});
  begin_again(20);
  answer(ann, 0, {{general, {6}}});
  answer(bob, 0, {{random_talk, {4}}});
  EXPECT_THAT(ann.socket.closed, Optional(kRestarting));
  EXPECT_EQ(bob.socket.closed, std::nullopt);
  EXPECT_EQ(hub_metrics_.holes.value(), 1U);
}

TEST_F(ShardHubTest, AVersionThatIsJumpedOverClosesTheSocketsInTheChannel) {
  auto& ann = attached("ann", {{general, {4}}});
  auto& bob = attached("bob", {{general, {4}}});
  auto& eve = attached("eve", {{random_talk, {4}}});
  push(posted(general, 6));
  for (auto* peer : {&ann, &bob}) {
    EXPECT_THAT(take(*peer), IsEmpty());
    EXPECT_THAT(peer->socket.closed, Optional(kRestarting));
  }
  EXPECT_EQ(eve.socket.closed, std::nullopt);
}

TEST_F(ShardHubTest, NoneOfTwoInAChannelIsLeftWithAHole) {
  auto& ann = attached("ann", {{general, {4}}});
  auto& bob = attached("bob", {{general, {4}}});
  begin_again(20);
  answer(ann, 0, {{general, {6}}});
  push(posted(general, 7));
  answer(bob, 0, {{general, {7}}});
  for (auto* peer : {&ann, &bob}) {
    EXPECT_THAT(take(*peer), IsEmpty());
    EXPECT_THAT(peer->socket.closed, Optional(kRestarting));
  }
}

TEST_F(ShardHubTest, ASocketThatIsNewAfterAHoleHearsOn) {
  auto& ann = attached("ann", {{general, {4}}});
  begin_again(20);
  answer(ann, 0, {{general, {6}}});
  hub_.leave(ann.connection);
  auto& again = attached("ann", {{general, {6}}});
  push(posted(general, 7));
  EXPECT_THAT(take(again), ElementsAre("general@7"));
  EXPECT_EQ(again.socket.closed, std::nullopt);
}

TEST_F(ShardHubTest, WhoseJoiningWasMissedIsCutOff) {
  auto& ann = attached("ann");
  begin_again(20);
  answer(ann, 0, {{general, {6}}}, {}, {15, 1});  // joined at 15, while the stream was broken
  EXPECT_THAT(ann.socket.closed, Optional(kRestarting));
}

TEST_F(ShardHubTest, WhoseLeavingWasMissedIsCutOff) {
  auto& ann = attached("ann", {{general, {4}}});
  begin_again(20);
  answer(ann, 0, {}, {}, {15, 1});  // left at 15, while the stream was broken
  EXPECT_THAT(ann.socket.closed, Optional(kRestarting));
}

TEST_F(ShardHubTest, WhatWasToldBeforeTheBreakWasNotMissed) {
  auto& ann = attached("ann", {{general, {4}}});
  push(posted(general, 5));
  begin_again(20);
  answer(ann, 0, {{general, {5}}}, {}, {10, 1});
  answer(ann, 1, {});
  EXPECT_EQ(ann.socket.closed, std::nullopt);
}

TEST_F(ShardHubTest, WhatABatchSaysWasReachedWasHeardThoughNothingCameOfIt) {
  auto& ann = attached("ann");
  apply(0, {service::Reached{18}});
  begin_again(20);
  answer(ann, 0, {}, {}, {18, 0});  // of what is before that this broadcaster knows nothing
  answer(ann, 1, {});
  EXPECT_EQ(ann.socket.closed, std::nullopt);
  apply(0, {service::Reached{22}});
  begin_again(30);
  answer(ann, 0, {}, {}, {23, 0});
  EXPECT_THAT(ann.socket.closed, Optional(kRestarting));
}

TEST_F(ShardHubTest, AfterABreakNothingGoesOutBeforeItIsKnownWhatWasMissed) {
  auto& ann = attached("ann", {{general, {4}}});
  auto& bob = attached("bob", {{general, {4}}});
  begin_again(20);
  answer(ann, 1, {});
  push(posted(general, 5));
  EXPECT_THAT(take(ann), IsEmpty());
  answer(ann, 0, {{general, {5}}});
  EXPECT_THAT(take(ann), ElementsAre("general@5"));
  answer(bob, 0, {{general, {5}}}, {}, {15, 1});
  EXPECT_THAT(bob.socket.closed, Optional(kRestarting));
  EXPECT_THAT(take(bob), IsEmpty());
}

TEST_F(ShardHubTest, WhoIsAnsweredOnlyAfterASecondBreakIsCutOffIfOthersHeardOn) {
  auto& ann = attached("ann", {{general, {4}}});
  auto& bob = attached("bob", {{random_talk, {4}}});
  begin_again(20);
  answer(bob, 0, {{random_talk, {4}}});
  begin_again(5);
  answer(ann, 0, {{general, {3}}});
  answer(bob, 0, {{random_talk, {4}}});
  EXPECT_THAT(ann.socket.closed, Optional(kRestarting)) << "what came between 10 and 20 would not come to her";
  EXPECT_EQ(bob.socket.closed, std::nullopt);
}

// What lies between where a connection stood and where another one was attached comes to neither, unless a broadcaster begins
// before it; and to that it is a repetition.
TEST_F(ShardHubTest, WhoWasLeftBehindByTheAttachOfAnotherIsCutOffWhenThatIsRepeated) {
  auto& ann = attached("ann", {{general, {4}}});
  begin_again(20);
  auto& bob = enter("bob");
  answer(bob, 0, {});
  begin_again(12);
  answer(enter("cid"), 0, {}, 12);
  push_at(15, posted(general, 5));
  answer(ann, 0, {{general, {5}}}, 20);
  push_at(20, posted(general, 6));
  EXPECT_THAT(ann.socket.closed, Optional(kRestarting));
  EXPECT_EQ(bob.socket.closed, std::nullopt);
}

// What others had heard when it attached, and it has not been told, comes to nobody again.
TEST_F(ShardHubTest, WhoWasCatchingUpWhenTheStreamBreaksIsCutOff) {
  auto& bob = attached("bob", {{general, {3}}});
  push_at(20, posted(general, 4));
  begin_again(15);
  auto& ann = attached("ann", {{general, {3}}});
  begin_again(25);
  EXPECT_EQ(ann.socket.closed, kRestarting);
  answer(bob, 0, {{general, {4}}});
  answer(bob, 1, {});
  EXPECT_EQ(bob.socket.closed, std::nullopt);
}

TEST_F(ShardHubTest, WhoGetsTooMuchBeforeHelloIsCutOff) {
  auto& ann = enter("ann");
  answer(ann, 0, {{general, {4}}});
  const auto long_text = net::make_frame(std::string(ShardHub::kMaxHeldBytes / 4, 'x'));
  for (std::uint64_t version = 5; version < 10; ++version)
    apply(0, {EncodedPush{{version + 100}, std::make_shared<const core::Change>(posted(general, version)), long_text}});
  EXPECT_THAT(ann.socket.closed, Optional(kRestarting));
}

TEST_F(ShardHubTest, WhoHoldsTooMuchBackIsTooSlow) {
  auto& ann = enter("ann");
  ann.connection.holds = true;
  answer(ann, 0, {{general, {4}}});
  answer(ann, 1, {});
  const auto long_text = net::make_frame(std::string(ShardHub::kMaxHeldBytes / 4, 'x'));
  for (std::uint64_t version = 5; version < 10; ++version)
    apply(0, {EncodedPush{{version + 100}, std::make_shared<const core::Change>(posted(general, version)), long_text}});
  EXPECT_THAT(ann.socket.closed, Optional(4408));
}

}  // namespace
}  // namespace parley::ingest
