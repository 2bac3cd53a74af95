// A store that refuses: the same call made again loses nothing and does nothing twice.
#include <gmock/gmock.h>

#include "tests/unit/fold/faulty_store.hpp"
#include "tests/unit/fold/noting_projection.hpp"
#include "tests/unit/fold/partition.hpp"
#include "tests/unit/fold/records.hpp"

namespace parley::fold {
namespace {

class FailingStore : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  FailingStore() {
    auto fold = PartitionFold::open(0, faulty_, kControl, &projection_);
    EXPECT_TRUE(fold);
    fold_ = std::move(*fold);
  }
  Digests expected() {
    Partition partition(kControl, &projection_);
    partition.fold(records_.all());
    return digests(partition.store());
  }
  // Calls until it works. How often it failed.
  int fold_stubbornly(std::span<const eventlog::Record> records, std::vector<Step>& steps) {
    int failures = 0;
    while (!fold_->fold(records, steps)) ++failures;
    return failures;
  }

  NotingProjection projection_;
  testing::TempDir dir_{testing::memory_directory()};
  std::unique_ptr<store::Store> real_ = open_store(dir_ / "store");
  FaultyStore faulty_{*real_};
  std::unique_ptr<PartitionFold> fold_;
  const Records records_ = random_records(GetParam(), 200);
};

INSTANTIATE_TEST_SUITE_P(Seeds, FailingStore, ::testing::Range<std::uint64_t>(1, 5));

TEST_P(FailingStore, ThatCanNotBeWrittenGetsEverythingOnceItCan) {
  std::vector<Step> steps;
  faulty_.failing_writes = 5;
  EXPECT_EQ(fold_stubbornly(records_.all(), steps), 5);
  EXPECT_EQ(digests(*real_), expected());
  EXPECT_EQ(steps.size() + fold_->counts().dead_letters + 1, records_.size());
  EXPECT_TRUE(std::ranges::is_sorted(steps, std::ranges::less_equal{}, &Step::offset));
}

TEST_P(FailingStore, ThatFailsNowAndThenInReadingAndWritingGetsEverything) {
  std::mt19937_64 random(GetParam());
  int failures = 0;
  std::size_t folded = 0;
  while (fold_->next() < records_.size()) {
    faulty_.failing_writes = static_cast<int>(random() % 3);
    faulty_.failing_reads = static_cast<int>(random() % 3);
    const auto next = fold_->next();
    std::vector<Step> steps;
    failures += fold_stubbornly(records_.slice(next, std::min<std::size_t>(records_.size(), next + 1 + random() % 30)), steps);
    folded += steps.size();
  }
  EXPECT_GT(failures, 0);
  EXPECT_EQ(folded + fold_->counts().dead_letters + 1, records_.size());
  EXPECT_EQ(digests(*real_), expected());
}

TEST_P(FailingStore, LeavesAnEarlierStateBehindWhenTheFoldEndsWithoutIt) {
  const auto half = records_.size() / 2;
  std::vector<Step> steps;
  ASSERT_TRUE(fold_->fold(records_.slice(0, half), steps));
  faulty_.failing_writes = 1'000;
  EXPECT_FALSE(fold_->fold(records_.slice(half, records_.size()), steps));
  fold_ = std::move(*PartitionFold::open(0, *real_, kControl, &projection_));
  EXPECT_EQ(fold_->next(), half);
  ASSERT_TRUE(fold_->fold(records_.slice(half, records_.size()), steps));
  EXPECT_EQ(digests(*real_), expected());
}

}  // namespace
}  // namespace parley::fold
