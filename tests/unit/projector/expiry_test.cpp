// What is told of commands, and their keys, go by the log's own time.
#include <gtest/gtest.h>

#include "projector/read_tables.hpp"
#include "tests/unit/fold/partition.hpp"
#include "tests/unit/fold/records.hpp"
#include "tests/unit/fold/sender.hpp"

namespace parley::projector {
namespace {

using fold::Table;

constexpr std::int64_t kHourMs = 3'600'000;

class ExpiryTest : public ::testing::Test {
 protected:
  ExpiryTest() : partition_(fold::kControl, &tables_) {
    records_.add(fold::kControl);
    add(sender_.command(alice_, core::CreateChannel{.channel = group_, .kind = core::ChannelKind::Group}));
  }
  void add(const core::Command& command) { records_.add(command); }
  void post(std::string key = "") {
    add(sender_.command(alice_, core::PostMessage{.channel = group_, .text = "hello"}, std::move(key)));
  }
  void fold() { partition_.fold(records_.all()); }
  std::size_t rows(Table table) {
    std::size_t count = 0;
    EXPECT_TRUE(partition_.store().snapshot()->scan(fold::id(table), {}, {}, [&](auto, auto) { return ++count > 0; }));
    return count;
  }

  const core::UserId alice_{"alice"};
  const core::ChannelId group_ = core::group_id(alice_, "g");
  ReadTables tables_;
  fold::Partition partition_;
  fold::Sender sender_;
  fold::Records records_;
};

TEST_F(ExpiryTest, AnOutcomeIsToldOfUntilItsHourIsOverForAWindow) {
  post();
  fold();
  EXPECT_EQ(rows(Table::Commands), 2U);
  sender_.now.value += fold::kControl.dedup_window_ms;
  post();
  fold();
  EXPECT_EQ(rows(Table::Commands), 3U);
  sender_.now.value += kHourMs;
  post();
  fold();
  EXPECT_EQ(rows(Table::Commands), 2U);
}

TEST_F(ExpiryTest, ACommandOfLongAgoHasNoOutcomeToTellOf) {
  sender_.now.value -= 1'000 * kHourMs;
  post();
  sender_.now.value += 1'000 * kHourMs;
  post();
  fold();
  EXPECT_EQ(rows(Table::Commands), 2U);
  EXPECT_EQ(rows(Table::Messages), 2U);
}

TEST_F(ExpiryTest, ALogOfYearsInWhichLittleIsSaidIsFoldedAsFastAsAnyOther) {
  for (int hour = 0; hour < 20'000; ++hour) {
    sender_.now.value += kHourMs;
    post("key");
  }
  for (std::size_t from = 0; from < records_.size(); from += 100)
    partition_.fold(records_.slice(from, std::min(from + 100, records_.size())));
  EXPECT_EQ(rows(Table::Messages), 20'000U);
  EXPECT_LE(rows(Table::Commands), 3U);
  EXPECT_LE(rows(Table::Keys), 2U);
}

}  // namespace
}  // namespace parley::projector
