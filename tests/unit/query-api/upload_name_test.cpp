#include "query-api/upload_name.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/ids.hpp"

namespace parley::query_api {
namespace {

TEST(UploadName, APlainNameStaysAsItIs) {
  for (const auto* name : {"report.pdf", "IMG_0001-2.jpeg", "a", "a..b", "Résumé.pdf", "写真.png", "отчёт.docx", "🎉.gif"})
    EXPECT_EQ(safe_name(name), name);
}

TEST(UploadName, WhatCouldDoHarmIsTakenOut) {
  const std::pair<const char*, const char*> names[] = {
      {"a\r\nX-Evil: 1", "a__X-Evil__1"},
      {"a\"; filename=\"b", "a___filename__b"},
      {"../../etc/passwd", "_._.._etc_passwd"},
      {"..", "_."},
      {".", "_"},
      {".htaccess", "_htaccess"},
      {"-rf", "_rf"},
      {"a/b\\c", "a_b_c"},
      {"a b+c%41?d#e&f=g", "a_b_c_41_d_e_f_g"},
      {"<script>", "_script_"},
      {"exe.\u202Egnp", "exe._gnp"},
      {"a\u200Bb\uFEFFc\u2028d\u0085e", "a_b_c_d_e"},
      {"\x7f\x01", "__"},
  };
  for (const auto& [given, safe] : names) EXPECT_EQ(safe_name(given), safe) << given;
}

TEST(UploadName, IsNeverEmpty) { EXPECT_EQ(safe_name(""), "_"); }

TEST(UploadName, ALongOneKeepsItsEnding) {
  EXPECT_EQ(safe_name(std::string(300, 'x') + ".tar.gz"), std::string(97, 'x') + ".gz");
  EXPECT_EQ(safe_name(std::string(300, 'x')), std::string(100, 'x'));
  EXPECT_EQ(safe_name("a." + std::string(300, 'x')), "a." + std::string(98, 'x'));
}

TEST(UploadName, IsCutBetweenCharacters) {
  std::string name;
  for (int i = 0; i < 100; ++i) name += "写";
  const auto safe = safe_name(name + ".png");
  EXPECT_EQ(safe.size(), 96U + 4U);
  EXPECT_TRUE(core::is_utf8(safe));
}

TEST(UploadName, ASafeNameIsLeftAsItIs) {
  std::mt19937 random(3);
  for (int round = 0; round < 20'000; ++round) {
    std::string name;
    for (auto left = random() % 120; left > 0; --left) {
      const auto kind = random() % 3;
      if (kind == 0) name += static_cast<char>(random() % 0x80);
      if (kind == 1) name += std::string{static_cast<char>(0xc2 + random() % 30), static_cast<char>(0x80 + random() % 64)};
      if (kind == 2)
        name += std::string{static_cast<char>(0xe1 + random() % 12), static_cast<char>(0x80 + random() % 64),
                            static_cast<char>(0x80 + random() % 64)};
    }
    const auto safe = safe_name(name);
    ASSERT_EQ(safe_name(safe), safe);
    ASSERT_TRUE(core::is_utf8(safe));
    ASSERT_TRUE(!safe.empty() && safe.size() <= kMaxNameBytes && safe.front() != '.');
    ASSERT_EQ(safe.find_first_of("/\\\"'\r\n\t %;"), std::string::npos);
  }
}

TEST(UploadName, IsToldToThoseWhoKnowUnicodeInHeadersAndToThoseWhoDoNot) {
  EXPECT_EQ(attachment_disposition("report.pdf"), "attachment; filename=\"report.pdf\"; filename*=UTF-8''report.pdf");
  EXPECT_EQ(attachment_disposition("é.pdf"), "attachment; filename=\"_.pdf\"; filename*=UTF-8''%C3%A9.pdf");
}

}  // namespace
}  // namespace parley::query_api
