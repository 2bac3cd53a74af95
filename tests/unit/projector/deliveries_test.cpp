// When messages were first delivered and first read: against someone who remembers every cursor command.
#include <gmock/gmock.h>

#include <random>

#include "projector/queries.hpp"
#include "projector/read_tables.hpp"
#include "tests/unit/fold/partition.hpp"
#include "tests/unit/fold/records.hpp"
#include "tests/unit/fold/sender.hpp"

namespace parley::projector {
namespace {

using ::testing::ElementsAre;

const core::UserId alice{"alice"};
const core::UserId bob{"bob"};
const core::UserId carol{"carol"};

class Deliveries : public ::testing::Test {
 protected:
  Deliveries() {
    does(alice, core::CreateChannel{.channel = group, .kind = core::ChannelKind::Group, .members = {bob, carol}});
  }
  core::TimeMs does(const core::UserId& user, core::Payload payload) {
    const auto command = sender.command(user, std::move(payload));
    records.add(command);
    partition.fold(records.slice(partition->next(), records.size()));
    return command.received_at;
  }
  void post(const core::UserId& user, int count = 1) {
    for (int i = 0; i < count; ++i) does(user, core::PostMessage{.channel = group, .text = "x"});
  }
  core::TimeMs moves(const core::UserId& user, std::uint64_t seq, core::CursorKind kind) {
    return does(user, core::MoveCursor{group, {seq}, kind});
  }
  core::TimeMs reads(const core::UserId& user, std::uint64_t seq) { return moves(user, seq, core::CursorKind::Read); }

  pb::ReadResponse ask(std::optional<std::uint64_t> after = 0, std::optional<std::uint64_t> before = {},
                       std::uint32_t limit = 200, const core::UserId& caller = alice) {
    pb::ReadRequest request;
    auto& query = *request.mutable_list_deliveries();
    query.set_channel(std::string(group.bytes()));
    if (after) query.set_after(*after);
    if (before) query.set_before(*before);
    query.set_limit(limit);
    const auto snapshot = partition.store().snapshot();
    return Queries(*snapshot, caller.text).answer(request).value();
  }
  std::vector<std::uint64_t> seqs(const pb::ReadResponse& response) {
    std::vector<std::uint64_t> seqs;
    for (const auto& one : response.deliveries().deliveries()) seqs.push_back(one.seq());
    return seqs;
  }
  std::size_t rows() {
    std::size_t count = 0;
    EXPECT_TRUE(
        partition.store().snapshot()->scan(fold::id(fold::Table::Reached), {}, {}, [&](auto, auto) { return ++count > 0; }));
    return count;
  }

  const core::ChannelId group = core::group_id(alice, "g");
  fold::Sender sender;
  fold::Records records;
  ReadTables tables;
  fold::Partition partition{fold::kControl, &tables};
};

TEST_F(Deliveries, OfAMessageAreThoseOfTheFirstCursorThatCameToItOrPastIt) {
  post(alice, 4);
  const auto delivered = moves(bob, 2, core::CursorKind::Delivered);
  const auto read = reads(carol, 3);
  reads(bob, 3);
  const auto all = ask().deliveries().deliveries();
  ASSERT_EQ(all.size(), 4);
  for (const int i : {0, 1}) EXPECT_EQ(all[i].delivered_at_ms(), delivered.value);
  EXPECT_EQ(all[2].delivered_at_ms(), read.value) << "what is read is delivered";
  for (const int i : {0, 1, 2}) EXPECT_EQ(all[i].read_at_ms(), read.value);
  EXPECT_FALSE(all[3].has_delivered_at_ms() || all[3].has_read_at_ms());
}

TEST_F(Deliveries, TakeOneRowACursorCommandAtMostAndNoneForAPost) {
  post(alice, 50);
  EXPECT_EQ(rows(), 0U);
  moves(bob, 40, core::CursorKind::Delivered);
  EXPECT_EQ(rows(), 1U);
  for (const std::uint64_t seq : {10, 20, 30, 40}) moves(carol, seq, core::CursorKind::Delivered);
  EXPECT_EQ(rows(), 1U);
  reads(carol, 50);
  EXPECT_EQ(rows(), 3U) << "one of each kind";
}

TEST_F(Deliveries, AreListedAPageAtATimeInEitherDirection) {
  post(alice, 5);
  EXPECT_THAT(seqs(ask(0, {}, 2)), ElementsAre(1, 2));
  EXPECT_TRUE(ask(0, {}, 2).deliveries().has_more());
  EXPECT_THAT(seqs(ask(3, {}, 2)), ElementsAre(4, 5));
  EXPECT_FALSE(ask(3, {}, 2).deliveries().has_more());
  EXPECT_THAT(seqs(ask({}, {}, 2)), ElementsAre(4, 5));
  EXPECT_TRUE(ask({}, {}, 2).deliveries().has_more());
  EXPECT_THAT(seqs(ask({}, 4, 2)), ElementsAre(2, 3));
  EXPECT_THAT(seqs(ask({}, 3, 2)), ElementsAre(1, 2));
  EXPECT_FALSE(ask({}, 3, 2).deliveries().has_more());
  EXPECT_THAT(seqs(ask(1, 4, 2)), ElementsAre(2, 3));
  EXPECT_FALSE(ask(1, 4, 2).deliveries().has_more());
  EXPECT_THAT(seqs(ask(1, 5, 2)), ElementsAre(2, 3));
  EXPECT_TRUE(ask(1, 5, 2).deliveries().has_more());
  for (const auto& nothing : {ask(5), ask(99), ask({}, 1), ask(3, 4), ask(4, 2)}) {
    EXPECT_THAT(seqs(nothing), ElementsAre());
    EXPECT_FALSE(nothing.deliveries().has_more());
  }
}

TEST_F(Deliveries, AreForThoseWhoSeeTheChannel) {
  EXPECT_EQ(ask(0, {}, 1, {"dave"}).status(), pb::READ_STATUS_NOT_FOUND);
  EXPECT_EQ(ask(0, {}, 1, carol).status(), pb::READ_STATUS_OK);
}

TEST_F(Deliveries, GoWithTheChannel) {
  post(alice, 2);
  reads(bob, 2);
  ASSERT_EQ(rows(), 2U);
  does(alice, core::DeleteChannel{group});
  EXPECT_EQ(rows(), 0U);
  EXPECT_EQ(ask().status(), pb::READ_STATUS_NOT_FOUND);
}

TEST_F(Deliveries, AreWhatSomeoneRemembersWhoSawEveryCommand) {
  std::mt19937_64 random(5);
  std::map<std::uint64_t, core::TimeMs> delivered;  // by seq, the first time
  std::map<std::uint64_t, core::TimeMs> read;
  const core::UserId users[] = {alice, bob, carol};
  std::uint64_t last_seq = 0;
  for (int i = 0; i < 300; ++i) {
    const auto& user = users[random() % 3];
    if (random() % 2 == 0) {
      post(user);
      ++last_seq;
      continue;
    }
    const auto seq = last_seq - std::min<std::uint64_t>(last_seq, random() % 4);
    if (seq == 0) continue;
    const bool reads_it = random() % 2 == 0;
    const auto at = moves(user, seq, reads_it ? core::CursorKind::Read : core::CursorKind::Delivered);
    const auto reach = [&](auto& times) {
      for (auto passed = seq; passed > 0; --passed) times.try_emplace(passed, at);
    };
    reach(delivered);
    if (reads_it) reach(read);
  }
  for (std::uint64_t after = 0; after < last_seq; after += 7)
    for (const auto& one : ask(after, {}, 10).deliveries().deliveries()) {
      const auto told = [&](const auto& times) { return times.contains(one.seq()) ? times.at(one.seq()).value : 0; };
      EXPECT_EQ(one.delivered_at_ms(), told(delivered)) << one.seq();
      EXPECT_EQ(one.read_at_ms(), told(read)) << one.seq();
    }
}

}  // namespace
}  // namespace parley::projector
