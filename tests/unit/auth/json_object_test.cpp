#include "auth/json_object.hpp"

#include <gmock/gmock.h>

namespace parley::auth {
namespace {

std::string nested(int deep) { return R"({"a":)" + std::string(deep, '[') + std::string(deep, ']') + "}"; }

TEST(JsonObject, AnObjectIsTakenWithAllThatIsInIt) {
  const auto object = parse_object(R"({"a":1,"b":{"a":[{"a":2},{"a":3}]},"c":null})");
  ASSERT_TRUE(object);
  EXPECT_EQ((*object)["b"]["a"][1]["a"], 3);
}

TEST(JsonObject, AnotherJsonThanAnObjectAndWhatIsNoneAreRefused) {
  for (const auto* text : {"", " ", "null", "[]", "1", "\"a\"", "{", "{}{}", "{} x", R"({"a":1,})", R"({a:1})",
                           "{\"a\":\"\xff\"}", R"({"a":1e999})", R"({"a":NaN})", "{\"a\":\"\x01\"}", "\xef\xbb\xbf"})
    EXPECT_FALSE(parse_object(text)) << text;
}

TEST(JsonObject, ANameThatStandsTwiceIsRefusedHoweverDeepAndHoweverSpelt) {
  for (const auto* text : {R"({"a":1,"a":1})", R"({"a":1,"b":2,"a":3})", R"({"a":{"b":1,"b":2}})", R"({"a":[{"b":1,"b":2}]})",
                           R"({"a":1,"\u0061":2})", R"({"":1,"":2})"})
    EXPECT_FALSE(parse_object(text)) << text;
  EXPECT_TRUE(parse_object(R"({"a":{"a":{"a":1}},"b":{"a":1}})")) << "another object is another place";
}

TEST(JsonObject, WhatIsNestedTooDeepIsRefused) {
  EXPECT_TRUE(parse_object(nested(kMaxDepth - 1)));
  EXPECT_FALSE(parse_object(nested(kMaxDepth + 1)));
  EXPECT_FALSE(parse_object(nested(100'000)));
}

}  // namespace
}  // namespace parley::auth
