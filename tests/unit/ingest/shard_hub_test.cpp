#include "ingest/shard_hub.hpp"

#include <gmock/gmock.h>

#include "codec/close_code.hpp"
#include "ingest/writer.hpp"
#include "tests/support/manual_log.hpp"
#include "tests/unit/ingest/changes.hpp"
#include "tests/unit/ingest/fake_socket.hpp"
#include "tests/unit/service/recording_broadcast.hpp"

namespace parley::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;

constexpr auto kRestarting = static_cast<std::uint16_t>(codec::CloseCode::Restarting);

// A connection of a user, and its end of the socket.
struct Peer {
  FakeSocket socket;
  Connection connection;
  int attached = 0;
};

class ShardHubTest : public ::testing::Test {
 protected:
  static constexpr std::uint32_t kShard = 1;
  static constexpr service::GatewayId kGateway = 5;
  using Versions = std::vector<service::Membership>;

  Peer& enter(std::string user, bool resumes = false) {
    auto& peer = *peers_.emplace_back(std::make_unique<Peer>());
    peer.connection.id = peers_.size();
    peer.connection.user = {std::move(user)};
    peer.connection.socket = &peer.socket;
    peer.connection.holds = resumes;
    peer.connection.on_attached = [&peer] { ++peer.attached; };
    hub_.enter(peer.connection);
    return peer;
  }
  // A partition's answer to its attach, given before the record `next`; without one, before the next push().
  void answer(const Peer& peer, std::uint32_t partition, Versions channels, std::optional<std::uint64_t> next = {},
              Place told = {}) {
    apply(partition, {service::Attached{peer.connection.id, kShard, std::move(channels), next.value_or(offset_), told}});
  }
  void answer_all(const Peer& peer, Versions in_the_first, Versions in_the_second = {}) {
    answer(peer, 0, std::move(in_the_first));
    answer(peer, 1, std::move(in_the_second));
  }
  // A peer that has said hello, and is in these channels.
  Peer& attached(std::string user, Versions in_the_first = {}, Versions in_the_second = {}) {
    auto& peer = enter(std::move(user));
    answer_all(peer, std::move(in_the_first), std::move(in_the_second));
    return peer;
  }
  void push(core::Change what) { push_at(offset_, std::move(what)); }
  void push_at(std::uint64_t offset, core::Change what) {
    const auto partition = core::partition_of(what.subject.slot(), 2);
    apply(partition, {encoded({offset}, std::move(what))});
    offset_ = std::max(offset_, offset + 1);
  }
  // The broadcaster has forgotten everyone, and goes on from this record.
  void begin_again(std::uint64_t offset) {
    hub_.reattach();
    offset_ = offset;
  }
  void apply(std::uint32_t partition, decltype(EncodedBatch::items) items) { hub_.apply({partition, std::move(items)}); }
  static std::vector<std::string> take(Peer& peer) { return std::exchange(peer.socket.sent, {}); }

  runtime::Metrics metrics_;
  const runtime::ManualClock clock_{1'767'225'600'000};
  service::RecordingBroadcast broadcast_;
  boost::asio::io_context context_;
  testing::ManualLog log_{2};
  WriterMetrics writer_metrics_{metrics_};
  Writer writer_{context_,       kShard, kGateway, log_, {.partitions = 2, .epoch = 7}, clock_, std::chrono::seconds(8),
                 writer_metrics_};
  HubMetrics hub_metrics_{metrics_};
  ShardHub hub_{kShard, 2, kGateway, broadcast_, writer_, clock_, hub_metrics_};
  std::uint64_t offset_ = 10;

 private:
  std::vector<std::unique_ptr<Peer>> peers_;
};

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
  const auto long_text = net::make_frame(std::string(Connection::kMaxHeldBytes / 4, 'x'));
  for (std::uint64_t version = 5; version < 10; ++version)
    apply(0, {EncodedPush{{version + 100}, std::make_shared<const core::Change>(posted(general, version)), long_text}});
  EXPECT_THAT(ann.socket.closed, Optional(kRestarting));
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

// --- rooms
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
