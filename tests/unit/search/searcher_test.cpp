#include "search/searcher.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <ranges>
#include <tuple>

#include "search/language.hpp"
#include "search/query.hpp"
#include "tests/unit/search/messages.hpp"

namespace parley::search {
namespace {

using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::SizeIs;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

TEST(Searcher, FindsWordsInAllTheirForms) {
  Messages m;
  m.put(1, "We were walking in the rain");
  m.put(2, "She walked home");
  m.put(3, "The walls are thin");
  for (const auto* text : {"walk", "WALKS", "Walked"}) EXPECT_THAT(m.seqs(text), UnorderedElementsAre(1, 2)) << text;
}

TEST(Searcher, WithoutALanguageAWordIsFoundAsItIs) {
  Messages m("none");
  m.put(1, "walking");
  m.put(2, "walk");
  EXPECT_THAT(m.seqs("Walk"), ElementsAre(2));
}

TEST(Searcher, AllWordsMustBeThere) {
  Messages m;
  m.put(1, "red fish");
  m.put(2, "blue fish");
  EXPECT_THAT(m.seqs("fish blue"), ElementsAre(2));
  EXPECT_THAT(m.seqs("fish -blue"), ElementsAre(1));
  EXPECT_THAT(m.seqs("-blue"), ElementsAre(2)) << "alone it leaves out nothing, and is a word";
  EXPECT_THAT(m.seqs("green fish"), IsEmpty());
}

TEST(Searcher, OneOfTheWordsIsEnoughIfSoAsked) {
  Messages m;
  m.put(1, "red fish swim");
  m.put(2, "blue fish");
  m.put(3, "a yellow bird");
  m.put(4, "nothing of it");
  m.put(5, "東京都に行きました");
  m.put(6, "京都に住んでいます");
  const auto any = [&](const std::string& text) { return m.seqs({.text = text, .channels = {m.channel}, .any = true}); };
  EXPECT_THAT(any("blue birds swimming"), UnorderedElementsAre(1, 2, 3));
  EXPECT_THAT(any("fish red").front(), 1U) << "who has more of them is better";
  EXPECT_THAT(any("fish -blue"), ElementsAre(1));
  EXPECT_THAT(any("\"red fish\" bird"), UnorderedElementsAre(1, 3));
  EXPECT_THAT(any("\"fish red\" swi*"), ElementsAre(1));
  EXPECT_THAT(any("green author:alice"), IsEmpty()) << "an author is no word";
  EXPECT_THAT(any("bird author:alice"), ElementsAre(3));
  EXPECT_THAT(any("bird author:bob"), IsEmpty());
  EXPECT_THAT(any("東京都 bird"), UnorderedElementsAre(3, 5)) << "all of a word that is written without spaces";
  EXPECT_THAT(any("bird ("), ElementsAre(3)) << "what is wrong as a query is plain words";
}

TEST(Searcher, ByTimeTheNewestOrTheOldestComesFirst) {
  Messages m;
  m.put(3, "fish");
  m.put(1, "fish and a great many other words");
  m.put(2, "fish fish fish");
  const auto by = [&](Order order, std::size_t first = 0, std::size_t count = 100) {
    return m.seqs({.text = "fish", .channels = {m.channel}, .order = order}, first, count);
  };
  EXPECT_THAT(by(Order::Newest), ElementsAre(3, 2, 1));
  EXPECT_THAT(by(Order::Oldest), ElementsAre(1, 2, 3));
  EXPECT_THAT(by(Order::Newest, 1, 1), ElementsAre(2)) << "the second page of one";
  EXPECT_THAT(by(Order::Oldest, 2, 5), ElementsAre(3));
  EXPECT_THAT(by(Order::Oldest, 3, 5), IsEmpty());
}

TEST(Searcher, OfOneMomentTheChannelThenTheSeqDecidesHoweverTheIndexWasMade) {
  std::vector<Document> documents;
  std::vector<core::ChannelId> channels;
  for (int i = 0; i < 100; ++i) {  // more than are looked up by their postings
    channels.push_back(core::group_id({"alice"}, std::to_string(i)));
    for (const std::uint64_t seq : {1, 2}) documents.push_back({{channels.back(), {seq}}, {"alice"}, {1'000 + i % 3}, "hello"});
  }
  auto expected = documents;
  std::ranges::sort(expected, {}, [](const Document& d) { return std::tuple(d.posted_at, d.message.channel, d.message.seq); });
  const auto places = [](const auto& list) {
    std::vector<std::pair<core::ChannelId, core::Seq>> places;
    for (const auto& one : list) places.emplace_back(one.message.channel, one.message.seq);
    return places;
  };
  for (const bool backwards : {false, true}) {
    Messages m;
    if (backwards) std::ranges::reverse(documents);
    m.write({.put = documents});
    EXPECT_EQ(places(m.find({.text = "hello", .channels = channels, .order = Order::Oldest}, 0, 500)->all()), places(expected));
    const auto newest = m.find({.text = "hello", .channels = channels, .order = Order::Newest}, 0, 500);
    EXPECT_EQ(places(newest->all()), places(expected | std::views::reverse));
    EXPECT_EQ(newest->snippet("Hello you"), "<mark>Hello</mark> you");
  }
}

TEST(Searcher, APhraseStandsAsItIs) {
  Messages m;
  m.put(1, "the quick brown fox");
  m.put(2, "the brown quick fox");
  EXPECT_THAT(m.seqs("\"quick brown\""), ElementsAre(1));
  EXPECT_THAT(m.seqs("\"Brown Quick\" fox"), ElementsAre(2));
}

TEST(Searcher, APrefixStandsForTheWordsThatBeginSo) {
  Messages m;
  m.put(1, "deployment");
  m.put(2, "Deploying");
  m.put(3, "depth");
  EXPECT_THAT(m.seqs("deplo*"), UnorderedElementsAre(1, 2));
  EXPECT_THAT(m.seqs("*"), IsEmpty());
}

TEST(Searcher, FindsWordsThatAreWrittenWithoutSpaces) {
  Messages m;
  m.put(1, "東京都に行きました");
  m.put(2, "京都に住んでいます");
  m.put(3, "서울에 갑니다");
  EXPECT_THAT(m.seqs("東京"), ElementsAre(1));
  EXPECT_THAT(m.seqs("京都"), UnorderedElementsAre(1, 2));
  EXPECT_THAT(m.seqs("住んで"), ElementsAre(2));
}

TEST(Searcher, AnAuthorIsAskedForInTheTextOrBesideIt) {
  Messages m;
  m.put(1, "hello");
  m.author = {"Bob Smith@example.com"};
  m.put(2, "hello");
  EXPECT_THAT(m.seqs({.text = "hello", .channels = {m.channel}, .author = core::UserId{"alice"}}), ElementsAre(1));
  EXPECT_THAT(m.seqs("hello author:alice"), ElementsAre(1));
  EXPECT_THAT(m.seqs("author:alice"), ElementsAre(1));
  EXPECT_THAT(m.seqs("author:\"Bob Smith@example.com\" HELLO"), ElementsAre(2));
  EXPECT_THAT(m.seqs("author:Alice"), IsEmpty()) << "in which case counts";
}

TEST(Searcher, TimesAreExclusive) {
  Messages m;
  for (std::uint64_t seq = 1; seq <= 4; ++seq) m.put(seq, "hello");
  const Wanted hello{.text = "hello", .channels = {m.channel}};
  auto wanted = hello;
  wanted.before = core::TimeMs{3000};
  EXPECT_THAT(m.seqs(wanted), ElementsAre(2, 1));
  wanted.after = core::TimeMs{1000};
  EXPECT_THAT(m.seqs(wanted), ElementsAre(2));
  wanted = hello;
  wanted.after = core::TimeMs{-5};
  EXPECT_THAT(m.seqs(wanted), SizeIs(4));
}

TEST(Searcher, OnlyTheChannelsThatAreNamedAreSearched) {
  Messages m;
  const auto mine = m.channel;
  m.put(1, "hello");
  m.channel = core::group_id({"bob"}, "his");
  m.put(2, "hello");
  EXPECT_THAT(m.seqs({.text = "hello", .channels = {mine}}), ElementsAre(1));
  EXPECT_THAT(m.seqs({.text = "hello", .channels = {mine, m.channel}}), UnorderedElementsAre(1, 2));
  EXPECT_THAT(m.seqs({.text = "hello"}), IsEmpty()) << "none is not all";
}

TEST(Searcher, ManyChannelsAreAsGoodAsFew) {
  Messages m;
  std::vector<core::ChannelId> channels;
  for (int i = 0; i < 300; ++i) {
    m.channel = core::group_id({"alice"}, std::to_string(i));
    channels.push_back(m.channel);
    m.put(static_cast<std::uint64_t>(i) + 1, i % 3 == 0 ? "hello you" : "hello");
  }
  EXPECT_THAT(m.seqs({.text = "hello", .channels = channels}, 0, 1000), SizeIs(300));
  EXPECT_THAT(m.seqs({.text = "\"hello you\"", .channels = channels}, 0, 1000), SizeIs(100));
  channels.resize(150);
  EXPECT_THAT(m.seqs({.text = "hello", .channels = channels}, 0, 1000), SizeIs(150));
  EXPECT_THAT(m.seqs({.text = "author:alice", .channels = channels}, 0, 1000), SizeIs(150));
}

TEST(Searcher, TheBestComesFirstAndAmongEqualsTheNewest) {
  Messages m;
  m.put(1, "fish and a great many other words that have nothing to do with it at all");
  m.put(2, "fish");
  m.put(3, "fish");
  EXPECT_THAT(m.seqs("fish"), ElementsAre(3, 2, 1));
  EXPECT_THAT(m.seqs({.text = "fish", .channels = {m.channel}}, 1, 1), ElementsAre(2)) << "the second page of one";
  EXPECT_THAT(m.seqs({.text = "fish", .channels = {m.channel}}, 3, 1), IsEmpty());
}

TEST(Searcher, ASnippetMarksTheHitAndIsSafeAsHtml) {
  Messages m;
  const std::string text = "<script>alert('x')</script> & walking " + std::string(2000, ' ') + "elsewhere";
  m.put(1, text);
  const auto snippet = m.find({.text = "walk", .channels = {m.channel}})->snippet(text);
  EXPECT_THAT(snippet, HasSubstr("<mark>walking</mark>"));
  EXPECT_THAT(snippet, HasSubstr("&lt;script&gt;"));
  EXPECT_EQ(snippet.find("<script"), std::string::npos);

  m.put(2, "東京都に行きました");
  EXPECT_EQ(m.find({.text = "東京", .channels = {m.channel}})->snippet("東京都に"), "<mark>東京</mark>都に");
}

TEST(Searcher, ASnippetOfALongTextIsAboutTheHit) {
  Messages m;
  std::string text;
  for (int i = 0; i < 500; ++i) text += "padding" + std::to_string(i) + " ";
  text += "needle ";
  for (int i = 0; i < 500; ++i) text += "padding" + std::to_string(i) + " ";
  m.put(1, text);
  const auto snippet = m.find({.text = "needle", .channels = {m.channel}})->snippet(text);
  EXPECT_THAT(snippet, HasSubstr("<mark>needle</mark>"));
  EXPECT_THAT(snippet, StartsWith("…"));
  EXPECT_THAT(snippet, SizeIs(Le(400)));
}

TEST(Searcher, AnyTextIsAQuery) {
  Messages m;
  m.put(1, "hello (world) and or not near adj");
  std::string many;
  for (int i = 0; i < 128; ++i) many += "a* ";
  for (const auto& text :
       {std::string(512, '('), std::string(512, '"'), std::string(512, '*'), std::string(512, '-'),
        std::string("\"\"\"((AND OR)"), std::string("hello AND (OR NOT"), std::string("author:"), std::string("author:\""),
        std::string("\xff\xfe\x80 hello"), std::string("a\0b", 3), many, std::string("-\"hello"), std::string("+ - + -"),
        std::string("hello NEAR/9999999999 world"), std::string("1..5 $..€ a..b"), std::string("~hello ~* h?l*o")})
    for (const bool any : {false, true})
      EXPECT_THAT(m.seqs({.text = text, .channels = {m.channel}, .any = any}), SizeIs(Le(1))) << text;
  EXPECT_THAT(m.seqs("hello \"world"), ElementsAre(1)) << "what is wrong as a query is plain words";
}

TEST(Searcher, APrefixStandsForABoundedNumberOfWords) {
  Messages m;
  Batch batch;
  for (std::uint64_t seq = 1; seq <= 2 * kMaxExpansion; ++seq)
    batch.put.push_back(m.document(seq, "word" + std::to_string(seq)));
  m.write(batch);
  EXPECT_THAT(m.seqs({.text = "word*", .channels = {m.channel}}, 0, 1000), SizeIs(kMaxExpansion));
  EXPECT_THAT(m.seqs({.text = "word* word*", .channels = {m.channel}, .any = true}, 0, 1000), SizeIs(kMaxExpansion));
  EXPECT_THAT(m.seqs({.text = "w* o* r* d* e* word1", .channels = {m.channel}, .any = true}, 0, 1000), ElementsAre(1))
      << "with more than so many none is one";
}

TEST(Searcher, ASearchEndsAtItsDeadline) {
  Messages m;
  Batch batch;
  for (std::uint64_t seq = 1; seq <= 3000; ++seq) batch.put.push_back(m.document(seq, "hello you"));
  m.write(batch);
  const auto now = std::chrono::steady_clock::now();
  const Wanted wanted{.text = "\"you hello\"", .channels = {m.channel}};
  const auto late = Searcher(m.dir(), "english").find(wanted, 0, 10, now - std::chrono::seconds(1));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::Timeout);

  const Xapian::Database db(m.dir().string());
  Xapian::Enquire enquire(db);
  std::string words = "hello you";
  while (words.size() < 500) words += " w" + std::to_string(words.size());
  for (const auto& channels : {std::vector{m.channel}, std::vector<core::ChannelId>(1000, m.channel)})
    for (const bool any : {false, true}) {
      const Wanted many{.text = any ? words : wanted.text, .channels = channels, .any = any};
      enquire.set_query(query_of(db, many, Xapian::Stem("english"), now - std::chrono::seconds(1)));
      EXPECT_THROW(enquire.get_mset(0, 10), PastDeadline) << "while it runs";
    }
}

TEST(Searcher, WhereThereIsNoIndexYetNothingIsFound) {
  const testing::TempDir dir;
  const auto hits =
      Searcher(dir / "none", "english")
          .find({.text = "x", .channels = {{}}}, 0, 10, std::chrono::steady_clock::now() + std::chrono::seconds(10));
  ASSERT_TRUE(hits) << hits.error().what;
  EXPECT_THAT((*hits)->all(), IsEmpty());
}

TEST(Searcher, OfAHalfMadeIndexDoesNotSayThatThereIsNothing) {
  Messages m;
  m.put(1, "hello");
  m.index.reset();
  half_make(m.dir());
  const auto hits =
      Searcher(m.dir(), "english")
          .find({.text = "hello", .channels = {m.channel}}, 0, 10, std::chrono::steady_clock::now() + std::chrono::seconds(10));
  EXPECT_FALSE(hits);
}

TEST(Language, IsKnownByItsSnowballName) {
  EXPECT_TRUE(is_language("english") && is_language("german") && is_language("none"));
  EXPECT_FALSE(is_language("") || is_language("klingon") || is_language("english german"));
}

}  // namespace
}  // namespace parley::search
