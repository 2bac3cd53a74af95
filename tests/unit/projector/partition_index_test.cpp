#include "projector/partition_index.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <random>

#include "tests/unit/projector/indexed.hpp"
#include "tests/unit/search/messages.hpp"

namespace parley::projector {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using Turn = PartitionIndex::Turn;

const core::UserId alice{"alice"};
const core::UserId bob{"bob"};

class PartitionIndexTest : public ::testing::Test {
 protected:
  void say(core::Payload payload) { records.add(sender.command(alice, std::move(payload))); }
  void post(std::string text) { say(core::PostMessage{.channel = group, .text = std::move(text)}); }
  void fold() { indexed.fold(records.slice(indexed.next(), records.size())); }
  void take_in() {
    fold();
    indexed.catch_up();
  }
  void SetUp() override {
    say(core::CreateChannel{.channel = group, .kind = core::ChannelKind::Group, .members = {bob}});
    fold();
  }

  const core::ChannelId group = core::group_id(alice, "g");
  fold::Sender sender;
  fold::Records records;
  Indexed indexed;
};

TEST_F(PartitionIndexTest, WhatIsPostedIsFoundAndTheOffsetSaysSo) {
  post("hello");
  fold();
  EXPECT_EQ(indexed.found(), 0U);
  indexed.catch_up();
  EXPECT_EQ(indexed.found(), indexed.next());
  EXPECT_THAT(indexed.find(group, "hello"), ElementsAre(1));
  post("hello again");
  take_in();
  EXPECT_THAT(indexed.find(group, "hello"), UnorderedElementsAre(1, 2));
  EXPECT_EQ(indexed.looked_at(), 2U) << "one of them was there already";
}

TEST_F(PartitionIndexTest, AnEditIsFoundByWhatItSaysNow) {
  post("hello");
  take_in();
  say(core::EditMessage{.channel = group, .seq = {1}, .text = "goodbye"});
  take_in();
  EXPECT_THAT(indexed.find(group, "hello"), IsEmpty());
  EXPECT_THAT(indexed.find(group, "goodbye"), ElementsAre(1));
}

TEST_F(PartitionIndexTest, WhatIsRetractedIsGone) {
  post("hello");
  post("hello");
  take_in();
  say(core::RetractMessage{.channel = group, .seq = {1}});
  take_in();
  EXPECT_THAT(indexed.find(group, "hello"), ElementsAre(2));
}

TEST_F(PartitionIndexTest, WithADeletedChannelGoItsMessages) {
  for (int i = 0; i < 10; ++i) post("hello");
  take_in();
  EXPECT_EQ(indexed.digest().documents, 10U);
  post("one more in the batch that deletes it");
  say(core::DeleteChannel{.channel = group});
  take_in();
  EXPECT_EQ(indexed.digest().documents, 0U);
}

TEST_F(PartitionIndexTest, WhatIsNotOfTheTextIsNotLookedAtAgain) {
  post("hello");
  take_in();
  const auto before = indexed.looked_at();
  say(core::SetReaction{.channel = group, .seq = {1}, .emoji = "+1", .on = true});
  say(core::SetPin{.channel = group, .seq = {1}, .on = true});
  say(core::HideMessage{.channel = group, .seq = {1}});
  take_in();
  EXPECT_EQ(indexed.looked_at(), before);
  EXPECT_EQ(indexed.found(), indexed.next()) << "and yet it is as far as the fold";
}

TEST_F(PartitionIndexTest, TheFoldTakesAwayWhatTheIndexHasTakenIn) {
  post("one");
  fold();
  post("two");
  fold();
  EXPECT_EQ(indexed.rows(), 2U);
  indexed.catch_up();
  EXPECT_EQ(indexed.rows(), 2U) << "the store's one writer is the fold";
  post("three");
  fold();
  EXPECT_EQ(indexed.rows(), 1U);
}

TEST_F(PartitionIndexTest, ARestartGoesOnWhereItWas) {
  post("hello");
  take_in();
  post("goodbye");
  fold();
  indexed.restart();
  indexed.catch_up();
  EXPECT_EQ(indexed.looked_at(), 1U);
  EXPECT_THAT(indexed.find(group, "goodbye"), ElementsAre(2));
}

TEST_F(PartitionIndexTest, AnIndexThatIsLostIsBuiltAgain) {
  for (int i = 0; i < 20; ++i) post("hello");
  take_in();
  indexed.lose_index();
  indexed.catch_up();
  EXPECT_EQ(indexed.digest().documents, 20U);
  EXPECT_EQ(indexed.found(), indexed.next());
}

TEST_F(PartitionIndexTest, ADamagedIndexIsBuiltAgain) {
  post("hello");
  take_in();
  indexed.restart();
  std::ofstream(indexed.dir() / "iamglass", std::ios::binary) << std::string(100, 'x');
  EXPECT_EQ(indexed.turn(), Turn::Failed);
  indexed.catch_up();
  EXPECT_THAT(indexed.find(group, "hello"), ElementsAre(1));
}

TEST_F(PartitionIndexTest, AHalfMadeIndexIsBuiltAgain) {
  post("hello");
  take_in();
  indexed.restart();
  search::half_make(indexed.dir());
  EXPECT_EQ(indexed.turn(), Turn::Failed);
  indexed.catch_up();
  EXPECT_THAT(indexed.find(group, "hello"), ElementsAre(1));
}

TEST_F(PartitionIndexTest, AStoreThatWentBackIsCaughtUpWithAgain) {
  post("hello");
  fold();
  indexed.partition().flush();
  post("goodbye");
  say(core::EditMessage{.channel = group, .seq = {1}, .text = "good day"});
  take_in();
  indexed.kill();
  EXPECT_LT(indexed.next(), records.size());
  take_in();
  EXPECT_THAT(indexed.find(group, "good"), ElementsAre(1));
  EXPECT_EQ(indexed.digest().hex, indexed.digest_of_a_new_one().hex);
}

TEST(PartitionIndex, IsGivenUpAndBuiltAnewWhenItIsTooFarBehind) {
  Indexed indexed({}, 3);
  fold::Sender sender;
  fold::Records records;
  const auto group = core::group_id(alice, "g");
  records.add(sender.command(alice, core::CreateChannel{.channel = group, .kind = core::ChannelKind::Group}));
  for (int i = 1; i <= 10; ++i) {
    records.add(sender.command(alice, core::PostMessage{.channel = group, .text = "hello"}));
    indexed.fold(records.slice(indexed.next(), records.size()));
    if (i == 2) indexed.catch_up();
    EXPECT_LE(indexed.rows(), 3U);
  }
  indexed.catch_up();
  EXPECT_EQ(indexed.digest().documents, 10U);
}

TEST(PartitionIndex, OfAStoreWithoutAnythingHasNothingToDo) {
  Indexed indexed;
  indexed.catch_up();
  EXPECT_EQ(indexed.turn(), Turn::Done);
  EXPECT_EQ(indexed.digest().documents, 0U);
}

TEST(PartitionIndex, SwitchedOffAndOnItMissesNothing) {
  Indexed indexed;
  fold::Sender sender;
  fold::Records records;
  const auto group = core::group_id(alice, "g");
  records.add(sender.command(alice, core::CreateChannel{.channel = group, .kind = core::ChannelKind::Group}));
  records.add(sender.command(alice, core::PostMessage{.channel = group, .text = "hello"}));
  indexed.fold(records.all());
  indexed.catch_up();
  auto& store = indexed.partition().store();
  {
    TouchedQueue off(1, false);
    ASSERT_TRUE(off.load(0, store, indexed.next()));
    store::Batch batch;
    off.touch(0, indexed.next() + 1, {.channels = {{group, {{{1}, 1}}, false}}}, batch);
    ASSERT_TRUE(store.write(batch));
  }
  EXPECT_EQ(indexed.rows(), 0U);
  TouchedQueue on(1, true);
  ASSERT_TRUE(on.load(0, store, 99));
  EXPECT_EQ(on.since(0), 99U) << "an index of before is too far back";
}

// --- killed anywhere

class Killed : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(Killed, AnIndexEqualsOneThatIsBuiltFromZero) {
  std::mt19937_64 dice(GetParam());
  const auto one_in = [&](std::uint64_t n) { return dice() % n == 0; };
  const auto records = fold::random_records(GetParam(), 3000);
  Indexed indexed({.max_documents = 1 + dice() % 40}, one_in(3) ? 8 : TouchedQueue::kMaxRows);
  while (indexed.next() < records.size()) {
    const auto from = indexed.next();
    indexed.fold(records.slice(from, std::min<std::size_t>(records.size(), from + 1 + dice() % 120)));
    for (auto turns = dice() % 4; turns > 0; --turns) indexed.turn();
    if (one_in(8)) indexed.partition().flush();
    if (one_in(12)) indexed.kill();
    if (one_in(25)) indexed.restart();
    if (one_in(40)) indexed.lose_index();
  }
  indexed.catch_up();
  const auto live = indexed.digest();
  EXPECT_GT(live.documents, 0U);
  EXPECT_EQ(live.hex, indexed.digest_of_a_new_one().hex);
  EXPECT_EQ(indexed.found(), indexed.next());
}
INSTANTIATE_TEST_SUITE_P(Seeds, Killed, ::testing::Range<std::uint64_t>(1, 21));

}  // namespace
}  // namespace parley::projector
