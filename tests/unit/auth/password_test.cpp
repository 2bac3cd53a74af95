#include "auth/password.hpp"

#include <gmock/gmock.h>

namespace parley::auth {
namespace {

using ::testing::StartsWith;

constexpr PasswordCost kCheap{.operations = 1, .memory_kib = 8};

TEST(Password, FitsItsOwnHashAndNoOther) {
  const auto hash = hash_password("correct horse", kCheap).value();
  EXPECT_TRUE(fits_password(hash, "correct horse"));
  for (const std::string& wrong : {std::string(), std::string("correct hors"), std::string("correct horse "),
                                   std::string("Correct horse"), std::string("correct horse\0", 14)})
    EXPECT_FALSE(fits_password(hash, wrong)) << wrong;
}

TEST(Password, IsHashedByArgon2idAtTheCostThatIsAsked) {
  EXPECT_THAT(hash_password("x", kCheap).value(), StartsWith("$argon2id$v=19$m=8,t=1,p=1$"));
  EXPECT_THAT(hash_password("x", {.operations = 3, .memory_kib = 64}).value(), StartsWith("$argon2id$v=19$m=64,t=3,p=1$"));
}

TEST(Password, IsNeverHashedTwiceAlike) { EXPECT_NE(hash_password("x", kCheap), hash_password("x", kCheap)); }

TEST(Password, MayHoldAnyByte) {
  const std::string odd("a\0b\xff", 4);
  const auto hash = hash_password(odd, kCheap).value();
  EXPECT_TRUE(fits_password(hash, odd));
  EXPECT_FALSE(fits_password(hash, "a"));
}

TEST(Password, FitsNothingThatIsNoHash) {
  for (const std::string& none :
       {std::string(), std::string("correct horse"), std::string("$argon2id$"), std::string("$argon2id$v=19$m=8,t=1,p=1$"),
        std::string("$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHRzYWx0$x"), std::string(1000, '$')})
    EXPECT_FALSE(fits_password(none, "correct horse")) << none;
}

// A log may be written by others: what they ask for must not take all the memory or all the time.
TEST(Password, IsNotCheckedWhereThatCostsTooMuch) {
  const auto hash = hash_password("x", kCheap).value();
  const auto tail = hash.substr(std::string("$argon2id$v=19$m=8,t=1").size());
  EXPECT_TRUE(fits_password("$argon2id$v=19$m=8,t=1" + tail, "x"));
  for (const auto* dear : {"$argon2id$v=19$m=4294967295,t=1", "$argon2id$v=19$m=8,t=4294967295", "$argon2id$v=19$m=1048577,t=1",
                           "$argon2id$v=19$m=8,t=65", "$argon2id$v=19$m=99999999999999999999,t=1"})
    EXPECT_FALSE(fits_password(dear + tail, "x")) << dear;
}

}  // namespace
}  // namespace parley::auth
