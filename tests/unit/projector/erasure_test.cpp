// When ever a fold hears that a key is gone (at once, late, before it begins), it comes to the same tables: those of a fold
// that never had it. And no word of the erased is in them, nor in the store's files.
#include <gmock/gmock.h>

#include <fstream>

#include "codec/rows.hpp"
#include "projector/queries.hpp"
#include "projector/read_tables.hpp"
#include "tests/unit/fold/faulty_store.hpp"
#include "tests/unit/fold/partition.hpp"
#include "tests/unit/projector/erased_log.hpp"

namespace parley::projector {
namespace {

using fold::Partition;
using fold::Table;

constexpr std::size_t kRecords = 500;

class Erased : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  void hear(keys::KeyTable& table, const ErasedLog::KeyEvent& event) {
    table.apply(event.record, event.number);
    table.reached(event.number + 1);
  }
  // As a fold comes to it that begins when all is over.
  fold::Digests afterwards() {
    keys::KeyTable table;
    for (const auto& event : log_.key_events()) hear(table, event);
    Partition partition(fold::kControl, &tables_, &table);
    partition.fold(log_.records().all());
    return fold::digests(partition.store());
  }
  const ErasedLog log_{GetParam(), kRecords};
  ReadTables tables_;
};
INSTANTIATE_TEST_SUITE_P(Seeds, Erased, ::testing::Range<std::uint64_t>(1, 13));

TEST_P(Erased, AFoldThatHearsOfEachKeyInTimeComesToTheSame) {
  keys::KeyTable table;
  Partition partition(fold::kControl, &tables_, &table);
  auto event = log_.key_events().begin();
  for (std::size_t at = 0; at < log_.records().size(); ++at) {
    for (; event != log_.key_events().end() && event->at <= at; ++event) hear(table, *event);
    partition.fold(log_.records().slice(at, at + 1));
    if (at % 97 == 0) partition.restart();
  }
  ASSERT_GT(log_.erasures(), 0U);
  EXPECT_EQ(fold::digests(partition.store()), afterwards());
}

TEST_P(Erased, AFoldThatNeverHearsThatAKeyIsDestroyedComesToTheSame) {
  keys::KeyTable table;
  for (const auto& event : log_.key_events())
    if (std::holds_alternative<keys::Made>(event.record.what)) hear(table, event);
  Partition partition(fold::kControl, &tables_, &table);
  for (std::size_t at = 0; at < log_.records().size(); at += 37)
    partition.fold(log_.records().slice(at, std::min(at + 37, log_.records().size())));
  EXPECT_EQ(fold::digests(partition.store()), afterwards());
}

TEST_P(Erased, AFoldThatIsKilledAgainAndAgainComesToTheSame) {
  keys::KeyTable table;
  for (const auto& event : log_.key_events())
    if (std::holds_alternative<keys::Made>(event.record.what)) hear(table, event);
  Partition partition(fold::kControl, &tables_, &table);
  std::size_t rounds = 0;
  while (partition->next() < log_.records().size()) {
    const auto next = partition->next();
    partition.fold(log_.records().slice(next, std::min(next + 29, log_.records().size())));
    if (++rounds % 3 == 0) partition.flush();
    if (rounds % 4 == 0 && rounds < 40) partition.kill();
  }
  EXPECT_EQ(fold::digests(partition.store()), afterwards());
}

// --- of one user, step by step
constexpr std::string_view kPosted = "dfb1c37a60e94f52posted8841be";
constexpr std::string_view kEdited = "0a77ce95f1d24b38edited6e20c1";
constexpr std::string_view kRetracted = "b6e0497d3c8a41f5retracted02d9";
constexpr std::string_view kCarried = "4f19e2d07b6c4ad3carried55aa80";
constexpr std::string_view kNamed = "93cb08e2517f4e6anamed1d7f3b4";
constexpr std::string_view kHashed = "c2e75b1940f8d36ahashed7719e0";
constexpr std::string_view kWords[] = {kPosted, kEdited, kRetracted, kCarried, kNamed, kHashed};

class ErasedUser : public ::testing::Test {
 protected:
  ErasedUser() {
    auto key = codec::BodyKey::make();
    table_.apply({kAnn, keys::Made{key.secret()}}, 1);
    table_.reached(2);
    say(kAnn, core::CreateChannel{.channel = kGroup, .kind = core::ChannelKind::Group, .members = {kBob}});
    say(kAnn, post(kPosted), "k1");
    say(kBob, post("of bob"));
    say(kAnn, core::EditMessage{kGroup, {1}, std::string(kEdited), {}}, "k2");
    say(kAnn, post(kRetracted));
    say(kAnn, core::RetractMessage{kGroup, {3}});
    auto carrying = post("x");
    carrying.attachments = "[{\"n\":\"" + std::string(kCarried) + "\"}]";
    say(kAnn, carrying);
    say(kBob, core::SetReaction{kGroup, {1}, "yes", true});
    say(kAnn, core::SetProfile{std::string(kNamed), {}}, "k3");
    say(kAnn, core::CreateAccount{std::string(kNamed), "NORMAL", "$argon2id$" + std::string(kHashed)}, "k4");
  }
  static core::PostMessage post(std::string_view text) { return {.channel = kGroup, .text = std::string(text)}; }
  // Everything that Ann writes is sealed.
  core::Decision say(const core::UserId& user, core::Payload payload, std::string key = {}) {
    core::Command command{.user = user, .key = std::move(key), .received_at = {++now_}};
    command.payload = std::move(payload);
    command.stream = codec::stream_for(command.payload, user);
    command.id = core::command_id(command.stream.slot(), command.received_at, 1);
    if (const auto own = table_.current(user); own && codec::has_words(command.payload)) codec::seal(command, *own);
    records_.add(command);
    return partition_.fold(records_.all()).back().decision;
  }
  void erase() { ASSERT_EQ(say(kBob, core::EraseUser{kAnn, 2, 0}).outcome.status, core::Status::Accepted); }
  [[nodiscard]] core::Message message(std::uint64_t seq) {
    const auto row = partition_.store().get(fold::id(Table::Messages), fold::message_key(kGroup, {seq}));
    return *codec::decode_message(kGroup, {seq}, **row);
  }
  [[nodiscard]] bool tables_have(std::string_view word) {
    bool found = false;
    const auto snapshot = partition_.store().snapshot();
    for (const auto table : fold::kTables)
      (void)snapshot->scan(fold::id(table), {}, {}, [&](std::string_view, std::string_view value) {
        found = found || value.find(word) != std::string_view::npos;
        return !found;
      });
    return found;
  }

  static inline const core::UserId kAnn{"ann"};
  static inline const core::UserId kBob{"bob"};
  static inline const core::ChannelId kGroup = core::group_id(kAnn, "g");
  std::int64_t now_ = 1'767'225'600'000;
  keys::KeyTable table_;
  ReadTables tables_;
  fold::Records records_;
  Partition partition_{fold::kControl, &tables_, &table_};
};

TEST_F(ErasedUser, HasNoWordLeftInAnyTable) {
  for (const auto word : kWords) EXPECT_TRUE(tables_have(word)) << word << ": else the search means nothing";
  erase();
  for (const auto word : kWords) EXPECT_FALSE(tables_have(word)) << word;
  EXPECT_TRUE(tables_have("of bob"));
}

TEST_F(ErasedUser, HasHisMessagesInTheirPlaces) {
  const auto before = message(1);
  erase();
  const auto after = message(1);
  EXPECT_EQ(after, core::without_words(before));
  EXPECT_EQ(after.reactions.size(), 1U) << "others' reactions stay";
  EXPECT_TRUE(message(3).erased && message(3).retracted);
  EXPECT_TRUE(message(4).attachments.empty());
  EXPECT_FALSE(message(2).erased) << "of bob";
  EXPECT_EQ(say(kBob, post("next")).outcome.seq, core::Seq{5});
}

TEST_F(ErasedUser, HasNoProfileAndIsStillAMember) {
  erase();
  EXPECT_EQ(partition_->state().profile(kAnn), nullptr);
  EXPECT_TRUE(partition_->state().channel(kGroup)->members.contains(kAnn));
  partition_.restart();
  EXPECT_EQ(partition_->state().profile(kAnn), nullptr);
  EXPECT_EQ(partition_->state().erased_below(kAnn), 2U);
}

TEST_F(ErasedUser, IsNotReadThroughAnOldKeyThatSomebodyStillHas) {
  erase();
  say(kAnn, post(kPosted));
  EXPECT_TRUE(message(5).erased) << "it was sealed with a key that the log knows to be destroyed";
  EXPECT_FALSE(tables_have(kPosted));
}

TEST_F(ErasedUser, MayComeBackWithANewKey) {
  erase();
  table_.apply({kAnn, keys::Erasing{}}, 2);
  table_.apply({kAnn, keys::Made{codec::BodyKey::make().secret()}}, 3);
  table_.reached(4);
  say(kAnn, post("here again"));
  EXPECT_EQ(message(5).text, "here again");
  EXPECT_TRUE(message(1).erased) << "what was erased stays so";
  say(kAnn, core::EditMessage{kGroup, {1}, "anew", {}});
  EXPECT_EQ(message(1).text, "anew") << "unless he writes it anew";
  EXPECT_FALSE(message(1).erased);
}

TEST_F(ErasedUser, IsErasedInThePastTooOfWhatHeWroteAnewSince) {
  erase();
  const auto then = records_.size();
  table_.apply({kAnn, keys::Erasing{}}, 2);
  table_.apply({kAnn, keys::Made{codec::BodyKey::make().secret()}}, 3);
  table_.reached(4);
  say(kAnn, core::EditMessage{kGroup, {1}, "anew", {}});
  pb::ReadRequest request;
  request.mutable_get_messages()->set_channel(std::string(kGroup.bytes()));
  request.mutable_get_messages()->set_limit(1);
  request.mutable_get_messages()->set_after(0);
  request.mutable_get_messages()->mutable_as_of()->set_next_offset(then);
  const auto snapshot = partition_.store().snapshot();
  const auto page = Queries(*snapshot, kBob.text).answer(request).value();
  ASSERT_EQ(page.messages().messages_size(), 1);
  const auto was = codec::decode_message(kGroup, {1}, page.messages().messages(0).row()).value();
  EXPECT_EQ(was.text, "");
  EXPECT_TRUE(was.erased);
}

TEST_F(ErasedUser, LeavesNothingInTheFilesOnceTheyAreRewritten) {
  EXPECT_FALSE(partition_->to_purge());
  erase();
  ASSERT_TRUE(partition_->to_purge());
  partition_.restart();
  EXPECT_TRUE(partition_->to_purge()) << "whoever comes next is to do it";
}

TEST_F(ErasedUser, IsShownAsErasedWhenAKeyIsLostButIsCounted) {
  keys::KeyTable empty;
  empty.reached(100);
  Partition other(fold::kControl, &tables_, &empty);
  other.fold(records_.all());
  EXPECT_EQ(other->counts().unopened, 6U);
  EXPECT_EQ(other->counts().dead_letters, 0U);
}

TEST_F(ErasedUser, IsCountedOnceThoughTheFoldMustTryAgain) {
  keys::KeyTable empty;
  empty.reached(100);
  Partition other(fold::kControl, &tables_, &empty);
  fold::FaultyStore faulty(other.store());
  auto fold = std::move(*fold::PartitionFold::open(0, faulty, fold::kControl, &tables_, &empty));
  std::vector<fold::Step> steps;
  faulty.failing_reads = 3;
  int failures = 0;
  while (!fold->fold(records_.all(), steps)) ++failures;
  EXPECT_EQ(failures, 3);
  EXPECT_EQ(fold->counts().unopened, 6U);
}

TEST_F(ErasedUser, IsNotErasedBeforeAllThatHasHisWordsCouldBeRead) {
  erase();
  Partition other(fold::kControl, &tables_, &table_);
  fold::FaultyStore faulty(other.store());
  auto fold = std::move(*fold::PartitionFold::open(0, faulty, fold::kControl, &tables_, &table_));
  for (const auto table : {Table::Revisions, Table::Commands, Table::Messages, Table::Keys}) {
    std::vector<fold::Step> steps;
    faulty.damaged = fold::id(table);
    EXPECT_FALSE(fold->fold(records_.all(), steps)) << fold::name(table);
    EXPECT_EQ(fold->next(), records_.size() - 1);
  }
  std::vector<fold::Step> steps;
  faulty.damaged.reset();
  ASSERT_TRUE(fold->fold(records_.all(), steps));
  EXPECT_EQ(fold::digests(other.store()), fold::digests(partition_.store()));
}

TEST_F(ErasedUser, KeepsAFoldWaitingForAKeyThatWasNotReadYet) {
  keys::KeyTable behind;
  Partition other(fold::kControl, &tables_, &behind);
  std::vector<fold::Step> steps;
  auto fold = fold::PartitionFold::open(0, other.store(), fold::kControl, &tables_, &behind);
  ASSERT_TRUE(fold);
  EXPECT_FALSE((*fold)->fold(records_.all(), steps));
  behind.apply({kAnn, keys::Made{table_.current(kAnn)->secret()}}, 1);
  behind.reached(2);
  ASSERT_TRUE((*fold)->fold(records_.all(), steps));
  EXPECT_EQ((*fold)->next(), records_.size());
  EXPECT_EQ(fold::digests(other.store()), fold::digests(partition_.store()));
}

}  // namespace
}  // namespace parley::projector
