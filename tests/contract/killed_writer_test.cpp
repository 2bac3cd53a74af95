#include "tests/contract/killed_writer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "eventlog/embedded/embedded_log.hpp"
#include "tests/contract/log_driver.hpp"
#include "tests/support/temp_dir.hpp"

namespace parley::contract {
namespace {

using Everything = std::map<Partition, std::vector<std::uint64_t>>;

// The numbers of all records, each at the place of its offset.
Everything numbers_in(const std::filesystem::path& dir) {
  const auto log = eventlog::open_embedded_log({.dir = dir, .partitions = 0});
  EXPECT_TRUE(log) << log.error();
  Everything everything;
  for (Partition partition = 0; partition < (*log)->partitions(); ++partition) {
    const auto end = *(*log)->end(partition);
    const auto records = read_partition(**log, partition, end);
    EXPECT_EQ(offsets_of(records), offsets(0, end));
    for (const auto& record : records) everything[partition].push_back(std::stoull(record.value));
  }
  return everything;
}

void expect_each_once_and_in_order(const Everything& everything) {
  for (const auto& [partition, numbers] : everything) {
    EXPECT_EQ(std::set<std::uint64_t>(numbers.begin(), numbers.end()).size(), numbers.size()) << "partition " << partition;
    EXPECT_TRUE(std::ranges::is_sorted(numbers)) << "partition " << partition;
  }
}

TEST(KilledWriterTest, WhateverItWasToldIsDurableIsThereAfterwardsOnceAndInOrder) {
  const testing::TempDir dir;
  std::vector<Acked> acked;
  for (std::uint64_t round = 1; round <= 5; ++round) {
    const auto told = run_and_kill_writer(dir / "log", round * 1'000'000, 2000 * round);
    ASSERT_GE(told.size(), 2000 * round);
    acked.insert(acked.end(), told.begin(), told.end());
    const auto everything = numbers_in(dir / "log");
    expect_each_once_and_in_order(everything);
    for (const auto& [partition, offset, number] : acked) {
      ASSERT_LT(offset, everything.at(partition).size()) << "an acked record is lost";
      ASSERT_EQ(everything.at(partition)[offset], number) << "at offset " << offset << " of partition " << partition;
    }
  }
}

}  // namespace
}  // namespace parley::contract
