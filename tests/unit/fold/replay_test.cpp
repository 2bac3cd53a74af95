// The same records give the same tables, however they are cut into batches, and wherever the fold ends and begins again.
#include <gmock/gmock.h>

#include "tests/unit/fold/noting_projection.hpp"
#include "tests/unit/fold/partition.hpp"
#include "tests/unit/fold/records.hpp"

namespace parley::fold {
namespace {

constexpr std::size_t kRecords = 400;

class Replay : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  std::size_t below(std::size_t limit) { return random_() % limit; }
  // Folds all records in batches of `size()`, and does `after` each.
  template <class Size, class After>
  void fold_in_batches(Partition& partition, Size size, After after) {
    while (partition->next() < records_.size()) {
      const auto next = partition->next();
      partition.fold(records_.slice(next, std::min(records_.size(), next + size())));
      after();
    }
  }
  Digests at_once() {
    Partition partition(kControl, &projection_);
    partition.fold(records_.all());
    return digests(partition.store());
  }

  std::mt19937_64 random_{GetParam()};
  NotingProjection projection_;
  const Records records_ = random_records(GetParam(), kRecords);
};

INSTANTIATE_TEST_SUITE_P(Seeds, Replay, ::testing::Range<std::uint64_t>(1, 6));

TEST_P(Replay, InOtherBatchesGivesTheSameTables) {
  const auto expected = at_once();
  for (const std::size_t size : {1, 2, 3, 16, 399}) {
    Partition partition(kControl, &projection_);
    fold_in_batches(partition, [&] { return size; }, [] {});
    EXPECT_EQ(digests(partition.store()), expected) << "in batches of " << size;
  }
}

TEST_P(Replay, OfAFoldThatIsRestartedAfterEveryBatchGivesTheSameTablesAndState) {
  Partition lasting;
  Partition restarted;
  fold_in_batches(
      restarted, [&] { return 1 + below(30); },
      [&] {
        lasting.fold(records_.slice(lasting->next(), restarted->next()));
        const auto next = restarted->next();
        restarted.restart();
        ASSERT_EQ(restarted->next(), next);
        ASSERT_TRUE(restarted->state() == lasting->state()) << "at " << next;
      });
  EXPECT_EQ(digests(restarted.store()), digests(lasting.store()));
}

TEST_P(Replay, OfAFoldThatIsKilledAgainAndAgainGivesTheSameTables) {
  Partition partition(kControl, &projection_);
  std::size_t kills = 0;
  fold_in_batches(
      partition, [&] { return 1 + below(40); },
      [&] {
        if (below(3) == 0) partition.flush();
        if (kills < 12 && below(2) == 0) {
          const auto next = partition->next();
          partition.kill();
          ++kills;
          EXPECT_LE(partition->next(), next);
        }
      });
  EXPECT_GT(kills, 0U);
  EXPECT_EQ(digests(partition.store()), at_once());
}

// A cursor's result is not kept with a key: the outcome's seq is the same. And without what a fold of records adds.
core::Outcome as_kept(core::Outcome outcome) {
  if (std::holds_alternative<core::CursorResult>(outcome.result)) outcome.result = {};
  if (auto* edited = std::get_if<core::MessageResult>(&outcome.result)) edited->message.offset = 0;
  return outcome;
}

// Without what a fold of records adds.
std::vector<core::Change> as_decided(std::vector<core::Change> changes) {
  for (auto& change : changes)
    std::visit(
        [](auto& body) {
          if constexpr (requires { body.message; }) body.message.offset = 0;
        },
        change.body);
  return changes;
}

TEST_P(Replay, DecidesAsAFoldWithoutAStoreDoes) {
  core::World world({.dedup_window_ms = kControl.dedup_window_ms});
  Partition partition;
  fold_in_batches(partition, [&] { return 1 + below(50); }, [] {});
  Partition again;
  for (const auto& step : again.fold(records_.all())) {
    const auto expected = world.run(step.command);
    ASSERT_EQ(as_kept(step.decision.outcome), as_kept(expected.outcome)) << "offset " << step.offset;
    ASSERT_EQ(as_decided(step.decision.changes), as_decided(expected.changes)) << "offset " << step.offset;
    ASSERT_EQ(step.decision.duplicate, expected.duplicate) << "offset " << step.offset;
  }
  EXPECT_TRUE(partition->state() == world.state());
}

TEST_P(Replay, OfRecordsThatWereFoldedAlreadyChangesNothing) {
  Partition partition;
  partition.fold(records_.all());
  const auto before = digests(partition.store());
  EXPECT_TRUE(partition.fold(records_.all()).empty());
  EXPECT_TRUE(partition.fold({}).empty());
  EXPECT_EQ(digests(partition.store()), before);
  EXPECT_EQ(partition->next(), records_.size());
}

TEST_P(Replay, OfBatchesThatOverlapFoldsEachRecordOnce) {
  Partition partition;
  std::vector<eventlog::Offset> folded;
  while (partition->next() < records_.size()) {
    const auto next = partition->next();
    const auto from = next - std::min<std::size_t>(next, below(20));
    for (const auto& step : partition.fold(records_.slice(from, std::min(records_.size(), next + 1 + below(20)))))
      folded.push_back(step.offset);
  }
  EXPECT_TRUE(std::ranges::is_sorted(folded, std::ranges::less_equal{})) << "an offset came twice, or out of order";
  EXPECT_EQ(folded.size() + partition->counts().dead_letters + 1, records_.size()) << "one is the control record";
}

TEST_P(Replay, NeverTurnsTheLogsClockBack) {
  at_once();
  EXPECT_FALSE(projection_.went_back);
}

}  // namespace
}  // namespace parley::fold
