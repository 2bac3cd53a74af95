#include "codec/position.hpp"

#include <gtest/gtest.h>

namespace parley::codec {
namespace {

TEST(Position, TextSaysEpochPartitionAndOffset) { EXPECT_EQ((Position{0xBEEF, 3, 42}).text(), "p1-beef-3-42"); }

TEST(Position, EveryTextIsReadBack) {
  for (const Position p : {Position{}, Position{1, 0, 1}, Position{~0ULL, ~0U, ~0ULL}, Position{0xA, 10, 100}})
    EXPECT_EQ(Position::parse(p.text()), p) << p.text();
}

TEST(Position, NothingElseIsRead) {
  for (const auto* text : {"",
                           "p1",
                           "p1-",
                           "p1-1-2",
                           "p1-1-2-",
                           "p1-1-2-3-",
                           "p1-1-2-3 ",
                           " p1-1-2-3",
                           "p2-1-2-3",
                           "p1-G-2-3",
                           "p1-A-2-3",
                           "p1-1-a-3",
                           "p1-01-2-3",
                           "p1-1-02-3",
                           "p1-1-2-03",
                           "p1--1-2",
                           "p1-+1-2-3",
                           "p1-1-2--3",
                           "p1-1-4294967296-3",
                           "p1-1-2-18446744073709551616",
                           "p1-10000000000000000-2-3",
                           "p1-1-2-3,p1-1-2-3"})
    EXPECT_FALSE(Position::parse(text)) << text;
}

TEST(Position, SeveralAreSeparatedByCommasWithOrWithoutBlanks) {
  const auto both = parse_positions("p1-1-0-5, \tp1-1-1-7");
  ASSERT_TRUE(both);
  EXPECT_EQ(*both, (std::vector<Position>{{1, 0, 5}, {1, 1, 7}}));
  EXPECT_EQ(parse_positions("p1-1-0-5"), (std::vector<Position>{{1, 0, 5}}));
}

TEST(Position, AnEmptyElementOfAListIsPassedOver) {
  for (const auto* text : {"p1-1-0-5,p1-1-1-7,", ",p1-1-0-5,p1-1-1-7", "p1-1-0-5,, ,p1-1-1-7"})
    EXPECT_EQ(parse_positions(text), (std::vector<Position>{{1, 0, 5}, {1, 1, 7}})) << text;
}

TEST(Position, AListOfAnythingElseIsNone) {
  for (const auto* text : {"", ",", " , ", "p1-1-0-5,x", "p1-1-0-5 p1-1-1-7", "p1-1-0-5;p1-1-1-7"})
    EXPECT_FALSE(parse_positions(text)) << text;
}

}  // namespace
}  // namespace parley::codec
