#include "store/generation.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/temp_dir.hpp"

namespace parley::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Optional;

class GenerationsTest : public ::testing::Test {
 protected:
  testing::TempDir dir_;
  Generations generations_ = *Generations::open(dir_ / "p0003");
};

TEST_F(GenerationsTest, NothingServesBeforeTheFirstSwitch) {
  EXPECT_EQ(*generations_.current(), std::nullopt);
  ASSERT_EQ(*generations_.make_next(), 1U);
  EXPECT_EQ(*generations_.current(), std::nullopt);
}

TEST_F(GenerationsTest, ANewOneIsAnEmptyDirectoryAboveAllOthers) {
  ASSERT_EQ(*generations_.make_next(), 1U);
  ASSERT_EQ(*generations_.make_next(), 2U);
  EXPECT_EQ(generations_.path_of(2), dir_ / "p0003" / "gen-000002");
  EXPECT_TRUE(std::filesystem::is_empty(generations_.path_of(2)));
  EXPECT_THAT(*generations_.list(), ElementsAre(1U, 2U));
}

TEST_F(GenerationsTest, ASwitchIsSeenByWhoOpensTheDirectoryAnew) {
  ASSERT_TRUE(generations_.make_next());
  ASSERT_TRUE(generations_.make_next());
  ASSERT_TRUE(generations_.switch_to(2));
  EXPECT_THAT(*Generations::open(dir_ / "p0003")->current(), Optional(2U));
  ASSERT_TRUE(generations_.switch_to(1)) << "and back";
  EXPECT_THAT(*Generations::open(dir_ / "p0003")->current(), Optional(1U));
}

TEST_F(GenerationsTest, ASwitchThatDiedBeforeItsRenameLeavesTheOldOneServing) {
  ASSERT_TRUE(generations_.make_next());
  ASSERT_TRUE(generations_.switch_to(1));
  ASSERT_TRUE(generations_.make_next());
  std::ofstream(dir_ / "p0003" / "CURRENT.tmp") << "gen-0";
  EXPECT_THAT(*generations_.current(), Optional(1U));
  ASSERT_TRUE(generations_.switch_to(2)) << "what it left behind is no hindrance";
  EXPECT_THAT(*generations_.current(), Optional(2U));
}

TEST_F(GenerationsTest, OneThatIsNotThereCannotServe) {
  const auto switched = generations_.switch_to(7);
  ASSERT_FALSE(switched);
  EXPECT_THAT(switched.error().what, HasSubstr("gen-000007"));
  EXPECT_EQ(*generations_.current(), std::nullopt);
}

TEST_F(GenerationsTest, ADamagedNameIsAnError) {
  std::ofstream(dir_ / "p0003" / "CURRENT") << "gen-1x\n";
  const auto current = generations_.current();
  ASSERT_FALSE(current);
  EXPECT_THAT(current.error().what, HasSubstr("gen-1x"));
}

TEST_F(GenerationsTest, OtherThingsInTheDirectoryAreNoGenerations) {
  std::filesystem::create_directory(dir_ / "p0003" / "lost+found");
  std::filesystem::create_directory(dir_ / "p0003" / "gen-old");
  ASSERT_EQ(*generations_.make_next(), 1U);
  EXPECT_THAT(*generations_.list(), ElementsAre(1U));
}

TEST(GenerationsDirectoryTest, ThatCannotBeMadeIsAnError) {
  const testing::TempDir dir;
  std::ofstream(dir / "file") << "x";
  EXPECT_FALSE(Generations::open(dir / "file" / "p0000"));
}

}  // namespace
}  // namespace parley::store
