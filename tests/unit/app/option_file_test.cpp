#include "app/option_file.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace parley::app {
namespace {

using testing::StartsWith;

auto read(const std::string& text) {
  std::istringstream in(text);
  return read_option_file(in);
}

std::string only_value(const std::string& line) {
  const auto options = read(line);
  if (!options) return "refused: " + options.error();
  return options->size() == 1 ? options->front().value : "not one option";
}

std::string refusal(const std::string& text) {
  const auto options = read(text);
  return options ? "taken" : options.error();
}

TEST(OptionFile, TakesAValueAsItStands) {
  EXPECT_EQ(only_value("operators = alice,bob"), "alice,bob");
  EXPECT_EQ(only_value("kafka-properties = a=b,c=d"), "a=b,c=d");
  EXPECT_EQ(only_value("kafka-properties=sasl.password=two words"), "sasl.password=two words");
  EXPECT_EQ(only_value("auth-audience = [x]"), "[x]");
  EXPECT_EQ(only_value("s3-region = a;b"), "a;b");
  EXPECT_EQ(only_value("auth-issuer = https://x/#fragment"), "https://x/#fragment");
  EXPECT_EQ(only_value("auth-issuer ="), "");
}

TEST(OptionFile, LeavesOutBlanksAndOnePairOfQuotes) {
  EXPECT_EQ(only_value("\t listen =  127.0.0.1:1 \r"), "127.0.0.1:1");
  EXPECT_EQ(only_value("dialects = \"a,b\""), "a,b");
  EXPECT_EQ(only_value("dialects = ' a '"), " a ");
  EXPECT_EQ(only_value("dialects = \"'a'\""), "'a'");
  EXPECT_EQ(only_value("dialects = \"a'"), "\"a'");
  EXPECT_EQ(only_value("dialects = \""), "\"");
  EXPECT_EQ(only_value("dialects = \"\""), "");
}

TEST(OptionFile, PassesOverEmptyLinesAndComments) {
  const auto options = read("# one\n\n  ; two\nlisten = a:1\n \r\ndata = d");
  ASSERT_TRUE(options);
  ASSERT_EQ(options->size(), 2U);
  EXPECT_EQ((*options)[0].name, "listen");
  EXPECT_EQ((*options)[0].line, 4U);
  EXPECT_EQ((*options)[1].name, "data");
  EXPECT_EQ((*options)[1].line, 6U);
}

TEST(OptionFile, RefusesACommentBehindAValueWhichWouldBeAPartOfIt) {
  EXPECT_THAT(refusal("data = d\noperators = alice # the boss"), StartsWith("line 2 has a comment"));
  EXPECT_THAT(refusal("operators = #alice"), StartsWith("line 1 has a comment"));
  EXPECT_EQ(only_value("operators = \"alice # the boss\""), "alice # the boss");
}

TEST(OptionFile, RefusesWhatIsNoOptionAndSaysWhere) {
  for (const auto* line : {"[serve]", "listen : a:1", "listen", "= 1", "\xff\xfe"})
    EXPECT_THAT(refusal("data = d\n\n" + std::string(line)), StartsWith("line 3 is not a `name = value`")) << line;
}

TEST(OptionFile, RefusesANameGivenTwice) {
  EXPECT_EQ(refusal("listen = a:1\ndata = d\nlisten = a:1"), "line 3 names listen again, after line 1");
}

}  // namespace
}  // namespace parley::app
