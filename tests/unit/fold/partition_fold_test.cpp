#include "fold/partition_fold.hpp"

#include <gmock/gmock.h>

#include "codec/rows.hpp"
#include "tests/unit/fold/noting_projection.hpp"
#include "tests/unit/fold/partition.hpp"
#include "tests/unit/fold/records.hpp"
#include "tests/unit/fold/sender.hpp"

namespace parley::fold {
namespace {

using core::Code;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

const core::UserId alice{"alice"};
const core::UserId bob{"bob"};

class FoldTest : public ::testing::Test {
 protected:
  core::Command command(const core::UserId& user, core::Payload payload, std::string key = "") {
    return sender.command(user, std::move(payload), std::move(key));
  }
  core::Command post(std::string text, std::string key = "", core::Seq reply_to = {}) {
    return command(alice, core::PostMessage{.channel = group, .text = std::move(text), .reply_to = reply_to}, std::move(key));
  }
  void add(const core::Command& made) { records.add(made); }
  void add_group() {
    add(command(alice, core::CreateChannel{.channel = group, .kind = core::ChannelKind::Group, .members = {bob}}));
  }
  // Folds what was added since the last time, as one batch.
  std::vector<Step> fold() { return partition.fold(records.slice(partition->next(), records.size())); }
  Step fold_one(const core::Command& made) {
    add(made);
    return std::move(fold().back());
  }

  std::size_t rows(Table table) {
    std::size_t count = 0;
    EXPECT_TRUE(partition.store().snapshot()->scan(id(table), {}, {}, [&](auto, auto) { return ++count > 0; }));
    return count;
  }
  core::Message message(std::uint64_t seq) {
    const auto row = partition.store().get(id(Table::Messages), message_key(group, {seq}));
    EXPECT_TRUE(row && *row) << "no message " << seq;
    return codec::decode_message(group, {seq}, **row).value();
  }

  core::ChannelId group = core::group_id(alice, "g");
  Sender sender;
  core::TimeMs& now = sender.now;
  Records records;
  NotingProjection projection;
  Partition partition{kControl, &projection};
};

// --- messages that are not in the store yet
TEST_F(FoldTest, AMessageIsEditedInTheBatchThatPostsIt) {
  add_group();
  add(post("frist"));
  add(command(alice, core::EditMessage{.channel = group, .seq = {1}, .text = "first"}));
  add(command(alice, core::EditMessage{.channel = group, .seq = {1}, .text = "First"}));
  EXPECT_EQ(fold().back().decision.outcome.version, core::Version{4});
  EXPECT_EQ(message(1).text, "First");
  EXPECT_EQ(message(1).version, core::Version{4});
}

TEST_F(FoldTest, AMessageIsRetractedInTheBatchThatPostsAndEditsIt) {
  add_group();
  add(post("one"));
  add(command(alice, core::EditMessage{.channel = group, .seq = {1}, .text = "two"}));
  add(command(alice, core::RetractMessage{group, {1}}));
  add(command(alice, core::EditMessage{.channel = group, .seq = {1}, .text = "three"}));
  EXPECT_EQ(fold().back().decision.outcome.code, Code::Conflict);
  EXPECT_TRUE(message(1).retracted);
  EXPECT_EQ(message(1).text, "");
}

TEST_F(FoldTest, AnswersInOneBatchAreAllCounted) {
  add_group();
  add(post("a question"));
  for (const auto* answer : {"one", "two", "three"}) add(post(answer, "", {1}));
  fold();
  EXPECT_EQ(message(1).reply_count, 3U);
  fold_one(post("four", "", {1}));
  EXPECT_EQ(message(1).reply_count, 4U);
}

TEST_F(FoldTest, TheMessagesOfADeletedChannelAreGoneAndNothingBringsThemBack) {
  add_group();
  add(post("one"));
  fold();
  add(post("two"));
  add(command(alice, core::DeleteChannel{group}));
  add(post("three"));
  add(command(alice, core::EditMessage{.channel = group, .seq = {1}, .text = "four"}));
  const auto steps = fold();
  EXPECT_EQ(steps[2].decision.outcome.code, Code::NotFound);
  EXPECT_EQ(steps[3].decision.outcome.code, Code::NotFound);
  EXPECT_EQ(rows(Table::Messages), 0U);
  EXPECT_EQ(rows(Table::ChannelMembers), 0U);
  EXPECT_EQ(rows(Table::Channels), 1U) << "its id stays known";
}

TEST_F(FoldTest, WhoLeavesAndComesBackHasHiddenNothingInOneBatchOrInSeveral) {
  const auto hide = [&] { return command(bob, core::HideMessage{group, {1}}); };
  for (const bool at_once : {true, false}) {
    const auto next = [&] { return at_once ? Step{} : std::move(fold().back()); };
    group = core::group_id(alice, at_once ? "at once" : "one by one");
    add_group();
    add(post("one"));
    add(hide());
    fold();
    EXPECT_EQ(rows(Table::Hidden), 1U);
    add(command(bob, core::RemoveChannelMember{group, bob}));
    next();
    add(command(alice, core::SetChannelMember{group, bob}));
    next();
    add(hide());
    add(hide());
    const auto steps = fold();
    EXPECT_THAT(steps[steps.size() - 2].decision.changes, SizeIs(1)) << "it was not hidden any more";
    EXPECT_THAT(steps.back().decision.changes, SizeIs(0));
    EXPECT_EQ(rows(Table::Hidden), 1U);
    add(command(bob, core::RemoveChannelMember{group, bob}));
    fold();
    EXPECT_EQ(rows(Table::Hidden), 0U);
  }
}

// --- names
TEST_F(FoldTest, ANameIsSomebodysWithinItsBatchAfterARestartAndAfterAKill) {
  const core::SiteName name{"channels", "general"};
  add(command(alice, core::ReserveName{name}));
  add(command(bob, core::ReserveName{name}));
  EXPECT_EQ(fold().back().decision.outcome.code, Code::Conflict);
  partition.restart();
  EXPECT_EQ(fold_one(command(bob, core::ReserveName{name})).decision.outcome.code, Code::Conflict);
  add(command(alice, core::ReleaseName{name}));
  add(command(bob, core::ReserveName{name}));
  EXPECT_EQ(fold().back().decision.outcome.version, core::Version{2});
  partition.flush();
  partition.kill();
  EXPECT_EQ(fold_one(command(alice, core::ReleaseName{name})).decision.outcome.code, Code::Forbidden);
  EXPECT_EQ(rows(Table::Names), 1U);
}

// --- accounts
TEST_F(FoldTest, AnAccountIsThereWithinItsBatchAfterARestartAndGoneWithItsUser) {
  const core::CreateAccount create{"Alice", "NORMAL", "$argon2id$x"};
  add(command(alice, create));
  add(command(alice, create));
  EXPECT_EQ(fold().back().decision.outcome.code, Code::Conflict);
  EXPECT_EQ(rows(Table::Accounts), 1U);
  partition.restart();
  EXPECT_EQ(fold_one(command(alice, create)).decision.outcome.code, Code::Conflict);
  add(command(bob, core::EraseUser{alice, 7, 0}));
  add(command(alice, create));
  add(command(alice, create));
  const auto steps = fold();
  EXPECT_EQ(steps[1].decision.outcome.status, core::Status::Accepted);
  EXPECT_EQ(steps[2].decision.outcome.code, Code::Conflict);
  EXPECT_EQ(rows(Table::Accounts), 1U);
}

// --- keys
TEST_F(FoldTest, AKeyIsKnownWithinItsBatch) {
  add_group();
  add(post("once", "k"));
  add(post("once", "k"));
  add(post("other", "k"));
  const auto steps = fold();
  EXPECT_FALSE(steps[1].decision.duplicate);
  EXPECT_TRUE(steps[2].decision.duplicate);
  EXPECT_EQ(steps[2].decision.outcome, steps[1].decision.outcome);
  EXPECT_EQ(steps[3].decision.outcome.code, Code::KeyReused);
  EXPECT_EQ(rows(Table::Messages), 1U);
  EXPECT_EQ(rows(Table::Keys), 1U);
}

TEST_F(FoldTest, AKeyIsKnownThoughAnEditInBetweenPutHalfTheBatchIntoTheStore) {
  add_group();
  add(post("once", "k"));
  add(command(alice, core::EditMessage{.channel = group, .seq = {1}, .text = "edited"}, "e"));
  add(post("once", "k"));
  add(command(alice, core::EditMessage{.channel = group, .seq = {1}, .text = "edited"}, "e"));
  const auto steps = fold();
  EXPECT_TRUE(steps[3].decision.duplicate);
  EXPECT_TRUE(steps[4].decision.duplicate);
  EXPECT_EQ(message(1).version, core::Version{3});
}

TEST_F(FoldTest, AKeyIsKnownAfterARestartAndAfterAKill) {
  add_group();
  add(post("once", "k"));
  fold();
  partition.restart();
  EXPECT_TRUE(fold_one(post("once", "k")).decision.duplicate);
  partition.flush();
  partition.kill();
  EXPECT_TRUE(fold_one(post("once", "k")).decision.duplicate);
  partition.kill();
  EXPECT_TRUE(fold().back().decision.duplicate) << "what was lost is folded again, to the same end";
}

TEST_F(FoldTest, ARejectionIsRememberedUnderItsKey) {
  add(post("too early", "k"));
  add_group();
  add(post("too early", "k"));
  const auto steps = fold();
  EXPECT_EQ(steps[2].decision.outcome.code, Code::NotFound);
  EXPECT_TRUE(steps[2].decision.duplicate);
}

TEST_F(FoldTest, AKeyOfAWorkspacesChannelsCountsInTheWholeWorkspace) {
  const auto workspace = core::workspace_id(alice, "w");
  const auto one = core::channel_id(workspace, alice, "1");
  const auto two = core::channel_id(workspace, alice, "2");
  add(command(alice, core::CreateWorkspace{workspace, "W"}));
  add(command(alice, core::CreateChannel{one, core::ChannelKind::Public, workspace, "one"}));
  add(command(alice, core::CreateChannel{two, core::ChannelKind::Public, workspace, "two"}));
  add(command(alice, core::PostMessage{.channel = one, .text = "hello"}, "k"));
  add(command(alice, core::PostMessage{.channel = two, .text = "hello"}, "k"));
  const auto steps = fold();
  EXPECT_EQ(steps[3].decision.outcome.code, Code::Ok);
  EXPECT_EQ(steps[4].decision.outcome.code, Code::KeyReused);
}

TEST_F(FoldTest, KeysOfTwoUsersAndStreamsAreApart) {
  add_group();
  const auto other = core::group_id(bob, "g");
  add(command(bob, core::CreateChannel{.channel = other, .kind = core::ChannelKind::Group, .members = {alice}}));
  add(post("hello", "k"));
  add(command(bob, core::PostMessage{.channel = group, .text = "hello"}, "k"));
  add(command(alice, core::PostMessage{.channel = other, .text = "hello"}, "k"));
  for (const auto& step : fold()) EXPECT_EQ(step.decision.outcome.code, Code::Ok);
  EXPECT_EQ(rows(Table::Keys), 3U);
}

TEST_F(FoldTest, AKeyIsForgottenExactlyWhenItsWindowIsOver) {
  add_group();
  const auto first = post("once", "k");
  fold_one(first);
  now.value = first.received_at.value + kControl.dedup_window_ms - 1'000 - 1;
  EXPECT_TRUE(fold_one(post("once", "k")).decision.duplicate);
  now.value = first.received_at.value + kControl.dedup_window_ms - 1'000;
  EXPECT_FALSE(fold_one(post("once", "k")).decision.duplicate);
  EXPECT_TRUE(fold_one(post("once", "k")).decision.duplicate) << "the second use counts from now on";
}

TEST_F(FoldTest, AKeyThatIsForgottenIsSoAfterARestartToo) {
  add_group();
  fold_one(post("once", "k"));
  now.value += kControl.dedup_window_ms;
  partition.restart();
  EXPECT_FALSE(fold_one(post("once", "k")).decision.duplicate);
}

TEST_F(FoldTest, KeysAreDroppedABucketAtATimeOnceTheyAreForgotten) {
  add_group();
  for (int hour = 0; hour < 10; ++hour) {
    fold_one(post("early", "early in " + std::to_string(hour)));
    now.value += kControl.dedup_window_ms / 2;
    fold_one(post("late", "late in " + std::to_string(hour)));
    EXPECT_LE(rows(Table::Keys), 4U) << "this bucket's and the one before";
    now.value += kControl.dedup_window_ms / 2 - 2'000;
  }
}

TEST_F(FoldTest, AClockThatGoesBackBringsNoKeyBack) {
  add_group();
  fold_one(post("once", "k"));
  const auto then = now;
  now.value += 2 * kControl.dedup_window_ms;
  fold_one(post("much later"));
  now = then;
  EXPECT_FALSE(fold_one(post("once", "k")).decision.duplicate) << "the log's time is what counts, and it never goes back";
  EXPECT_TRUE(fold_one(post("once", "k")).decision.duplicate);
}

// --- records that are no commands
TEST_F(FoldTest, WhatCanNotBeDecodedIsPutAsideAndTheFoldGoesOn) {
  add_group();
  records.add_bytes("no protobuf \xff");
  records.add_bytes("");
  auto wrong = post("of another stream");
  wrong.stream = core::user_stream(bob);
  records.add(wrong);
  add(post("sound"));
  const auto steps = fold();
  ASSERT_THAT(steps, SizeIs(2));
  EXPECT_EQ(steps[1].offset, 4U);
  EXPECT_EQ(steps[1].decision.outcome.seq, core::Seq{1});
  EXPECT_EQ(partition->next(), 5U);
  EXPECT_EQ(partition->counts().dead_letters, 3U);
  EXPECT_EQ(*partition.store().get(id(Table::DeadLetters), Key().number(1, 8)), "no protobuf \xff");
  EXPECT_EQ(*partition.store().get(id(Table::DeadLetters), Key().number(2, 8)), "");
  EXPECT_EQ(rows(Table::DeadLetters), 3U);
}

TEST_F(FoldTest, ABatchOfNothingButDeadLettersMovesTheOffset) {
  for (int i = 0; i < 3; ++i) records.add_bytes("?");
  EXPECT_THAT(fold(), SizeIs(0));
  partition.restart();
  EXPECT_EQ(partition->next(), 3U);
}

TEST_F(FoldTest, AControlRecordIsNeitherACommandNorADeadLetterWhereverItStands) {
  records.add(kControl);
  add_group();
  auto other = kControl;
  other.dedup_window_ms = 1;
  records.add(other);
  add(post("once", "k"));
  add(post("once", "k"));
  EXPECT_TRUE(fold().back().decision.duplicate) << "a second one changes nothing";
  EXPECT_EQ(partition->counts().dead_letters, 0U);
  EXPECT_EQ(partition->next(), 5U);
}

TEST_F(FoldTest, OffsetsMayHaveHoles) {
  add_group();
  add(post("one"));
  auto with_hole = std::vector(records.all().begin(), records.all().end());
  with_hole[1].offset = 7;  // a Kafka transaction's marker lay between
  EXPECT_THAT(partition.fold(with_hole), SizeIs(2));
  EXPECT_EQ(partition->next(), 8U);
}

// --- counts
TEST_F(FoldTest, EveryCommandIsCountedOnceAsWhatItBecame) {
  add(post("too early"));
  add_group();
  add(post("once", "k"));
  add(post("once", "k"));
  add(post("other", "k"));
  records.add_bytes("?");
  fold();
  const auto& counts = partition->counts();
  EXPECT_EQ(counts.accepted, 2U);
  EXPECT_EQ(counts.duplicates, 1U);
  EXPECT_EQ(counts.rejected[static_cast<int>(Code::NotFound)], 1U);
  EXPECT_EQ(counts.rejected[static_cast<int>(Code::KeyReused)], 1U);
  EXPECT_EQ(counts.dead_letters, 1U);
}

// --- opening
TEST_F(FoldTest, TheStateOfAnotherLogIsRefused) {
  add_group();
  fold();
  for (const auto& other : {codec::Control{.partitions = 1, .epoch = kControl.epoch + 1},
                            codec::Control{.partitions = 2, .epoch = kControl.epoch}}) {
    const auto opened = PartitionFold::open(0, partition.store(), other, nullptr);
    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error(), HasSubstr("of another log"));
  }
}

TEST_F(FoldTest, ADamagedRowIsRefusedWithTheNameOfItsTable) {
  add_group();
  add(command(alice, core::CreateWorkspace{core::workspace_id(alice, "w"), "W"}));
  add(command(alice, core::SetProfile{.name = "Alice"}));
  fold();
  for (const auto table : {Table::Users, Table::Workspaces, Table::WorkspaceMembers, Table::Channels, Table::ChannelMembers}) {
    std::string key;
    std::string value;
    EXPECT_TRUE(partition.store().snapshot()->scan(id(table), {}, {}, [&](auto k, auto v) {
      key = k;
      value = v;
      return false;
    }));
    const auto write = [&](std::string_view bytes) {
      store::Batch batch;
      batch.put(id(table), key, bytes);
      ASSERT_TRUE(partition.store().write(batch));
    };
    write("\xff\xff");
    const auto opened = PartitionFold::open(0, partition.store(), kControl, nullptr);
    ASSERT_FALSE(opened) << name(table);
    EXPECT_THAT(opened.error(), HasSubstr("table " + std::string(name(table)) + ":"));
    write(value);
  }
  EXPECT_TRUE(PartitionFold::open(0, partition.store(), kControl, nullptr));
}

TEST_F(FoldTest, ADamagedOffsetIsRefused) {
  store::Batch batch;
  batch.put(id(Table::Meta), "applied", "\xff");
  ASSERT_TRUE(partition.store().write(batch));
  const auto opened = PartitionFold::open(0, partition.store(), kControl, nullptr);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error(), HasSubstr("table meta:"));
}

}  // namespace
}  // namespace parley::fold
