#include <gmock/gmock.h>

#include <fstream>

#include "migrate/slack/export.hpp"
#include "migrate/source.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/migrate/recording_sink.hpp"

namespace parley::migrate::slack {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

// Times are seconds after midnight of the first of January 1970.
class SlackExport : public ::testing::Test {
 protected:
  SlackExport() {
    put("users.json",
        R"([{"id":"U1","team_id":"T1","name":"ann","real_name":"Ann","is_primary_owner":true,"profile":{"email":"ann@x.example"}},
            {"id":"U2","name":"bob","profile":{"real_name":"Bob","bot_id":"B2"}},
            {"id":"U3","name":"cy","deleted":true,"profile":{}}])");
    put("channels.json", channel(R"("members":["U1","U2"])"));
  }
  static std::string channel(std::string_view more) {
    return R"([{"id":"C1","name":"general","created":1,"creator":"U1","topic":{"value":"All"},)" + std::string(more) + "}]";
  }
  void put(const std::string& file, std::string_view text) {
    const auto path = dir_.path() / file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  // A day of the channel, of messages without their brackets.
  void day(std::string_view messages, const std::string& name = "general/1970-01-01.json") {
    put(name, "[" + std::string(messages) + "]");
  }
  // What is told of the channel, after its beginning.
  std::vector<std::string> told() {
    run();
    std::vector<std::string> rest;
    bool begun = false;
    for (const auto& line : sink_.told) {
      if (begun && !line.contains("workspace-leave")) rest.push_back(line);
      begun = begun || line.contains(" channel C1");
    }
    return rest;
  }
  void run() {
    auto opened = Export::open(dir_.path());
    ASSERT_TRUE(opened) << opened.error();
    EXPECT_TRUE(opened->run(sink_, "Acme", [](auto) { return true; }));
  }
  parley::testing::TempDir dir_;
  RecordingSink sink_;
};

TEST_F(SlackExport, BeginsWithWhoThereIsAndEndsWithWhoIsGone) {
  run();
  EXPECT_THAT(sink_.told, ElementsAre("00:00:01 user ann@x.example Ann", "00:00:01 user bob Bob", "00:00:01 user cy cy",
                                      "00:00:01 workspace Acme of ann@x.example", "00:00:01 workspace-join bob",
                                      "00:00:01 workspace-join cy",
                                      "00:00:01 channel C1 1 'general' 'All' by ann@x.example: ann@x.example bob",
                                      "00:00:01 all-read C1", "00:00:01 workspace-leave cy"));
  EXPECT_THAT(sink_.left_out, IsEmpty());
}

TEST_F(SlackExport, AThreadIsAnswersToItsFirstMessage) {
  day(R"({"type":"message","user":"U1","text":"one","ts":"10.1","thread_ts":"10.1"},
         {"type":"message","user":"U2","text":"two","ts":"11.1","thread_ts":"10.1"},
         {"type":"message","subtype":"thread_broadcast","user":"U2","text":"three","ts":"12.1","thread_ts":"10.1"})");
  EXPECT_THAT(told(), ElementsAre("00:00:10 post 10.1 ann@x.example: one", "00:00:11 post 11.1 bob: two (to 10.1)",
                                  "00:00:12 post 12.1 bob: three (to 10.1)", "00:00:12 all-read C1"));
}

TEST_F(SlackExport, AnEditComesWhenItWasMade) {
  day(R"({"type":"message","user":"U1","text":"last","ts":"10.1","edited":{"user":"U1","ts":"11.5"}},
         {"type":"message","user":"U2","text":"two","ts":"11.1"},{"type":"message","user":"U2","text":"three","ts":"12.1"})");
  EXPECT_THAT(told(), ElementsAre("00:00:10 post 10.1 ann@x.example: last", "00:00:11 post 11.1 bob: two",
                                  "00:00:11 edit 10.1: last", "00:00:12 post 12.1 bob: three", "00:00:12 all-read C1"));
}

TEST_F(SlackExport, ReactionsComeAtTheEndOfTheirDay) {
  day(R"({"type":"message","user":"U1","text":"one","ts":"10.1","reactions":[{"name":"+1","users":["U2","U1"]},{"name":"own","users":["U2"]}]},
         {"type":"message","user":"U2","text":"two","ts":"11.1"})");
  EXPECT_THAT(told(),
              ElementsAre("00:00:10 post 10.1 ann@x.example: one", "00:00:11 post 11.1 bob: two", "00:00:11 react 10.1 👍 bob",
                          "00:00:11 react 10.1 👍 ann@x.example", "00:00:11 react 10.1 :own: bob", "00:00:11 all-read C1"));
}

TEST_F(SlackExport, WhoCameLaterIsNotThereFromTheBeginningAndWhoWroteOrLeftIs) {
  put("users.json", R"([{"id":"U1","name":"ann","is_owner":true,"profile":{}},{"id":"U2","name":"bob","profile":{}},
                        {"id":"U3","name":"cy","profile":{}},{"id":"U4","name":"dee","profile":{}}])");
  put("channels.json", channel(R"("members":["U1","U2"])"));
  day(R"({"type":"message","user":"U3","text":"x","ts":"10.1"},
         {"type":"message","subtype":"channel_leave","user":"U4","text":"left","ts":"11.1"},
         {"type":"message","subtype":"channel_join","user":"U2","inviter":"U1","text":"came","ts":"12.1"},
         {"type":"message","user":"U2","text":"y","ts":"13.1"})");
  run();
  EXPECT_THAT(sink_.told, Contains("00:00:01 channel C1 1 'general' 'All' by ann: ann cy dee"));
  EXPECT_THAT(sink_.told, Contains("00:00:11 leave dee"));
  EXPECT_THAT(sink_.told, Contains("00:00:12 join bob by ann"));
}

TEST_F(SlackExport, WhoReactsAndIsNotThereYetDoesItAtTheEnd) {
  put("channels.json", channel(R"("members":["U1"])"));
  day(R"({"type":"message","user":"U1","text":"one","ts":"10.1","reactions":[{"name":"+1","users":["U2"]}]})");
  day(R"({"type":"message","subtype":"channel_join","user":"U2","ts":"86410.1"},{"type":"message","user":"U2","text":"two","ts":"86411.1"})",
      "general/1970-01-02.json");
  EXPECT_THAT(told(), ElementsAre("00:00:10 post 10.1 ann@x.example: one", "00:00:10 join bob",
                                  "00:00:11 post 86411.1 bob: two", "00:00:11 react 10.1 👍 bob", "00:00:11 all-read C1"));
}

TEST_F(SlackExport, WhatCanNotBeBroughtOverIsSaid) {
  day(R"({"type":"message","user":"U9","text":"x","ts":"10.1"},{"type":"message","user":"U1","text":"","ts":"11.1"},
         {"type":"message","subtype":"channel_topic","user":"U1","text":"x","ts":"12.1"},{"type":"note","ts":"13.1"},
         {"type":"message","user":"U1","text":"x"},{"type":"message","user":"U1","text":")" +
      std::string(20'000, 'x') + R"(","ts":"14.1"},{"type":"message","user":"U1","text":"fine","ts":"15.1"})");
  EXPECT_THAT(told(), ElementsAre("00:00:15 post 15.1 ann@x.example: fine", "00:00:15 all-read C1"));
  EXPECT_THAT(sink_.left_out,
              ElementsAre("unknown_user general/1970-01-01.json 10.1", "empty_text general/1970-01-01.json 11.1",
                          "subtype_channel_topic general/1970-01-01.json 12.1", "type_note general/1970-01-01.json 13.1",
                          "text_too_long general/1970-01-01.json 14.1"));
  EXPECT_THAT(sink_.flaws, ElementsAre("general/1970-01-01.json, element 5"));
}

TEST_F(SlackExport, MoreKindsOfReactionsThanThereMayBeAreSaid) {
  std::string reactions;
  for (int i = 0; i < 51; ++i)
    reactions += std::string(i > 0 ? "," : "") + R"({"name":"e)" + std::to_string(i) + R"(","users":["U2"]})";
  day(R"({"type":"message","user":"U1","text":"x","ts":"10.1","reactions":[)" + reactions + "]}");
  EXPECT_EQ(told().size(), 1 + 50 + 1);
  EXPECT_THAT(sink_.left_out, ElementsAre("too_many_reactions general/1970-01-01.json 10.1"));
}

TEST_F(SlackExport, ABotIsItsUserOrOneOfItsOwn) {
  day(R"({"type":"message","subtype":"bot_message","bot_id":"B2","text":"x","ts":"10.1"},
         {"type":"message","subtype":"bot_message","bot_id":"B7","username":"deploy","text":"y","ts":"11.1"})");
  EXPECT_THAT(told(), ElementsAre("00:00:10 post 10.1 bob: x", "00:00:11 post 11.1 slack-bot-B7: y", "00:00:11 all-read C1"));
  EXPECT_THAT(sink_.told, Contains("00:00:01 user slack-bot-B7 deploy"));
  EXPECT_THAT(sink_.told, Contains("00:00:01 workspace-join slack-bot-B7"));
}

TEST_F(SlackExport, ABotThatHasNothingButANameIsOneOfItsOwn) {
  day(R"({"type":"message","subtype":"bot_message","bot_id":null,"username":"hook","text":"x","ts":"10.1"},
         {"type":"message","subtype":"bot_message","username":"hook","text":"y","ts":"11.1"},
         {"type":"message","subtype":"bot_message","username":"other","text":"z","ts":"12.1"})");
  const auto hook = "slack-bot-" + std::to_string(hash_of("hook"));
  const auto other = "slack-bot-" + std::to_string(hash_of("other"));
  EXPECT_THAT(told(), ElementsAre("00:00:10 post 10.1 " + hook + ": x", "00:00:11 post 11.1 " + hook + ": y",
                                  "00:00:12 post 12.1 " + other + ": z", "00:00:12 all-read C1"));
  EXPECT_THAT(sink_.told, Contains("00:00:01 user " + hook + " hook"));
}

TEST_F(SlackExport, AFileAndACommentOnItAreAsTheyWereLongAgo) {
  day(R"({"type":"message","subtype":"file_share","user":"U2","text":"","file":{"id":"F9","name":"x.txt"},"ts":"10.1"},
         {"type":"message","subtype":"file_comment","text":"nice","file":{"id":"F9","name":"x.txt"},"comment":{"user":"U1"},"ts":"11.1"})");
  EXPECT_THAT(told(),
              ElementsAre("00:00:10 post 10.1 bob: x.txt", "00:00:11 post 11.1 ann@x.example: nice", "00:00:11 all-read C1"));
}

TEST_F(SlackExport, ATopicIsTranslatedAsTextsAre) {
  put("channels.json", R"([{"id":"C1","name":"general","created":1,"creator":"U1","members":["U1"],
                            "topic":{"value":"R&amp;D <https://x.example|lab> <@U2>"}}])");
  run();
  EXPECT_THAT(sink_.told,
              Contains("00:00:01 channel C1 1 'general' 'R&D lab (https://x.example) <@bob>' by ann@x.example: ann@x.example"));
}

TEST_F(SlackExport, AFolderOfMessagesThatNoListNamesIsSaid) {
  day(R"({"type":"message","user":"U1","text":"lost","ts":"10.1"})", "forgotten/1970-01-01.json");
  put("attachments/readme.txt", "no day");
  run();
  EXPECT_THAT(sink_.left_out, ElementsAre("folder_without_channel forgotten"));
  EXPECT_THAT(sink_.flaws, IsEmpty());
}

TEST_F(SlackExport, AListOfChannelsThatIsMissingIsDamage) {
  std::filesystem::remove(dir_.path() / "channels.json");
  run();
  EXPECT_THAT(sink_.flaws, IsEmpty()) << "there is nothing that it could name";
  day(R"({"type":"message","user":"U1","text":"x","ts":"10.1"})");
  run();
  EXPECT_THAT(sink_.flaws, ElementsAre("channels.json"));
  EXPECT_THAT(sink_.left_out, ElementsAre("folder_without_channel general"));
}

TEST_F(SlackExport, DirectMessagesGroupsAndPrivateChannelsAreWhatTheyAre) {
  put("dms.json", R"([{"id":"D1","created":2,"members":["U1","U2"]},{"id":"D2","created":2,"members":["U1","U9"]}])");
  put("mpims.json", R"([{"id":"G1","name":"mpdm-ann--bob--cy-1","created":2,"creator":"U2","members":["U1","U2","U3"]}])");
  put("groups.json", R"([{"id":"G2","name":"secret","created":2,"creator":"U9","members":["U2"],"is_archived":true},
                         {"id":"G3","name":"lost","created":2,"creator":"U9","members":["U9"]}])");
  day(R"({"type":"message","user":"U2","text":"psst","ts":"10.1"})", "D1/1970-01-01.json");
  day(R"({"type":"message","user":"U1","text":"psst","ts":"10.1"})", "D2/1970-01-01.json");
  day(R"({"type":"message","user":"U3","text":"we","ts":"10.1"})", "mpdm-ann--bob--cy-1/1970-01-01.json");
  run();
  EXPECT_THAT(sink_.told, Contains("00:00:02 channel D1 3 '' '' by ann@x.example: bob"));
  EXPECT_THAT(sink_.told, Contains("00:00:10 post 10.1 bob: psst"));
  EXPECT_THAT(sink_.told, Contains("00:00:02 channel G1 4 '' '' by bob: ann@x.example bob cy"));
  EXPECT_THAT(sink_.told, Contains("00:00:02 channel G2 2 'secret' '' by bob: bob"));
  EXPECT_THAT(sink_.told, Contains("00:00:02 update archived"));
  EXPECT_THAT(sink_.left_out, ElementsAre("unknown_creator secret", "unknown_user lost", "unknown_user D2",
                                          "channel_left_out D2/1970-01-01.json 10.1"));
}

TEST_F(SlackExport, ADayThatIsCutOffIsBroughtOverUpToThere) {
  put("general/1970-01-01.json", R"([{"type":"message","user":"U1","text":"one","ts":"10.1"},{"type":"mess)");
  day(R"({"type":"message","user":"U1","text":"two","ts":"86410.1"})", "general/1970-01-02.json");
  EXPECT_THAT(told(), ElementsAre("00:00:10 post 10.1 ann@x.example: one", "00:00:10 post 86410.1 ann@x.example: two",
                                  "00:00:10 all-read C1"));
  EXPECT_THAT(sink_.flaws, ElementsAre("general/1970-01-01.json"));
}

TEST_F(SlackExport, ANameNeverLeadsOutOfTheFolder) {
  put("channels.json", R"([{"id":"C1","name":"../general","created":1,"creator":"U1","members":["U1"]}])");
  run();
  EXPECT_THAT(sink_.told, Not(Contains(::testing::HasSubstr("channel C1"))));
  EXPECT_THAT(sink_.left_out, ElementsAre("wrong_entry channels.json, element 1"));
}

TEST_F(SlackExport, TwoUsersOfOneAddressAreTwo) {
  put("users.json",
      R"([{"id":"U1","name":"ann","profile":{"email":"x@x.example"}},{"id":"U2","name":"ann","profile":{"email":"x@x.example"}},
                        {"id":"U3","name":"ann","profile":{"email":"x@x.example"}}])");
  run();
  EXPECT_THAT(sink_.told, Contains("00:00:01 user x@x.example ann"));
  EXPECT_THAT(sink_.told, Contains("00:00:01 user ann ann"));
  EXPECT_THAT(sink_.told, Contains("00:00:01 user U3 ann"));
}

TEST_F(SlackExport, WhatIsNoneIsRefused) {
  EXPECT_FALSE(Export::open(dir_.path() / "none"));
  std::filesystem::create_directory(dir_.path() / "empty");
  EXPECT_FALSE(Export::open(dir_.path() / "empty"));
  put("users.json", "[]");
  EXPECT_FALSE(Export::open(dir_.path()));
}

}  // namespace
}  // namespace parley::migrate::slack
