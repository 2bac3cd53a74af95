#include "migrate/line_file.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/temp_dir.hpp"

namespace parley::migrate {
namespace {

using ::testing::ElementsAre;

class LineFiles : public ::testing::Test {
 protected:
  std::vector<std::string> read(std::string_view text) {
    const auto path = dir_ / "lines";
    std::ofstream(path) << text;
    auto file = LineFile::open(path.string());
    std::vector<std::string> lines;
    while (const auto line = file->next()) {
      EXPECT_EQ(line->number, lines.size() + 1);
      lines.push_back((line->too_long ? "(too long)" : std::string(line->text)) + (line->unended ? "…" : ""));
    }
    return lines;
  }
  parley::testing::TempDir dir_;
};

TEST_F(LineFiles, LinesComeOneByOne) { EXPECT_THAT(read("a\n\nbc\n"), ElementsAre("a", "", "bc")); }

TEST_F(LineFiles, TheLastOneMayHaveNoEnd) { EXPECT_THAT(read("a\nb"), ElementsAre("a", "b…")); }

TEST_F(LineFiles, AnEmptyFileHasNone) { EXPECT_THAT(read(""), ElementsAre()); }

TEST_F(LineFiles, ALineMayBeLargerThanWhatIsReadAtOnce) {
  const std::string large(900'000, 'x');
  EXPECT_THAT(read("a\n" + large + "\nb\n"), ElementsAre("a", large, "b"));
}

TEST_F(LineFiles, ALineBeyondTheBoundIsPassedOver) {
  const std::string large(3 * kMaxLineBytes, 'x');
  EXPECT_THAT(read("a\n" + large + "\nb\n"), ElementsAre("a", "(too long)", "b"));
  EXPECT_THAT(read(large), ElementsAre("(too long)…"));
}

TEST_F(LineFiles, WhatCanNotBeReadIsAnError) {
  EXPECT_FALSE(LineFile::open((dir_ / "none").string()));
  EXPECT_FALSE(LineFile::open(dir_.path().string()));
}

}  // namespace
}  // namespace parley::migrate
