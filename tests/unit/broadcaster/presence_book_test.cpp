#include "broadcaster/presence_book.hpp"

#include <gmock/gmock.h>

namespace parley::broadcaster {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const core::UserId ann{"ann"};
const core::UserId bob{"bob"};

class PresenceBookTest : public ::testing::Test {
 protected:
  PresenceBookTest() {
    book_.connect(1);
    book_.connect(2);
  }
  // Past the time in which nobody is told to be offline.
  void settle() {
    pass(10s);
    told_.clear();
  }
  void pass(std::chrono::milliseconds time) {
    now_.steady += time;
    now_.wall.value += time.count();
    book_.pass(now_);
  }
  void attach(service::GatewayId gateway, const core::UserId& user) { book_.attach(gateway, user, now_); }
  void detach(service::GatewayId gateway, const core::UserId& user) { book_.detach(gateway, user, now_); }
  std::vector<std::string> take() { return std::exchange(told_, {}); }

  static std::string in_words(service::GatewayId gateway, const service::Presence& presence) {
    return std::to_string(gateway) + ": " + presence.user.text + (presence.online ? " online" : " offline") +
           (presence.unsettled ? "?" : "") + " " + std::to_string(presence.last_seen.value);
  }

  PresenceBook::Moment now_{std::chrono::steady_clock::time_point(500s), {100'000}};
  std::vector<std::string> told_;
  PresenceBook book_{10s, now_, [this](service::GatewayId gateway, const service::Presence& presence) {
                       told_.push_back(in_words(gateway, presence));
                     }};
};

TEST_F(PresenceBookTest, AWatchIsAnsweredForEachUser) {
  settle();
  attach(1, ann);
  book_.watch(2, 0, {ann, bob});
  EXPECT_THAT(take(), ElementsAre("2: ann online 110000", "2: bob offline 0"));
}

TEST_F(PresenceBookTest, WhoComesIsOnlineAtOnceAndForTheFirstConnectionAlone) {
  settle();
  book_.watch(2, 0, {ann});
  take();
  attach(1, ann);
  attach(1, ann);
  attach(2, ann);
  EXPECT_THAT(take(), ElementsAre("2: ann online 110000"));
  EXPECT_EQ(book_.online(), 1U);
}

TEST_F(PresenceBookTest, WhoLeavesIsOfflineOnceTheGraceIsOverAndWasSeenWhenHeLeft) {
  settle();
  book_.watch(2, 0, {ann});
  attach(1, ann);
  attach(2, ann);
  take();
  detach(1, ann);
  pass(20s);
  EXPECT_THAT(take(), IsEmpty()) << "he has another connection";
  detach(2, ann);
  pass(9999ms);
  EXPECT_THAT(take(), IsEmpty());
  pass(1ms);
  EXPECT_THAT(take(), ElementsAre("2: ann offline 130000"));
  EXPECT_EQ(book_.online(), 0U);
  book_.watch(1, 0, {ann});
  EXPECT_THAT(take(), ElementsAre("1: ann offline 130000")) << "that is remembered";
}

TEST_F(PresenceBookTest, WhoComesBackWithinTheGraceWasNeverAway) {
  settle();
  book_.watch(2, 0, {ann});
  attach(1, ann);
  take();
  for (int i = 0; i < 5; ++i) {
    detach(1, ann);
    pass(9s);
    attach(2, ann);
    pass(1s);
    detach(2, ann);
    attach(1, ann);
  }
  EXPECT_THAT(take(), IsEmpty());
  detach(1, ann);
  pass(10s);
  EXPECT_THAT(take(), SizeIs(1)) << "the grace counts from the last leaving";
}

TEST_F(PresenceBookTest, AGatewayThatIsGoneTakesAllItsConnectionsAndWatchesWithIt) {
  settle();
  book_.watch(1, 0, {bob});
  book_.watch(2, 0, {ann, bob});
  for (int i = 0; i < 3; ++i) attach(1, ann);
  attach(2, bob);
  take();
  book_.disconnect(1, now_);
  book_.connect(1);
  detach(1, ann);
  pass(10s);
  EXPECT_THAT(take(), ElementsAre("2: ann offline 110000"));
  detach(2, bob);
  pass(10s);
  EXPECT_THAT(take(), ElementsAre("2: bob offline 120000")) << "the new gateway watches nobody yet";
}

TEST_F(PresenceBookTest, AGatewayThatComesBackInTimeKeepsItsUsersOnline) {
  settle();
  book_.watch(2, 0, {ann});
  attach(1, ann);
  take();
  book_.disconnect(1, now_);
  pass(3s);
  book_.connect(1);
  attach(1, ann);
  pass(60s);
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(PresenceBookTest, SeveralShardsOfAGatewayAreToldOnceAndUnwatchOneByOne) {
  settle();
  book_.watch(2, 0, {ann});
  book_.watch(2, 1, {ann});
  book_.watch(2, 1, {ann});
  EXPECT_THAT(take(), SizeIs(3)) << "each is answered";
  attach(1, ann);
  EXPECT_THAT(take(), ElementsAre("2: ann online 110000"));
  book_.unwatch(2, 1, {ann});
  detach(1, ann);
  pass(10s);
  EXPECT_THAT(take(), SizeIs(1));
  book_.unwatch(2, 0, {ann, bob});
  attach(1, ann);
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(PresenceBookTest, InItsFirstSecondsNobodyIsOfflineForCertain) {
  book_.watch(2, 0, {ann, bob});
  EXPECT_THAT(take(), ElementsAre("2: ann offline? 0", "2: bob offline? 0"));
  attach(1, ann);
  EXPECT_THAT(take(), ElementsAre("2: ann online 100000"));
  pass(9999ms);
  EXPECT_THAT(take(), IsEmpty());
  pass(1ms);
  EXPECT_THAT(take(), ElementsAre("2: bob offline 0"));
}

TEST_F(PresenceBookTest, NamesThatWereOnlyWatchedAreForgottenAndThoseOfUsersAreNot) {
  settle();
  for (int i = 0; i < 1000; ++i) book_.watch(1, 0, {{"nobody-" + std::to_string(i)}});
  attach(1, ann);
  book_.watch(1, 0, {ann});
  EXPECT_EQ(book_.known(), 1001U);
  for (int i = 0; i < 1000; ++i) book_.unwatch(1, 0, {{"nobody-" + std::to_string(i)}});
  book_.unwatch(1, 0, {ann});
  EXPECT_EQ(book_.known(), 1U);
  detach(1, ann);
  pass(10s);
  EXPECT_EQ(book_.known(), 1U) << "when he was last seen is kept";
  book_.watch(1, 0, {{"nobody"}});
  book_.disconnect(1, now_);
  EXPECT_EQ(book_.known(), 1U);
}

TEST_F(PresenceBookTest, OfAGatewayThatIsNotConnectedNothingIsTaken) {
  attach(9, ann);
  detach(9, ann);
  book_.watch(9, 0, {ann});
  book_.unwatch(9, 0, {ann});
  book_.disconnect(9, now_);
  detach(1, ann);
  EXPECT_EQ(book_.known(), 0U);
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(PresenceBookTest, ItSaysWhenThereIsMoreToDo) {
  EXPECT_EQ(book_.pass(now_), now_.steady + 10s);
  settle();
  EXPECT_EQ(book_.pass(now_), std::nullopt);
  attach(1, ann);
  EXPECT_EQ(book_.pass(now_), std::nullopt);
  detach(1, ann);
  EXPECT_EQ(book_.pass(now_), now_.steady + 10s);
  attach(1, ann);
  EXPECT_EQ(book_.pass(now_), std::nullopt);
}

TEST_F(PresenceBookTest, AHundredThousandComingAndGoingAreQuick) {
  settle();
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 100'000; ++i) attach(1, {"user-" + std::to_string(i)});
    for (int i = 0; i < 100'000; ++i) attach(1, ann);
    EXPECT_EQ(book_.online(), 100'001U);
    book_.disconnect(1, now_);
    pass(10s);
    EXPECT_EQ(book_.online(), 0U);
    book_.connect(1);
  }
}

}  // namespace
}  // namespace parley::broadcaster
