#include "limit/limits.hpp"

#include <gmock/gmock.h>

#include <deque>
#include <vector>

namespace parley::limit {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

class LimitsTest : public ::testing::Test {
 protected:
  Caller caller(const std::string& user, const std::string& address = "192.0.2.1") {
    Caller made(limits_, address);
    made.identify(user);
    return made;
  }
  static int how_many(Caller& caller, Asks asks, std::size_t bytes = 0) {
    int taken = 0;
    while (!caller.take(asks, bytes)) ++taken;
    return taken;
  }

  runtime::ManualClock clock_{1'000'000};
  runtime::Metrics metrics_;
  Limits limits_{
      {.user = {.messages = {10, 3}, .commands = {10, 8}, .reads = {10, 4}, .bytes = {100, 1000}, .connections = 2},
       .address = {.messages = {10, 5}, .commands = {10, 20}, .reads = {10, 6}, .bytes = {100, 5000}, .connections = 3},
       .refusals = {1, 1},
       .max_accounts = 64},
      clock_,
      metrics_};
};

TEST_F(LimitsTest, EachKindHasItsOwnLimitAndMessagesAreCommandsToo) {
  auto ann = caller("ann");
  EXPECT_EQ(how_many(ann, Asks::Message), 3);
  EXPECT_EQ(how_many(ann, Asks::Command), 5) << "what the messages left, refused ones not counted";
  EXPECT_EQ(how_many(ann, Asks::Read), 4);
}

TEST_F(LimitsTest, BytesAreLimitedWhateverCarriesThem) {
  auto ann = caller("ann");
  EXPECT_FALSE(ann.take(Asks::Command, 600));
  const auto refusal = ann.take(Asks::Read, 600);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->what, What::Bytes);
  EXPECT_EQ(refusal->wait, milliseconds(2000));
  EXPECT_FALSE(ann.take(Asks::Command, 400));
}

TEST_F(LimitsTest, ARefusalSaysWhoseItIsAndHowLongToWait) {
  auto ann = caller("ann");
  how_many(ann, Asks::Message);
  const auto refusal = ann.take(Asks::Message, 0);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->of, Of::User);
  EXPECT_EQ(refusal->what, What::Messages);
  EXPECT_EQ(refusal->wait, milliseconds(100));
  EXPECT_EQ(refusal->quota.limit, 3U);
  EXPECT_EQ(refusal->quota.remaining, 0U);
  EXPECT_EQ(refusal->sentence(), "too many messages of this user; try again in 100 ms");
}

TEST_F(LimitsTest, TimeBringsItBack) {
  auto ann = caller("ann");
  how_many(ann, Asks::Message);
  clock_.advance(200);
  EXPECT_EQ(how_many(ann, Asks::Message), 2);
}

TEST_F(LimitsTest, AUserIsTheSameWhereverHeComesFrom) {
  auto here = caller("ann", "192.0.2.1");
  auto there = caller("ann", "192.0.2.2");
  EXPECT_EQ(how_many(here, Asks::Message), 3);
  EXPECT_EQ(how_many(there, Asks::Message), 0);
}

TEST_F(LimitsTest, ThoseBehindOneAddressShareIts) {
  auto ann = caller("ann");
  auto bob = caller("bob");
  EXPECT_EQ(how_many(ann, Asks::Message), 3);
  EXPECT_EQ(how_many(bob, Asks::Message), 2);
  const auto refusal = caller("carl").take(Asks::Message, 0);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->of, Of::Address);
}

TEST_F(LimitsTest, WhatAUserIsRefusedDoesNotCostHisNeighbours) {
  auto ann = caller("ann");
  for (int i = 0; i < 100; ++i) ann.take(Asks::Read, 0);
  auto bob = caller("bob");
  EXPECT_EQ(how_many(bob, Asks::Read), 2) << "six of the address, four of them Ann's";
}

TEST_F(LimitsTest, WhatIsRefusedForItsBytesCostsNoMessageAndNoCommand) {
  auto ann = caller("ann");
  EXPECT_FALSE(ann.take(Asks::Message, 900));
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(ann.take(Asks::Message, 900));
  EXPECT_EQ(how_many(ann, Asks::Message, 10), 2);
  EXPECT_EQ(how_many(ann, Asks::Command), 5);
}

TEST_F(LimitsTest, WhatTheAddressIsRefusedDoesNotCostTheUser) {
  auto ann = caller("ann");
  auto bob = caller("bob");
  EXPECT_EQ(how_many(ann, Asks::Message), 3);
  EXPECT_EQ(how_many(bob, Asks::Message), 2);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(bob.take(Asks::Message, 100)->of, Of::Address);
  auto elsewhere = caller("bob", "192.0.2.2");
  EXPECT_FALSE(elsewhere.take(Asks::Message, 1000));
  EXPECT_EQ(how_many(elsewhere, Asks::Command), 5) << "three posts of the eight commands";
}

TEST_F(LimitsTest, WhoIsNotKnownIsChargedToHisAddressAlone) {
  Caller nobody(limits_, "192.0.2.1");
  EXPECT_FALSE(nobody.quota(Asks::Read));
  EXPECT_EQ(how_many(nobody, Asks::Read), 6);
  EXPECT_TRUE(Caller(limits_, "192.0.2.1").look(Asks::Read, 0));
  EXPECT_FALSE(Caller(limits_, "192.0.2.2").look(Asks::Read, 0));
}

TEST_F(LimitsTest, LookingCostsNothing) {
  auto ann = caller("ann");
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(ann.look(Asks::Message, 0));
  EXPECT_EQ(how_many(ann, Asks::Message), 3);
  EXPECT_TRUE(ann.look(Asks::Message, 0));
}

TEST_F(LimitsTest, LookingSeesTheBytesToo) {
  auto ann = caller("ann");
  EXPECT_FALSE(ann.take(Asks::Command, 600));
  EXPECT_FALSE(ann.look(Asks::Read, 400));
  EXPECT_TRUE(ann.look(Asks::Read, 401));
}

TEST_F(LimitsTest, AQuotaTellsWhatIsLeft) {
  auto ann = caller("ann");
  ann.take(Asks::Read, 0);
  const auto quota = ann.quota(Asks::Read);
  ASSERT_TRUE(quota);
  EXPECT_EQ(quota->limit, 4U);
  EXPECT_EQ(quota->remaining, 3U);
  EXPECT_EQ(quota->full_in, milliseconds(100));
}

TEST_F(LimitsTest, ConnectionsAreCountedWhileTheyLast) {
  std::deque<Place> places;
  const auto enter = [&](const std::string& user) {
    auto place = caller(user).enter();
    if (!place) return place.error().sentence();
    places.push_back(std::move(*place));
    return std::string();
  };
  EXPECT_EQ(enter("ann"), "");
  EXPECT_EQ(enter("ann"), "");
  EXPECT_EQ(enter("ann"), "this user has too many connections: at most 2");
  EXPECT_EQ(enter("bob"), "");
  EXPECT_EQ(enter("bob"), "this address has too many connections: at most 3");
  places.pop_front();
  EXPECT_EQ(enter("bob"), "") << "the one that the address refused was not counted to Bob either";
  EXPECT_EQ(enter("ann"), "this address has too many connections: at most 3");
  places.clear();
  EXPECT_EQ(enter("ann"), "");
}

TEST_F(LimitsTest, WhoFindsNoRoomIsNotLimitedAndCounted) {
  std::vector<Caller> many;
  for (int i = 0; i < 1000; ++i) many.push_back(caller("user " + std::to_string(i)));
  EXPECT_THAT(metrics_.text(), HasSubstr("parley_limits_accounts{of=\"user\"} 64\n"));
  EXPECT_THAT(metrics_.text(), HasSubstr("parley_limits_untracked_total{of=\"user\"} 936\n"));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(many.back().take(Asks::Message, 0).has_value(), false) << i;
  EXPECT_TRUE(many.back().take(Asks::Message, 0)) << "of the address";
}

TEST_F(LimitsTest, AccountsThatAreAsGoodAsNewAreForgotten) {
  for (int i = 0; i < 10'000; ++i) {
    caller("user " + std::to_string(i)).take(Asks::Command, 0);
    clock_.advance(100);
  }
  EXPECT_THAT(metrics_.text(), HasSubstr("parley_limits_untracked_total{of=\"user\"} 0\n"));
}

TEST_F(LimitsTest, AnAccountThatIsNotFullAgainIsKept) {
  Limits roomy({.user = {.messages = {1, 100'000}}, .max_accounts = 100'000}, clock_, metrics_);
  const auto of = [&](int i) {
    Caller made(roomy, "192.0.2.1");
    made.identify("user " + std::to_string(i));
    return made;
  };
  of(0).take(Asks::Message, 0);
  for (int i = 1; i < 20'000; ++i) of(i).take(Asks::Message, 0);
  EXPECT_EQ(of(0).quota(Asks::Message)->remaining, 99'999U);
}

TEST_F(LimitsTest, RefusalsAreCountedByWhoseAndWhat) {
  auto ann = caller("ann");
  for (int i = 0; i < 5; ++i) ann.take(Asks::Message, 0);
  EXPECT_THAT(metrics_.text(), HasSubstr("parley_limits_refused_total{of=\"user\",what=\"messages\"} 2\n"));
  EXPECT_THAT(metrics_.text(), HasSubstr("parley_limits_refused_total{of=\"address\",what=\"messages\"} 0\n"));
}

}  // namespace
}  // namespace parley::limit
