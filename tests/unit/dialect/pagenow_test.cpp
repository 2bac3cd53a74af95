#include <gmock/gmock.h>

#include <set>

#include "core/ids.hpp"
#include "dialect/pagenow/conversation.hpp"
#include "dialect/pagenow/message.hpp"
#include "dialect/pagenow/refusal.hpp"

namespace parley::dialect::pagenow {
namespace {

const std::string kChannel = core::direct_id({"anna"}, {"ben"}).text();

Json message(std::uint64_t seq, const std::string& channel = kChannel) { return {{"channel_id", channel}, {"seq", seq}}; }

TEST(MessageIds, AreTheSameForTheSameMessageAndDifferForEachOther) {
  EXPECT_EQ(message_id(message(7)), message_id(message(7)));
  std::set<std::string> seen{kChannel};
  for (const std::uint64_t seq : {1ULL, 2ULL, 255ULL, 256ULL, 65'536ULL, (1ULL << 40) + 1})
    EXPECT_TRUE(seen.insert(message_id(message(seq))).second) << seq;
  EXPECT_TRUE(seen.insert(message_id(message(1, core::direct_id({"anna"}, {"cleo"}).text()))).second);
}

TEST(MessageIds, AreUuidsAsTheirChannelsAre) {
  const auto id = message_id(message(281'474'976'710'655));
  ASSERT_TRUE(core::Uuid::parse(id));
  EXPECT_EQ(id.substr(0, 24), kChannel.substr(0, 24));
}

TEST(Titles, AreKeptWholeBesideANameThatIsCut) {
  std::string title;
  for (int i = 0; i < 300; ++i) title += "ä";
  const Json channel = {{"kind", "group"}, {"name", name_for(title)}, {"metadata", metadata_with(title)}};
  EXPECT_EQ(core::count_characters(text_in(channel, "name")), 200U);
  EXPECT_TRUE(core::is_utf8(text_in(channel, "name")));
  EXPECT_EQ(title_of(channel), title);
}

TEST(Titles, OfARenamedConversationAreItsNewName) {
  Json channel = {{"kind", "group"}, {"name", "Renamed"}, {"metadata", metadata_with("Short")}};
  EXPECT_EQ(title_of(channel), "Renamed");
  channel["name"] = "Short";
  EXPECT_EQ(title_of(channel), "Short");
  channel.erase("name");
  channel["metadata"] = metadata_with("\n\t");
  EXPECT_EQ(title_of(channel), "\n\t") << "which no name can be made of";
}

TEST(Titles, LeaveOutOfTheNameWhatANameMayNotHave) {
  EXPECT_EQ(name_for("two\nlines\x7F and \xC2\x85more"), "twolines and more");
  EXPECT_EQ(name_for("\n\t"), "");
  EXPECT_EQ(name_for("🎉 party"), "🎉 party");
}

TEST(Titles, OfANativeChannelAreItsNameAndOfADirectOneNothing) {
  EXPECT_EQ(title_of({{"kind", "public"}, {"name", "general"}, {"metadata", Json::object()}}), "general");
  EXPECT_EQ(title_of({{"kind", "group"}, {"name", "x"}, {"metadata", {{"pagenow", 7}}}}), "x");
  EXPECT_EQ(title_of({{"kind", "direct"}, {"name", "x"}}), "");
}

TEST(Refusals, AreOneOfPageNowsTexts) {
  const auto of = [](unsigned status) { return refusal_of({.status = status}, "content"); };
  for (const unsigned status : {403U, 404U}) EXPECT_EQ(of(status).body, "Unauthorized access error");
  for (const unsigned status : {400U, 409U, 422U}) EXPECT_EQ(of(status).body, "Invalid parameter 'content'");
  for (const unsigned status : {202U, 500U, 503U}) {
    EXPECT_EQ(of(status).status, 500U);
    EXPECT_EQ(of(status).body, "Internal server error");
  }
}

TEST(Refusals, TellWhatIsNoTokenFromOneThatDoesNotHold) {
  EXPECT_THAT(unauthenticated(auth::describe(auth::TokenError::Malformed)).body, ::testing::StartsWith("JWT decode error: "));
  for (const auto error : {auth::TokenError::Expired, auth::TokenError::BadSignature, auth::TokenError::BadUser})
    EXPECT_EQ(unauthenticated(auth::describe(error)).body, "Authentication error");
}

}  // namespace
}  // namespace parley::dialect::pagenow
