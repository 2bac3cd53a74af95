#include <gmock/gmock.h>

#include "codec/command_codec.hpp"
#include "tests/unit/migrate/moving.hpp"

namespace parley::migrate {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<Entry> talk() {
  auto entries = workspace_of({"ann", "bob"});
  append(entries, {channel("c", "ann", {{"bob"}}), post(3000, "m1", "ann"), post(4000, "m2", "bob", "m1"),
                   at(5000, Edit{"c", "m1", {"ann"}, "better"}, "e"), at(6000, Reaction{"c", "m1", {"bob"}, "👍"}),
                   at(7000, Pin{"c", "m2", {"ann"}}), at(8000, AllRead{"c"})});
  return entries;
}

TEST(Mover, OriginalTimesAndAuthorsAreKept) {
  Moving moving;
  ASSERT_TRUE(moving.run(talk())) << moving.failure;
  ASSERT_EQ(moving.messages.size(), 2);
  const auto& first = moving.messages[0];
  EXPECT_EQ(first.author.text, "ann");
  EXPECT_EQ(first.posted_at, core::TimeMs{3000});
  EXPECT_EQ(first.edited_at, core::TimeMs{5000});
  EXPECT_EQ(first.text, "better");
  EXPECT_EQ(first.reply_count, 1);
  ASSERT_EQ(first.reactions.size(), 1);
  EXPECT_EQ(moving.messages[1].reply_to, core::Seq{1});
  EXPECT_TRUE(moving.messages[1].pinned);
  EXPECT_EQ(moving.channels.at("c").created_at, core::TimeMs{2000});
  EXPECT_EQ(moving.report.brought_of("messages"), 2);
  EXPECT_EQ(moving.report.left_out_of("not_found"), 0);
}

TEST(Mover, ASecondRunAppendsNothing) {
  Moving moving;
  ASSERT_TRUE(moving.run(talk()));
  const auto records = moving.records();
  ASSERT_TRUE(moving.run(talk()));
  EXPECT_EQ(moving.records(), records);
  EXPECT_EQ(moving.report.brought_of("messages"), 0);
  EXPECT_EQ(moving.report.there_of("messages"), 2);
}

TEST(Mover, WhatIsFoldedAgainFromEarlierRunsIsNoNews) {
  Moving moving;
  auto entries = talk();
  ASSERT_TRUE(moving.run(entries));
  moving.forget_state();
  append(entries, {post(9000, "m3", "bob")});
  ASSERT_TRUE(moving.run(entries)) << moving.failure;
  EXPECT_EQ(moving.report.brought_of("messages"), 1);
  EXPECT_EQ(moving.messages.size(), 3);
}

TEST(Mover, WhatWasBrokenOffAnywhereGoesOnWhereItWas) {
  const auto whole = talk();
  Moving at_once;
  ASSERT_TRUE(at_once.run(whole));
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    Moving moving;
    ASSERT_TRUE(moving.run({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(cut)}));
    ASSERT_TRUE(moving.run(whole));
    EXPECT_EQ(moving.records(), at_once.records()) << cut;
    ASSERT_EQ(moving.messages.size(), 2);
    EXPECT_EQ(moving.messages[1].reply_to, core::Seq{1}) << "a message of an earlier run is found by its record";
    EXPECT_EQ(moving.messages[0].text, "better");
  }
}

TEST(Mover, WhatHasComeSinceIsAddedAndMaySpeakOfWhatWasThere) {
  Moving moving;
  ASSERT_TRUE(moving.run(talk()));
  auto more = talk();
  append(more, {post(9000, "m3", "bob", "m2"), at(9500, Reaction{"c", "m2", {"ann"}, "🎉"})});
  ASSERT_TRUE(moving.run(more));
  ASSERT_EQ(moving.messages.size(), 3);
  EXPECT_EQ(moving.messages[2].reply_to, core::Seq{2});
  EXPECT_EQ(moving.messages[1].reactions.size(), 1);
  EXPECT_EQ(moving.report.brought_of("messages"), 1);
}

TEST(Mover, AnAnswerNamesItsParentThoughHundredsAreOnTheirWay) {
  for (const bool alone : {true, false}) {
    Moving moving(alone);
    auto entries = workspace_of({"ann"});
    append(entries, {channel("c", "ann", {})});
    for (int i = 0; i < 500; ++i)
      entries.push_back(post(3000 + i, "m" + std::to_string(i), "ann", i % 3 == 2 ? "m" + std::to_string(i - 2) : ""));
    ASSERT_TRUE(moving.run(entries)) << moving.failure;
    ASSERT_EQ(moving.messages.size(), 500);
    for (std::uint64_t i = 2; i < 500; i += 3) EXPECT_EQ(moving.messages[i].reply_to, core::Seq{i - 1});
  }
}

TEST(Mover, WhatTheRulesRefuseIsToldAndIsNotInTheLog) {
  Moving moving;
  ASSERT_TRUE(moving.run(talk()));
  const auto records = moving.records();
  ASSERT_TRUE(moving.run({post(9000, "m9", "eve"), at(9000, Join{"c", {"eve"}, {"eve"}, {}}),
                          at(9000, Reaction{"c", "m1", {"eve"}, "x"}), at(9000, Reaction{"c", "m7", {"ann"}, "x"}),
                          at(9000, Post{.channel = "d", .id = "m", .by = {"ann"}, .text = "x"}),
                          at(9000, Post{.channel = "c", .id = "m", .by = {"ann"}}), at(9000, NewWorkspace{"v", {"ann"}, ""})}));
  EXPECT_EQ(moving.records(), records);
  EXPECT_EQ(moving.report.left_out_of("not_found"), 2);
  EXPECT_EQ(moving.report.left_out_of("not_in_channel"), 1);
  EXPECT_EQ(moving.report.left_out_of("unknown_message"), 1);
  EXPECT_EQ(moving.report.left_out_of("unknown_channel"), 1);
  EXPECT_EQ(moving.report.left_out_of("wrong_text"), 1);
  EXPECT_EQ(moving.report.left_out_of("wrong_name"), 1);
}

// As lines of jsonl are: what happens at the same time about the same thing has the same mark.
Entry line(std::int64_t ms, decltype(Entry::what) what) {
  auto entry = at(ms, std::move(what), std::to_string(ms));
  entry.keep_refused = true;
  return entry;
}
Entry renaming(std::int64_t ms, std::optional<std::string> name, std::optional<std::string> topic) {
  return line(ms, Update{.channel = "c", .by = {"ann"}, .name = std::move(name), .topic = std::move(topic)});
}

TEST(Mover, WhatHappensAtTheSameTimeToTheSameThingIsAllBrought) {
  Moving moving;
  auto entries = talk();
  append(entries,
         {post(8500, "m3", "ann"), line(9000, Edit{"c", "m1", {"ann"}, "first"}), line(9000, Edit{"c", "m1", {"ann"}, "final"}),
          renaming(9000, "renamed", {}), renaming(9000, {}, "new topic"), line(9000, Reaction{"c", "m1", {"bob"}, "x"}),
          line(9000, Reaction{"c", "m1", {"bob"}, "x", false}), line(9000, Reaction{"c", "m1", {"bob"}, "x"}),
          line(9000, Retract{"c", "m3", {"bob"}}), line(9000, Retract{"c", "m3", {"ann"}})});
  ASSERT_TRUE(moving.run(entries)) << moving.failure;
  EXPECT_EQ(moving.messages[0].text, "final");
  EXPECT_EQ(moving.messages[0].reactions.size(), 2) << "the one from before, and what was off and is on again";
  EXPECT_TRUE(moving.messages[2].retracted) << "what another one may not take back does not hide who may";
  ASSERT_TRUE(moving.channels.contains("renamed"));
  EXPECT_EQ(moving.channels.at("renamed").topic, "new topic");
  EXPECT_EQ(moving.report.text().find("there already"), std::string::npos) << moving.report.text();
  const auto records = moving.records();
  ASSERT_TRUE(moving.run(entries));
  EXPECT_EQ(moving.records(), records);
  EXPECT_EQ(moving.messages[0].text, "final");
}

TEST(Mover, TheFirstAtATimeHasTheKeyThatItHadBeforeThereWereMore) {
  Moving moving;
  auto entries = talk();
  append(entries, {line(9000, Edit{"c", "m1", {"ann"}, "first"})});
  ASSERT_TRUE(moving.run(entries));
  append(entries, {line(9000, Edit{"c", "m1", {"ann"}, "final"})});
  ASSERT_TRUE(moving.run(entries));
  EXPECT_EQ(moving.report.brought_of("edits"), 1);
  EXPECT_EQ(moving.messages[0].text, "final");
}

TEST(Mover, WhatIsSaidTwiceInOneRunIsDoubled) {
  Moving moving;
  auto entries = talk();
  append(entries, {line(9000, Edit{"c", "m1", {"ann"}, "final"}), line(9000, Edit{"c", "m1", {"ann"}, "final"}),
                   post(9000, "m1", "ann"), line(9000, Pin{"c", "m1", {"ann"}}), line(9000, Pin{"c", "m1", {"ann"}})});
  for (const auto* run : {"the first", "the second"}) {
    ASSERT_TRUE(moving.run(entries)) << run;
    EXPECT_EQ(moving.report.left_out_of("doubled"), 3) << run;
  }
  EXPECT_EQ(moving.report.brought_of("edits") + moving.report.brought_of("pins"), 0);
  EXPECT_EQ(moving.messages.size(), 2);
}

TEST(Mover, WhoComesAndGoesAndComesInOneMomentIsThere) {
  Moving moving;
  auto entries = talk();
  append(entries, {line(9000, Leave{"c", {"bob"}, {"bob"}}), line(9000, Join{"c", {"bob"}, {"bob"}, {}}),
                   line(9000, Leave{"c", {"bob"}, {"bob"}}), line(9000, Join{"c", {"bob"}, {"bob"}, {}})});
  ASSERT_TRUE(moving.run(entries));
  EXPECT_THAT(moving.members.at("c"), ElementsAre("ann", "bob"));
  EXPECT_EQ(moving.report.brought_of("joins"), 2);
  EXPECT_EQ(moving.report.brought_of("leaves"), 2);
}

TEST(Mover, WhatWasRefusedIsRefusedForEver) {
  Moving moving;
  auto entries = talk();
  append(entries, {line(9000, Post{.channel = "c", .id = "m3", .by = {"eve"}, .text = "let me in"}),
                   line(9001, Edit{"c", "m1", {"eve"}, "x"}), line(9002, Join{"c", {"bob"}, {"bob"}, {}}),
                   line(9003, Leave{"c", {"bob"}, {"bob"}}),
                   line(9004, NewChannel{.id = "d", .by = {"eve"}, .workspace = "w", .name = "eve's"}),
                   line(9005, Post{.channel = "d", .id = "m1", .by = {"eve"}, .text = "nowhere"}),
                   line(9006, Post{.channel = "c", .id = "m4", .by = {"ann"}, .text = "an answer", .reply_to = "m3"}),
                   line(9007, WorkspaceJoin{"w", {"ann"}, {"eve"}, {}}), line(9008, Join{"c", {"eve"}, {"eve"}, {}})});
  ASSERT_TRUE(moving.run(entries)) << moving.failure;
  EXPECT_GE(moving.report.left_out_of("not_found") + moving.report.left_out_of("forbidden"), 3);
  EXPECT_EQ(moving.report.left_out_of("unknown_channel"), 1);
  EXPECT_EQ(moving.report.left_out_of("reply_without_parent"), 1);
  EXPECT_EQ(moving.messages.size(), 3);
  const auto records = moving.records();
  for (const auto* run : {"the second", "the third"}) {
    ASSERT_TRUE(moving.run(entries)) << run << moving.failure;
    EXPECT_EQ(moving.records(), records) << run;
    EXPECT_EQ(moving.messages.size(), 3) << run;
    EXPECT_FALSE(moving.channels.contains("eve's")) << run;
    EXPECT_EQ(moving.report.left_out_of("unknown_channel"), 1) << run;
    EXPECT_THAT(moving.members.at("c"), ElementsAre("ann", "eve")) << run;
  }
}

TEST(Mover, AnAnswerToNothingStandsByItself) {
  Moving moving;
  auto entries = talk();
  append(entries, {post(9000, "m3", "ann", "gone")});
  ASSERT_TRUE(moving.run(entries));
  ASSERT_EQ(moving.messages.size(), 3);
  EXPECT_EQ(moving.messages[2].reply_to, core::Seq{});
  EXPECT_EQ(moving.report.left_out_of("reply_without_parent"), 1);
}

TEST(Mover, ATimeThatHasNotComeIsLeftOut) {
  Moving moving;
  auto entries = talk();
  append(entries, {post(Moving::kNow.value + 1, "m3", "ann"), post(-1, "m4", "ann")});
  ASSERT_TRUE(moving.run(entries));
  EXPECT_EQ(moving.messages.size(), 2);
  EXPECT_EQ(moving.report.left_out_of("wrong_time"), 2);
}

TEST(Mover, AGuessedTimeThatHasNotComeIsThatOfWhatWasLast) {
  Moving moving;
  auto entries = talk();
  auto reaction = at(Moving::kNow.value + 1, Reaction{"c", "m2", {"ann"}, "x"});
  reaction.about_then = true;
  append(entries, {post(9000, "m3", "ann"), post(Moving::kNow.value + 1, "m4", "ann"), reaction, post(9500, "m5", "ann")});
  ASSERT_TRUE(moving.run(entries));
  ASSERT_EQ(moving.messages.size(), 4);
  EXPECT_EQ(moving.messages[1].reactions.size(), 1);
  EXPECT_EQ(moving.messages[3].posted_at, core::TimeMs{9500});
  EXPECT_EQ(moving.report.left_out_of("wrong_time"), 1);
}

TEST(Mover, AWriterWhoIsNotThereIsBroughtInWhereItIsWished) {
  Moving moving;
  auto entries = workspace_of({"ann", "bob", "cy"});
  append(entries, {channel("c", "ann", {}, core::ChannelKind::Private),
                   at(3000, Post{.channel = "c", .id = "m1", .by = {"bob"}, .text = "x", .bring_in = true}),
                   at(4000, Leave{"c", {"bob"}, {"bob"}}, "1")});
  ASSERT_TRUE(moving.run(entries));
  EXPECT_THAT(moving.members.at("c"), ElementsAre("ann"));
  EXPECT_EQ(moving.messages.size(), 1);
  ASSERT_TRUE(moving.run(entries));
  EXPECT_THAT(moving.members.at("c"), ElementsAre("ann")) << "who has left is not brought in again";
}

TEST(Mover, AChannelHasMoreMembersThanItsCreationMayName) {
  Moving moving;
  auto entries = workspace_of({"ann"});
  std::vector<core::UserId> users;
  for (int i = 0; i < 1'100; ++i) users.push_back({"u" + std::to_string(i)});
  for (const auto& user : users) entries.push_back(at(1000, WorkspaceJoin{"w", {"ann"}, user, {}}));
  entries.push_back(channel("c", "ann", users));
  ASSERT_TRUE(moving.run(entries));
  EXPECT_EQ(moving.members.at("c").size(), 1'101);
  const auto records = moving.records();
  ASSERT_TRUE(moving.run(entries));
  EXPECT_EQ(moving.records(), records);
}

TEST(Mover, WordsOfOneWhoWasErasedAreNotBroughtAgain) {
  Moving moving;
  moving.keys().make({"bob"}, [](keys::Told) {});
  moving.keys().destroy({"bob"}, [](keys::Told) {});
  const auto below = moving.keys().table().destroyed_below({"bob"});
  moving.keys().finish({"bob"}, below, [](keys::Told) {});
  ASSERT_TRUE(moving.run(talk()));
  EXPECT_EQ(moving.messages.size(), 1);
  EXPECT_EQ(moving.report.left_out_of("author_erased"), 1);
}

TEST(Mover, SomebodyElseWhoWritesIsNoticed) {
  Moving moving;
  ASSERT_TRUE(moving.run(talk()));
  core::Command foreign;
  foreign.user = {"ann"};
  foreign.payload = core::PostMessage{.channel = moving.channels.at("c").id, .text = "meanwhile"};
  foreign.stream = core::stream_of(moving.channels.at("c").id);
  foreign.received_at = {9000};
  foreign.id = core::command_id(foreign.stream.slot(), foreign.received_at, 1);
  // It comes into the log between a run's look at the state and its first command: here, at once with the second run's.
  struct Intruding final : eventlog::EventLog {
    Intruding(eventlog::EventLog& log, eventlog::NewRecord record) : log_(log), record_(std::move(record)) {}
    [[nodiscard]] std::uint32_t partitions() const override { return log_.partitions(); }
    void append(std::vector<eventlog::AppendRequest> requests) override {
      if (record_) requests.insert(requests.begin(), {std::move(*record_), [](auto) {}});
      record_.reset();
      log_.append(std::move(requests));
    }
    std::unique_ptr<eventlog::Consumer> consumer() override { return log_.consumer(); }
    std::expected<eventlog::Offset, eventlog::ReadError> end(eventlog::Partition p) override { return log_.end(p); }
    [[nodiscard]] bool keeps_events() const override { return false; }
    [[nodiscard]] bool healthy() const override { return true; }
    void report_progress(eventlog::Partition, eventlog::Offset) override {}
    void close(std::chrono::milliseconds) override {}
    eventlog::EventLog& log_;
    std::optional<eventlog::NewRecord> record_;
  };
  eventlog::NewRecord record{.partition = core::partition_of(foreign.stream.slot(), 2),
                             .key = std::string(foreign.stream.bytes()),
                             .value = codec::encode(foreign),
                             .event = {.type = std::string(codec::event_type(foreign))}};
  moving.intrude(std::make_unique<Intruding>(moving.log(), std::move(record)));
  EXPECT_FALSE(moving.run({post(9500, "m3", "ann")}));
  EXPECT_THAT(moving.failure, ::testing::HasSubstr("somebody else"));
}

}  // namespace
}  // namespace parley::migrate
