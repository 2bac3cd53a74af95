#include <gmock/gmock.h>

#include "migrate/slack/emoji.hpp"
#include "migrate/slack/markup.hpp"
#include "migrate/slack/message.hpp"

namespace parley::migrate::slack {
namespace {

Names names() {
  return {.user = [](std::string_view id) { return id == "U1" ? std::string("ann@example.com") : std::string(); },
          .channel = [](std::string_view id) { return id == "C1" ? std::string("general") : std::string(); }};
}
std::string plain(std::string_view text) { return plain_text(text, names()); }

TEST(SlackMarkup, AUserIsNamedAsParleyNamesHim) {
  EXPECT_EQ(plain("<@U1> and <@U1|ann>"), "<@ann@example.com> and <@ann@example.com>");
  EXPECT_EQ(plain("<@U9> and <@U9|bob>"), "@U9 and @bob");
}

TEST(SlackMarkup, ChannelsAndGroupsAreToldByName) {
  EXPECT_EQ(plain("<#C1> <#C1|other> <#C9> <#C9|>"), "#general #other #C9 #C9");
  EXPECT_EQ(plain("<!here> <!channel> <!subteam^S1|@team> <!subteam^S1> <!here|@here>"), "@here @channel @team @subteam @here");
  EXPECT_EQ(plain("<!date^1392734382^{date}|Feb 18>"), "Feb 18");
}

TEST(SlackMarkup, LinksKeepTheirAddress) {
  EXPECT_EQ(plain("<http://a.example/x?a=1&amp;b=2>"), "http://a.example/x?a=1&b=2");
  EXPECT_EQ(plain("see <http://a.example|the page>"), "see the page (http://a.example)");
  EXPECT_EQ(plain("<mailto:a@b.example|a@b.example> <tel:+1|call>"), "a@b.example call (+1)");
  EXPECT_EQ(plain("<http://a.example|http://a.example>"), "http://a.example");
}

TEST(SlackMarkup, EscapesAreUndoneOnce) {
  EXPECT_EQ(plain("1 &lt; 2 &amp;&amp; 3 &gt; 2; &amp;lt; &nbsp; &"), "1 < 2 && 3 > 2; &lt; &nbsp; &");
}

TEST(SlackMarkup, WhatIsNoMarkUpStays) {
  for (const auto* text : {"a < b", "<", "<>", "<<>", "<|x>", ">", "x<", "*bold* _it_ `code`", ""})
    EXPECT_EQ(plain(text), text);
}

TEST(SlackEmoji, CommonNamesAreTheEmojiItself) {
  EXPECT_EQ(emoji_of("+1"), "👍");
  EXPECT_EQ(emoji_of("tada"), "🎉");
  EXPECT_EQ(emoji_of("white_check_mark"), "✅");
  EXPECT_EQ(emoji_of("+1::skin-tone-5"), "👍🏾");
  EXPECT_EQ(emoji_of("party-parrot"), ":party-parrot:");
  EXPECT_EQ(emoji_of("party-parrot::skin-tone-2"), ":party-parrot::skin-tone-2:");
}

TEST(SlackTime, IsSecondsWithAFraction) {
  EXPECT_EQ(time_of_ts("1355517523.000005"), core::TimeMs{1355517523000});
  EXPECT_EQ(time_of_ts("1355517523.678999"), core::TimeMs{1355517523678});
  EXPECT_EQ(time_of_ts("1355517523"), core::TimeMs{1355517523000});
  for (const auto* ts : {"", ".", "1.", "x", "1.x", "-1.0", "1.0000000000", "99999999999999999.0", " 1.0"})
    EXPECT_FALSE(time_of_ts(ts)) << ts;
}

Message message(std::string_view fields) {
  auto read = read_message(std::string(R"({"type":"message","ts":"1.5","user":"U1",)") + std::string(fields) + "}");
  EXPECT_TRUE(read) << read.error();
  return read.value_or(Message{});
}

TEST(SlackMessage, IsReadWithWhatBelongsToIt) {
  const auto read = message(
      R"("text":"x","thread_ts":"1.0","edited":{"user":"U1","ts":"2.5"},"reactions":[{"name":"+1","users":["U1","U2"],"count":2}])");
  EXPECT_EQ(read.at, core::TimeMs{1500});
  EXPECT_EQ(read.thread_ts, "1.0");
  EXPECT_EQ(read.edited_at, core::TimeMs{2500});
  ASSERT_EQ(read.reactions.size(), 1);
  EXPECT_THAT(read.reactions[0].users, ::testing::ElementsAre("U1", "U2"));
  EXPECT_TRUE(read.speaks());
}

TEST(SlackMessage, FieldsOfOtherTypesAreAsIfTheyWereNotThere) {
  const auto read = message(R"("text":5,"thread_ts":null,"edited":"x","reactions":[1,{"name":2,"users":"x"}],"files":{})"
                            R"(,"x":{"y":1})");
  EXPECT_EQ(text_of(read, names()), "");
  EXPECT_EQ(read.edited_ts, "");
  ASSERT_EQ(read.reactions.size(), 1);
  EXPECT_EQ(read.reactions[0].name, "");
}

TEST(SlackMessage, WithoutWordsItIsWhatHangsOnIt) {
  EXPECT_EQ(text_of(message(R"("text":"","files":[{"name":"a.pdf"},{"title":"B"}])"), names()), "a.pdf\nB");
  EXPECT_EQ(text_of(message(R"("text":"","attachments":[{"pretext":"New","title":"Build","text":"<@U1> broke it"}])"), names()),
            "New\nBuild\n<@ann@example.com> broke it");
  EXPECT_EQ(text_of(message(R"("text":"","attachments":[{"fallback":"plain"}])"), names()), "plain");
  EXPECT_EQ(text_of(message(R"("text":"","blocks":[])"), names()), "");
}

TEST(SlackMessage, FilesAreToldByNameAndLink) {
  std::size_t left = 9;
  EXPECT_EQ(
      attachments_of(
          message(R"("files":[{"name":"a.pdf","mimetype":"application/pdf","size":12,"url_private":"https://f.example/a"}])"),
          left),
      R"([{"name":"a.pdf","url":"https://f.example/a","content_type":"application/pdf","size":12}])");
  EXPECT_EQ(left, 0);
  EXPECT_EQ(attachments_of(message(R"("text":"x")"), left), "");
  std::string many = R"("files":[)";
  for (int i = 0; i < 25; ++i) many += std::string(i > 0 ? "," : "") + R"({"name":"f"})";
  EXPECT_NE(attachments_of(message(many + "]"), left), "");
  EXPECT_EQ(left, 5);
}

TEST(SlackMessage, WhatIsNoneIsAnError) {
  for (const auto* text : {"", "[]", "{}", R"({"ts":5})", R"({"ts":"x"})", R"({"ts":"1.0")"})
    EXPECT_FALSE(read_message(text)) << text;
}

}  // namespace
}  // namespace parley::migrate::slack
