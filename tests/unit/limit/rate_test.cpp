#include "limit/rate.hpp"

#include <gtest/gtest.h>

namespace parley::limit {
namespace {

TEST(Rate, IsSoManyASecondAndSoManyAtOnce) {
  EXPECT_EQ(Rate::parse("20/100"), (Rate{20, 100}));
  EXPECT_EQ(Rate::parse("1/1"), (Rate{1, 1}));
  EXPECT_EQ(Rate::parse("1000000000/1000000000"), (Rate{Rate::kMost, Rate::kMost}));
}

TEST(Rate, MayBeOff) {
  ASSERT_TRUE(Rate::parse("off"));
  EXPECT_TRUE(Rate::parse("off")->is_off());
  EXPECT_FALSE(Rate::parse("1/1")->is_off());
}

TEST(Rate, IsNothingElse) {
  for (const auto* text : {"",
                           "20",
                           "/",
                           "20/",
                           "/100",
                           "0/100",
                           "20/0",
                           "-1/5",
                           "+1/5",
                           "1.5/5",
                           "20/100/3",
                           " 20/100",
                           "20/100 ",
                           "20 / 100",
                           "1000000001/5",
                           "5/1000000001",
                           "99999999999999999999/5",
                           "x/y",
                           "OFF",
                           "on"})
    EXPECT_FALSE(Rate::parse(text)) << text;
}

}  // namespace
}  // namespace parley::limit
