#include <gtest/gtest.h>

#include "core/ids.hpp"

namespace parley::core {
namespace {

TEST(Utf8, takes_characters_of_every_length) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("plain ASCII, longer than a machine word"));
  EXPECT_TRUE(is_utf8("é€😀"));
  EXPECT_TRUE(is_utf8(std::string_view{"\0", 1}));
  EXPECT_TRUE(is_utf8("\xED\x9F\xBF\xEE\x80\x80"));  // both neighbours of the surrogates
  EXPECT_TRUE(is_utf8("\xF4\x8F\xBF\xBF"));          // the last code point
}

TEST(Utf8, refuses_what_is_cut_short_wherever_that_is) {
  for (const auto broken : {"\xC3", "\xE2\x82", "\xF0\x9F\x98", "\xC3(", "\xE2\x82(", "\xE2(\xAC", "\xF0\x9F\x98("}) {
    for (std::size_t before = 0; before < 18; ++before) {
      EXPECT_FALSE(is_utf8(std::string(before, 'a') + broken));
      EXPECT_FALSE(is_utf8(std::string(before, 'a') + broken + "aaaaaaaaaaaaaaaaaa"));
    }
  }
}

TEST(Utf8, refuses_overlong_forms_surrogates_and_what_lies_beyond_unicode) {
  for (const auto text :
       {"\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xE0\x9F\xBF", "\xF0\x80\x80\xAF", "\xF0\x8F\xBF\xBF", "\xED\xA0\x80",
        "\xED\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF", "\x80", "\xBF"}) {
    EXPECT_FALSE(is_utf8(text));
  }
}

TEST(Utf8, counts_code_points) {
  EXPECT_EQ(count_characters(""), 0u);
  EXPECT_EQ(count_characters("aé€😀"), 4u);
}

TEST(Utf8, finds_control_characters_of_both_tables) {
  EXPECT_TRUE(has_control_characters("a\tb"));
  EXPECT_TRUE(has_control_characters("a\x7F"));
  EXPECT_TRUE(has_control_characters("\xC2\x80"));
  EXPECT_TRUE(has_control_characters("\xC2\x9F"));
  EXPECT_FALSE(has_control_characters("\xC2\xA0 é 😀"));
}

}  // namespace
}  // namespace parley::core
