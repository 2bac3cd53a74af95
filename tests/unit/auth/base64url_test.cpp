#include "auth/base64url.hpp"

#include <gmock/gmock.h>

namespace parley::auth {
namespace {

using ::testing::Optional;

TEST(Base64Url, TheExamplesOfRfc4648AreWrittenWithoutPadding) {
  const std::pair<std::string, std::string> examples[] = {
      {"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : examples) {
    EXPECT_EQ(base64url(bytes), text);
    EXPECT_THAT(decode_base64url(text), Optional(bytes));
  }
}

TEST(Base64Url, EveryByteComesBackAsItWas) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  for (std::size_t length = 0; length <= bytes.size(); ++length)
    EXPECT_THAT(decode_base64url(base64url(bytes.substr(bytes.size() - length))),
                Optional(bytes.substr(bytes.size() - length)));
}

TEST(Base64Url, UsesTheLettersOfUrlsAndNoOthers) {
  EXPECT_EQ(base64url("\xfb\xff\xfe"), "-__-");
  EXPECT_EQ(decode_base64url("+//+"), std::nullopt);
}

TEST(Base64Url, PaddingWhiteSpaceAndOtherCharactersAreRefused) {
  for (const auto* text : {"Zg==", "Zg=", "Zm9v=", " Zg", "Zg ", "Zg\n", "Z g", "Zm9v\r\n", "Zm.v", "Zm9\x80", "Zm9\xff"})
    EXPECT_EQ(decode_base64url(text), std::nullopt) << text;
  EXPECT_EQ(decode_base64url({"Z\0g", 3}), std::nullopt);
}

TEST(Base64Url, ALengthThatNoBytesHaveIsRefused) {
  for (const auto* text : {"Z", "Zm9vY", "Zm9vYmFyZ"}) EXPECT_EQ(decode_base64url(text), std::nullopt) << text;
}

TEST(Base64Url, OneTextAloneStandsForTheSameBytes) {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  int one = 0;
  int two = 0;
  for (const char last : alphabet) {
    one += decode_base64url(std::string("Z") + last).has_value();
    two += decode_base64url(std::string("Zm") + last).has_value();
  }
  EXPECT_EQ(one, 4) << "two bits of the last letter count";
  EXPECT_EQ(two, 16) << "four bits of the last letter count";
}

}  // namespace
}  // namespace parley::auth
