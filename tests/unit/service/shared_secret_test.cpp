#include "service/shared_secret.hpp"

#include <gtest/gtest.h>

namespace parley::service {
namespace {

TEST(SharedSecret, OnlyTheWholeSecretMatches) {
  const auto secret = SharedSecret::parse("correct-horse").value();
  EXPECT_TRUE(secret.matches("correct-horse"));
  for (const auto* other : {"", "correct-hors", "correct-horse ", "correct-horsf", "Correct-horse"}) {
    EXPECT_FALSE(secret.matches(other)) << other;
  }
}

TEST(SharedSecret, WhatMetadataCannotCarryIsRefusedWithASentence) {
  for (const auto* text : {"two words", "line\n", "caf\xc3\xa9", "tab\t"}) {
    const auto secret = SharedSecret::parse(text);
    ASSERT_FALSE(secret.has_value()) << text;
    EXPECT_NE(secret.error().find("visible ASCII"), std::string::npos);
  }
  EXPECT_FALSE(SharedSecret::parse(std::string(SharedSecret::kMaxBytes + 1, 'x')).has_value());
}

TEST(SharedSecret, AnEmptyTextIsNoSecret) { EXPECT_TRUE(SharedSecret::parse("").value().empty()); }

}  // namespace
}  // namespace parley::service
