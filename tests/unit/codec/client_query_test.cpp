#include "codec/client_query.hpp"

#include <gtest/gtest.h>

#include "tests/unit/codec/wrong_input.hpp"

namespace parley::codec {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

TEST(ClientQuery, APageHasItsDefaults) {
  const auto page = parse_page({});
  ASSERT_TRUE(page);
  EXPECT_EQ(page->limit, 50U);
  EXPECT_FALSE(page->before || page->after || page->around || page->reply_to || page->as_of);
}

TEST(ClientQuery, APageIsReadWhole) {
  const auto page = parse_page(Pairs{{"after", "0"}, {"limit", "200"}, {"reply_to", "3"}, {"as_of", "p1-a-0-1"}});
  ASSERT_TRUE(page);
  EXPECT_EQ(page->after, core::Seq{0});
  EXPECT_EQ(page->limit, 200U);
  EXPECT_EQ(page->reply_to, core::Seq{3});
  EXPECT_EQ(page->as_of, AsOf(std::vector{Position{0xA, 0, 1}}));
  EXPECT_EQ(parse_page(Pairs{{"before", "9007199254740991"}})->before, core::Seq{kMaxNumber});
  EXPECT_EQ(parse_page(Pairs{{"around", "5"}})->around, core::Seq{5});
  EXPECT_EQ(parse_page(Pairs{{"since", "0"}})->since, core::MessageNumber{0});
  EXPECT_EQ(parse_page(Pairs{{"until", "9007199254740991"}, {"reply_to", "3"}})->until, core::MessageNumber{kMaxNumber});
  EXPECT_EQ(parse_page(Pairs{{"as_of", "1970-01-01T00:00:01Z"}})->as_of, AsOf(core::TimeMs{1000}));
}

TEST(ClientQuery, APagesNumbersArePlainAndInRange) {
  for (const auto* text : {"", "-1", "1.0", "1e1", "x", "01", " 1", "+1", "9007199254740992", "0x1"})
    for (const auto* name : {"before", "after", "around", "since", "until", "limit", "reply_to"})
      EXPECT_THAT(parse_page(Pairs{{name, text}}), WrongField(name)) << name << "=" << text;
  for (const auto* name : {"before", "around", "limit", "reply_to"})
    EXPECT_THAT(parse_page(Pairs{{name, "0"}}), WrongField(name));
  EXPECT_THAT(parse_page(Pairs{{"limit", "201"}}), WrongField("limit"));
  EXPECT_THAT(parse_page(Pairs{{"as_of", "yesterday"}}), WrongField("as_of"));
}

TEST(ClientQuery, APageHasOneAnchorAtMost) {
  EXPECT_THAT(parse_page(Pairs{{"before", "9"}, {"after", "1"}}), WrongField("after"));
  EXPECT_THAT(parse_page(Pairs{{"since", "1"}, {"until", "2"}}), WrongField("until"));
  EXPECT_THAT(parse_page(Pairs{{"around", "9"}, {"after", "0"}}), Refused(Problem::InvalidArgument));
  EXPECT_THAT(parse_page(Pairs{{"since", "9"}, {"until", "10"}}), Refused(Problem::InvalidArgument));
  for (const auto* other : {"before", "after", "around"})
    for (const auto* number : {"since", "until"})
      EXPECT_THAT(parse_page(Pairs{{number, "9"}, {other, "1"}}), Refused(Problem::InvalidArgument)) << number << other;
}

TEST(ClientQuery, NumbersOfMessagesAreOfNow) {
  for (const auto* number : {"since", "until"})
    EXPECT_THAT(parse_page(Pairs{{number, "9"}, {"as_of", "p1-a-0-1"}}), WrongField("as_of"));
}

TEST(ClientQuery, ADeletionSaysOnceForWhom) {
  EXPECT_EQ(parse_for_me({}), false);
  EXPECT_EQ(parse_for_me(Pairs{{"scope", "all"}}), false);
  EXPECT_EQ(parse_for_me(Pairs{{"scope", "me"}}), true);
  EXPECT_THAT(parse_for_me(Pairs{{"scope", "mine"}}), WrongField("scope"));
  EXPECT_THAT(parse_for_me(Pairs{{"scope", "me"}, {"scope", "all"}}), WrongField("scope"));
  EXPECT_THAT(parse_for_me(Pairs{{"scope", "me"}, {"for", "me"}}), WrongField("for"));
}

TEST(ClientQuery, UnknownAndRepeatedParametersAreRefused) {
  EXPECT_THAT(parse_page(Pairs{{"offset", "1"}}), WrongField("offset"));
  EXPECT_THAT(parse_page(Pairs{{"limit", "5"}, {"limit", "5"}}), WrongField("limit"));
  EXPECT_THAT(parse_page(Pairs{{"", ""}}), WrongField(""));
  EXPECT_THAT(parse_list(Pairs{{"before", "x"}}), WrongField("before"));
  EXPECT_THAT(parse_inbox(Pairs{{"as_of", "x"}}), WrongField("as_of"));
  EXPECT_THAT(parse_no_query(Pairs{{"limit", "1"}}), WrongField("limit"));
  EXPECT_TRUE(parse_no_query({}));
}

TEST(ClientQuery, ANumberMustBeGivenAndHas52Bits) {
  EXPECT_EQ(parse_number(Pairs{{"number", "0"}}), core::IdNumber{0});
  EXPECT_EQ(parse_number(Pairs{{"number", "4503599627370495"}}), core::kMaxIdNumber);
  EXPECT_THAT(parse_number({}), WrongField("number"));
  for (const auto* text : {"", "-1", "1.0", "x", "01", " 1", "4503599627370496", "99999999999999999999"})
    EXPECT_THAT(parse_number(Pairs{{"number", text}}), WrongField("number")) << text;
  EXPECT_THAT(parse_number(Pairs{{"number", "1"}, {"number", "1"}}), WrongField("number"));
  EXPECT_THAT(parse_number(Pairs{{"number", "1"}, {"limit", "1"}}), WrongField("limit"));
}

TEST(ClientQuery, AListGoesOnAfterWhatItIsTold) {
  const auto list = parse_list(Pairs{{"after", "bob@example.org"}, {"limit", "7"}});
  ASSERT_TRUE(list);
  EXPECT_EQ(list->after, "bob@example.org");
  EXPECT_EQ(list->limit, 7U);
  EXPECT_EQ(parse_list({})->after, "");
}

TEST(ClientQuery, AnInboxIsAskedForWhatIsUnreadOrRead) {
  EXPECT_EQ(parse_inbox({})->unread, std::nullopt);
  EXPECT_EQ(parse_inbox(Pairs{{"unread", "true"}})->unread, true);
  EXPECT_EQ(parse_inbox(Pairs{{"unread", "false"}, {"after", "x"}})->unread, false);
  for (const auto* text : {"", "1", "TRUE", "yes"}) EXPECT_THAT(parse_inbox(Pairs{{"unread", text}}), WrongField("unread"));
}

TEST(ClientQuery, DeliveriesLieBetweenTwoMessages) {
  const auto deliveries = parse_deliveries(Pairs{{"after", "0"}, {"before", "9"}, {"limit", "7"}});
  ASSERT_TRUE(deliveries);
  EXPECT_EQ(deliveries->after, core::Seq{0});
  EXPECT_EQ(deliveries->before, core::Seq{9});
  EXPECT_EQ(deliveries->limit, 7U);
  EXPECT_EQ(parse_deliveries({})->limit, 50U);
  EXPECT_THAT(parse_deliveries(Pairs{{"before", "0"}}), WrongField("before"));
  EXPECT_THAT(parse_deliveries(Pairs{{"after", "x"}}), WrongField("after"));
  EXPECT_THAT(parse_deliveries(Pairs{{"limit", "201"}}), WrongField("limit"));
  EXPECT_THAT(parse_deliveries(Pairs{{"around", "1"}}), WrongField("around"));
}

TEST(ClientQuery, ASearchIsReadWhole) {
  const auto search = parse_search(Pairs{{"q", "two words"},
                                         {"channel_id", "any"},
                                         {"author", "alice"},
                                         {"before", "1970-01-01T00:00:02Z"},
                                         {"after", "1970-01-01T00:00:01Z"},
                                         {"page", "1-2"},
                                         {"order", "oldest"},
                                         {"match", "any"},
                                         {"limit", "7"}});
  ASSERT_TRUE(search);
  EXPECT_EQ(search->text, "two words");
  EXPECT_EQ(search->channel_id, "any");
  EXPECT_EQ(search->author, "alice");
  EXPECT_EQ(search->before, core::TimeMs{2000});
  EXPECT_EQ(search->after, core::TimeMs{1000});
  EXPECT_EQ(search->page, "1-2");
  EXPECT_EQ(search->limit, 7U);
  EXPECT_EQ(search->order, SearchOrder::Oldest);
  EXPECT_TRUE(search->any);
}

TEST(ClientQuery, ASearchGivesTheBestOfAllWordsUnlessToldOtherwise) {
  const auto order = [](const char* text) { return parse_search(Pairs{{"q", "x"}, {"order", text}}); };
  const auto match = [](const char* text) { return parse_search(Pairs{{"q", "x"}, {"match", text}}); };
  EXPECT_EQ(parse_search(Pairs{{"q", "x"}})->order, SearchOrder::Relevance);
  EXPECT_FALSE(parse_search(Pairs{{"q", "x"}})->any);
  EXPECT_EQ(order("relevance")->order, SearchOrder::Relevance);
  EXPECT_EQ(order("newest")->order, SearchOrder::Newest);
  EXPECT_FALSE(match("all")->any);
  for (const auto* text : {"", "Newest", "newest ", "time", "asc"}) EXPECT_THAT(order(text), WrongField("order")) << text;
  for (const auto* text : {"", "ALL", "or", "true"}) EXPECT_THAT(match(text), WrongField("match")) << text;
}

TEST(ClientQuery, ASearchIsForSomethingAndWithinItsBounds) {
  EXPECT_THAT(parse_search({}), WrongField("q"));
  EXPECT_THAT(parse_search(Pairs{{"q", ""}}), WrongField("q"));
  EXPECT_TRUE(parse_search(Pairs{{"q", std::string(kMaxSearchBytes, 'x')}}));
  EXPECT_THAT(parse_search(Pairs{{"q", std::string(kMaxSearchBytes + 1, 'x')}}), WrongField("q"));
  EXPECT_THAT(parse_search(Pairs{{"q", "\xff"}}), WrongField("q"));
  EXPECT_THAT(parse_search(Pairs{{"q", "x"}, {"before", "7"}}), WrongField("before")) << "times, not numbers";
  EXPECT_THAT(parse_search(Pairs{{"q", "x"}, {"around", "7"}}), WrongField("around"));
}

}  // namespace
}  // namespace parley::codec
