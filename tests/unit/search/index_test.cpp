#include "search/index.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/unit/search/messages.hpp"

namespace parley::search {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// Is there a file of the index that has these bytes?
bool any_file_has(const std::filesystem::path& dir, const std::string& bytes) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(dir)) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string all(std::istreambuf_iterator<char>(in), {});
    if (all.contains(bytes)) return true;
  }
  return false;
}

TEST(Index, ANewOneHasNoProgress) {
  const Messages m;
  EXPECT_FALSE(m.index->progress());
}

TEST(Index, WhatIsWrittenIsThereWithItsProgressWhenItIsOpenedAgain) {
  Messages m;
  const Progress progress{.next_offset = 42, .purge = true, .building = true, .built_to = std::string("k \0\xff", 4)};
  m.write({.put = {m.document(1, "hello")}}, progress);
  m.open();
  EXPECT_EQ(m.index->progress(), progress);
  EXPECT_THAT(m.seqs("hello"), ElementsAre(1));
}

TEST(Index, PuttingAMessageAgainReplacesIt) {
  Messages m;
  m.put(1, "hello");
  m.put(1, "goodbye");
  m.put(1, "goodbye");
  EXPECT_THAT(m.seqs("hello"), IsEmpty());
  EXPECT_THAT(m.seqs("goodbye"), ElementsAre(1));
}

TEST(Index, WhatIsRemovedIsNotFoundAndMayNeverHaveBeenThere) {
  Messages m;
  m.put(1, "hello");
  m.put(2, "hello");
  m.write({.removed = {{m.channel, {1}}, {m.channel, {7}}}});
  EXPECT_THAT(m.seqs("hello"), ElementsAre(2));
}

TEST(Index, AChannelIsRemovedInParts) {
  Messages m;
  for (std::uint64_t seq = 1; seq <= 5; ++seq) m.put(seq, "hello");
  const auto gone = m.channel;
  m.channel = core::group_id({"alice"}, "another");
  m.put(1, "hello");
  EXPECT_EQ(m.index->remove_channel(gone, 3), 3U);
  EXPECT_EQ(m.index->remove_channel(gone, 3), 2U);
  EXPECT_EQ(m.index->remove_channel(gone, 3), 0U);
  EXPECT_THAT(m.seqs({.text = "hello", .channels = {gone}}), IsEmpty());
  EXPECT_THAT(m.seqs("hello"), ElementsAre(1));
}

TEST(Index, OfAnotherLanguageIsDamaged) {
  Messages m;
  m.put(1, "hello");
  m.index.reset();
  const auto opened = Index::open(m.dir(), "german");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::Damaged);
}

TEST(Index, WithDamagedFilesIsDamaged) {
  Messages m;
  m.put(1, "hello");
  m.index.reset();
  std::ofstream(m.dir() / "iamglass", std::ios::binary) << std::string(100, 'x');
  const auto opened = Index::open(m.dir(), "english");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::Damaged);
}

TEST(Index, WithoutOneOfItsFilesIsDamaged) {
  for (const auto* file : {"iamglass", "postlist.glass", "termlist.glass"}) {
    Messages m;
    m.put(1, "hello");
    m.index.reset();
    ASSERT_TRUE(std::filesystem::remove(m.dir() / file)) << file;
    const auto opened = Index::open(m.dir(), "english");
    ASSERT_FALSE(opened) << file;
    EXPECT_EQ(opened.error().kind, ErrorKind::Damaged) << file << ": " << opened.error().what;
  }
}

TEST(Index, HalfMadeIsDamaged) {
  Messages m;
  m.index.reset();
  half_make(m.dir());
  const auto opened = Index::open(m.dir(), "english");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::Damaged) << opened.error().what;
}

TEST(Index, ThatIsDeletedIsGoneWithWhatAKillLeft) {
  Messages m;
  m.put(1, "hello");
  m.index.reset();
  std::filesystem::create_directory(m.dir().string() + ".old");
  std::ofstream(m.dir().string() + ".old/left") << "x";
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(Index::remove(m.dir()));
    for (const auto* suffix : {"", ".old"}) EXPECT_FALSE(std::filesystem::exists(m.dir().string() + suffix));
  }
  m.open();
  EXPECT_FALSE(m.index->progress());
}

TEST(Index, APurgeLeavesNothingOfWhatWasDroppedInTheFiles) {
  Messages m;
  for (std::uint64_t seq = 1; seq <= 300; ++seq) m.put(seq, "zebrafish" + std::to_string(seq) + " stays");
  m.put(301, "quetzalcoatl");
  ASSERT_TRUE(any_file_has(m.dir(), "quetzalcoatl"));
  m.write({.removed = {{m.channel, {301}}}}, {.next_offset = 9, .purge = true});
  const auto purged = m.index->purge();
  ASSERT_TRUE(purged) << purged.error().what;
  EXPECT_FALSE(any_file_has(m.dir(), "quetzalcoatl"));
  EXPECT_EQ(m.index->progress(), (Progress{.next_offset = 9}));
  EXPECT_THAT(m.seqs("zebrafish17"), ElementsAre(17));
  m.put(302, "after it");
  EXPECT_THAT(m.seqs("after"), ElementsAre(302));
}

TEST(Index, WhatAPurgeLeftBehindWhenItWasKilledIsCleanedUp) {
  Messages m;
  m.put(1, "hello");
  for (const auto* left : {".new", ".old"}) std::filesystem::create_directory(m.dir().string() + left);
  m.open();
  for (const auto* left : {".new", ".old"}) EXPECT_FALSE(std::filesystem::exists(m.dir().string() + left));
  EXPECT_THAT(m.seqs("hello"), ElementsAre(1));
}

TEST(Digest, IsTheSameInWhateverOrderTheIndexWasMade) {
  Messages one;
  one.write({.put = {one.document(1, "first words"), one.document(2, "second words")}, .all_new = true});
  Messages other;
  other.put(2, "words that are replaced");
  other.put(3, "words that go");
  other.put(1, "first words");
  other.put(2, "second words");
  other.write({.removed = {{other.channel, {3}}}});
  const auto a = digest(one.dir());
  const auto b = digest(other.dir());
  ASSERT_TRUE(a && b);
  EXPECT_EQ(a->hex, b->hex);
  EXPECT_EQ(a->documents, 2U);
  other.put(2, "words second");
  EXPECT_NE(digest(other.dir())->hex, a->hex) << "the same words in another order";
}

}  // namespace
}  // namespace parley::search
