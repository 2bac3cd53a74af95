#include "ingest/watches.hpp"

#include <gmock/gmock.h>

#include <optional>

#include "tests/unit/ingest/fake_socket.hpp"
#include "tests/unit/service/recording_broadcast.hpp"

namespace parley::ingest {
namespace {

using How = Watches::How;
using Watch = service::RecordingBroadcast::Watch;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Peer {
  FakeSocket socket;
  Connection connection;
  std::vector<How> answers;
  Watches::Now now;
};

class WatchesTest : public ::testing::Test {
 protected:
  Peer& peer() {
    auto& made = *peers_.emplace_back(std::make_unique<Peer>());
    made.connection.socket = &made.socket;
    return made;
  }
  void watch(Peer& who, const std::vector<std::string>& names) {
    std::vector<core::UserId> users;
    for (const auto& name : names) users.push_back({name});
    watches_.watch(who.connection, std::move(users), [this, &who](How how) {
      who.answers.push_back(how);
      if (how == How::Known) who.now = watches_.tell(who.connection);
    });
  }
  void is(const std::string& user, bool online, std::int64_t last_seen = 1000, bool unsettled = false) {
    watches_.apply({.user = {user}, .online = online, .last_seen = {last_seen}, .unsettled = unsettled});
  }
  static std::vector<std::string> take(Peer& who) { return std::exchange(who.socket.sent, {}); }
  static std::string frame(const std::string& user, bool online, const std::string& at) {
    return R"({"type":"presence","user_id":")" + user + R"(","online":)" + (online ? "true" : "false") +
           R"(,"last_seen":"1970-01-01T00:00:)" + at + R"(Z"})";
  }

  const runtime::ManualClock clock_{59'000};
  service::RecordingBroadcast broadcast_;
  Watches watches_{1, 5, broadcast_, clock_};

 private:
  std::vector<std::unique_ptr<Peer>> peers_;
};

TEST_F(WatchesTest, AWatchIsAnsweredOnceOfAllItIsKnown) {
  auto& one = peer();
  watch(one, {"bob", "ann", "cid", "bob"});
  EXPECT_THAT(broadcast_.watches(), ElementsAre(Watch{1, {"ann", "bob", "cid"}}));
  is("ann", true);
  is("bob", false, 2000);
  EXPECT_THAT(one.answers, IsEmpty());
  is("cid", false, 0);
  EXPECT_THAT(one.answers, ElementsAre(How::Known));
  EXPECT_THAT(one.now.online, ElementsAre(core::UserId{"ann"}));
  EXPECT_THAT(one.now.last_seen, ElementsAre(std::pair(core::UserId{"bob"}, core::TimeMs{2000})));
  EXPECT_THAT(take(one), IsEmpty()) << "the answer says it";
}

TEST_F(WatchesTest, AWatchOfNobodyIsAnsweredAtOnce) {
  auto& one = peer();
  watch(one, {});
  EXPECT_THAT(one.answers, ElementsAre(How::Known));
  EXPECT_THAT(broadcast_.watches(), IsEmpty());
}

TEST_F(WatchesTest, ChangesAreToldToAllWhoWatchAndNothingIsToldTwice) {
  auto& one = peer();
  auto& two = peer();
  watch(one, {"ann"});
  watch(two, {"ann"});
  is("ann", false);
  is("ann", true, 2000);
  is("ann", true, 2000);
  is("ann", false, 3000);
  for (auto* who : {&one, &two})
    EXPECT_THAT(take(*who), ElementsAre(frame("ann", true, "02.000"), frame("ann", false, "03.000")));
  EXPECT_THAT(broadcast_.watches(), SizeIs(1)) << "one asks for all";
}

TEST_F(WatchesTest, WhoIsKnownAlreadyNeedsNoAsking) {
  auto& one = peer();
  watch(one, {"ann"});
  is("ann", true);
  auto& two = peer();
  watch(two, {"ann"});
  EXPECT_THAT(two.answers, ElementsAre(How::Known));
  EXPECT_THAT(two.now.online, SizeIs(1));
}

TEST_F(WatchesTest, WhatChangesBeforeTheAnswerIsInTheAnswer) {
  auto& one = peer();
  watch(one, {"ann", "bob"});
  is("ann", true);
  is("ann", false);
  is("bob", true);
  EXPECT_THAT(one.now.online, ElementsAre(core::UserId{"bob"}));
  EXPECT_THAT(take(one), IsEmpty());
}

TEST_F(WatchesTest, ANewListTakesThePlaceOfTheOldOne) {
  auto& one = peer();
  watch(one, {"ann", "bob"});
  is("ann", true);
  is("bob", true);
  watch(one, {"bob", "cid"});
  EXPECT_THAT(broadcast_.watches(), ElementsAre(Watch{1, {"ann", "bob"}}, Watch{1, {"cid"}}));
  EXPECT_THAT(broadcast_.unwatches(), ElementsAre(Watch{1, {"ann"}}));
  is("cid", true);
  is("ann", false);
  is("bob", false);
  EXPECT_THAT(take(one), ElementsAre(frame("bob", false, "01.000")));
  EXPECT_EQ(watches_.users(), 2U);
}

TEST_F(WatchesTest, AnAnswerThatIsStillDueIsReplacedByTheNextList) {
  auto& one = peer();
  watch(one, {"ann"});
  watch(one, {"bob"});
  EXPECT_THAT(one.answers, ElementsAre(How::Replaced));
  is("ann", true);
  EXPECT_THAT(one.answers, SizeIs(1));
  is("bob", true);
  EXPECT_THAT(one.answers, ElementsAre(How::Replaced, How::Known));
}

TEST_F(WatchesTest, WhoGivesUpLeavesNothingBehind) {
  auto& one = peer();
  auto& two = peer();
  watch(one, {"ann", "bob"});
  watch(two, {"bob"});
  watches_.give_up(one.connection);
  EXPECT_THAT(one.answers, ElementsAre(How::GivenUp));
  EXPECT_THAT(broadcast_.unwatches(), ElementsAre(Watch{1, {"ann"}}));
  watches_.give_up(two.connection);
  watches_.give_up(two.connection);
  EXPECT_EQ(watches_.users(), 0U);
  is("ann", true);
  EXPECT_THAT(take(one), IsEmpty());
}

TEST_F(WatchesTest, ABroadcasterThatBeganAnewIsAskedAgainAndFlashesNobodyOffline) {
  auto& one = peer();
  watch(one, {"ann", "bob", "cid"});
  is("ann", true);
  is("bob", true);
  is("cid", false);
  watches_.reattach();
  EXPECT_THAT(broadcast_.watches(), ElementsAre(Watch{1, {"ann", "bob", "cid"}}, Watch{1, {"ann", "bob", "cid"}}));
  for (const auto* user : {"ann", "bob", "cid"}) is(user, false, 0, true);
  is("ann", true, 5000);
  EXPECT_THAT(take(one), IsEmpty());
  is("bob", false, 0);
  is("cid", false, 0);
  EXPECT_THAT(take(one), ElementsAre(frame("bob", false, "59.000"))) << "he left while nobody saw it";
}

TEST_F(WatchesTest, WhatIsNotCertainYetIsAnAnswer) {
  auto& one = peer();
  watch(one, {"ann"});
  is("ann", false, 0, true);
  EXPECT_THAT(one.answers, ElementsAre(How::Known));
  EXPECT_THAT(one.now.online, IsEmpty());
  is("ann", true, 2000);
  EXPECT_THAT(take(one), ElementsAre(frame("ann", true, "02.000")));
}

TEST_F(WatchesTest, AfterABreakAWaitingAnswerStillComes) {
  auto& one = peer();
  watch(one, {"ann"});
  watches_.reattach();
  is("ann", true);
  EXPECT_THAT(one.answers, ElementsAre(How::Known));
}

TEST_F(WatchesTest, TenThousandWhoWatchTheSameUsersComeAndGoQuickly) {
  std::vector<std::string> names;
  for (int i = 0; i < 200; ++i) names.push_back("user-" + std::to_string(i));
  std::vector<Peer*> all;
  for (int i = 0; i < 10'000; ++i) watch(*all.emplace_back(&peer()), names);
  for (const auto& name : names) is(name, true);
  for (auto* who : all) watches_.give_up(who->connection);
  EXPECT_EQ(watches_.users(), 0U);
}

}  // namespace
}  // namespace parley::ingest
