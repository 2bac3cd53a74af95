#include "migrate/slack/array_file.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/temp_dir.hpp"

namespace parley::migrate::slack {
namespace {

using ::testing::ElementsAre;

struct Found {
  std::vector<std::string> elements;
  std::string wrong;  // empty: nothing
};

class ArrayFiles : public ::testing::Test {
 protected:
  Found read(std::string_view text) {
    const auto path = dir_ / "array.json";
    std::ofstream(path) << text;
    auto file = ArrayFile::open(path.string());
    Found found;
    for (;;) {
      const auto element = file->next();
      if (!element) return found.wrong = element.error(), found;
      if (!*element) return found;
      found.elements.emplace_back((*element)->too_long ? "(too long)" : (*element)->text);
    }
  }
  parley::testing::TempDir dir_;
};

TEST_F(ArrayFiles, ElementsComeOneByOneAsTheyAre) {
  const auto found = read(R"( [ {"a":[1,2]} , "x,]}" , 3,{"b":"\"}"} ] )");
  EXPECT_THAT(found.elements, ElementsAre(R"({"a":[1,2]} )", R"("x,]}" )", "3", R"({"b":"\"}"} )"));
  EXPECT_EQ(found.wrong, "");
}

TEST_F(ArrayFiles, AnEmptyArrayHasNone) {
  EXPECT_THAT(read("[]").elements, ElementsAre());
  EXPECT_EQ(read(" [ ] ").wrong, "");
}

TEST_F(ArrayFiles, OfAFileThatIsCutOffEverythingBeforeTheCutIsThere) {
  const std::string whole = R"([{"a":1},{"b":"two"},{"c":3}])";
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const auto found = read(whole.substr(0, size));
    EXPECT_NE(found.wrong, "") << size;
    const std::size_t complete = size < 8 ? 0 : size < 20 ? 1 : size < 28 ? 2 : 3;
    EXPECT_EQ(found.elements.size(), complete) << whole.substr(0, size);
  }
}

TEST_F(ArrayFiles, WhatIsNoArrayIsRefused) {
  for (const auto* text : {"", "{}", "x", "\"[]\""}) EXPECT_NE(read(text).wrong, "") << text;
}

TEST_F(ArrayFiles, AnElementMayBeLargerThanWhatIsReadAtOnce) {
  const auto large = "\"" + std::string(1 << 20, 'x') + "\"";
  EXPECT_THAT(read("[1," + large + ",2]").elements, ElementsAre("1", large, "2"));
}

TEST_F(ArrayFiles, AnElementBeyondTheBoundIsPassedOver) {
  const auto large = "\"" + std::string(kMaxElementBytes + 1, 'x') + "\"";
  EXPECT_THAT(read("[1," + large + ",2]").elements, ElementsAre("1", "(too long)", "2"));
}

TEST_F(ArrayFiles, AFileThatIsNotThereIsAnError) { EXPECT_FALSE(ArrayFile::open((dir_ / "none.json").string())); }

}  // namespace
}  // namespace parley::migrate::slack
