#include "fold/tables.hpp"

#include <gmock/gmock.h>

#include <set>

namespace parley::fold {
namespace {

using core::UserId;

TEST(Tables, HaveEachAnIdAndANameOfTheirOwn) {
  std::set<store::TableId> ids;
  std::set<std::string_view> names;
  for (const auto table : kTables) {
    EXPECT_TRUE(ids.insert(id(table)).second);
    EXPECT_TRUE(names.insert(name(table)).second) << name(table);
  }
  EXPECT_FALSE(names.contains("unknown"));
}

TEST(Keys, NumbersSortAsNumbers) {
  const std::uint64_t numbers[] = {0, 1, 2, 255, 256, 65'535, 65'536, 0x7fff'ffff'ffff'ffff, 0x8000'0000'0000'0000, ~0ULL};
  for (std::size_t i = 1; i < std::size(numbers); ++i) {
    const auto lower = Key().number(numbers[i - 1], 8);
    const auto higher = Key().number(numbers[i], 8);
    EXPECT_LT(lower.view(), higher.view()) << numbers[i];
    EXPECT_EQ(number_at_end(higher, 8), numbers[i]);
  }
}

TEST(Keys, ANumberIsReadFromBehindAnythingElse) {
  const auto key = message_key(core::group_id({"alice"}, "g"), {1'234'567'890'123});
  EXPECT_EQ(key.view().size(), core::Uuid::kBytes + 8);
  EXPECT_EQ(number_at_end(key, 8), 1'234'567'890'123U);
}

TEST(Keys, AUserWhoseIdBeginsAnothersIsNotTakenForHim) {
  const auto group = core::group_id({"alice"}, "g");
  const auto ann = member_key(group, UserId{"ann"});
  const auto anna = member_key(group, UserId{"anna"});
  EXPECT_FALSE(anna.view().starts_with(ann.view()));
  EXPECT_LT(ann.view(), anna.view());
  EXPECT_EQ(user_at(ann, core::Uuid::kBytes).text, "ann");
  EXPECT_EQ(user_at(anna, core::Uuid::kBytes).text, "anna");
}

TEST(Buckets, BeginAtMultiplesOfTheWindow) {
  constexpr std::int64_t kHour = 3'600'000;
  EXPECT_EQ(key_bucket({5 * kHour - 1}, kHour), 4U);
  EXPECT_EQ(key_bucket({5 * kHour}, kHour), 5U);
  EXPECT_EQ(key_bucket({6 * kHour - 1}, kHour), 5U);
}

TEST(Buckets, ACommandsHourIsThatOfItsId) {
  const core::TimeMs at{1'767'225'600'000};
  const auto hour = static_cast<std::uint32_t>(at.value / 3'600'000);
  EXPECT_EQ(command_hour(core::command_id(7, at, 1)), hour);
  EXPECT_EQ(command_hour(core::command_id(7, {at.value - 1}, 1)), hour - 1);
  EXPECT_EQ(command_hour(core::command_id(0xffff, {at.value + 3'599'999}, ~0ULL)), hour);
}

}  // namespace
}  // namespace parley::fold
