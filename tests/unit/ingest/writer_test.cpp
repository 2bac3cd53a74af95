#include "ingest/writer.hpp"

#include <gmock/gmock.h>

#include "codec/command_codec.hpp"
#include "codec/position.hpp"
#include "tests/support/manual_log.hpp"

namespace parley::ingest {
namespace {

using namespace std::chrono_literals;
using eventlog::AppendError;
using How = Settled::How;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::int64_t kNow = 1'767'225'600'000;

class WriterTest : public ::testing::Test {
 protected:
  static constexpr std::uint32_t kShard = 3;
  static constexpr service::GatewayId kGateway = 99;
  static constexpr LogIdentity kLog{.partitions = 4, .epoch = 7};

  WriterTest() { make_writer(8s); }
  void make_writer(std::chrono::milliseconds deadline) {
    writer_ = std::make_unique<Writer>(context_, kShard, kGateway, log_, kLog, clock_, deadline, metrics_);
  }
  core::CommandId submit(std::string key = "") {
    auto command = writer_->command({"ann"}, std::move(key), core::SetProfile{.name = "Ann"}, "");
    const auto id = command.id;
    writer_->submit(std::move(command),
                    [this](const core::Command& sent, const Settled& how) { settled_.emplace_back(sent.id, how); });
    return id;
  }
  void turn() {
    context_.restart();
    context_.poll();
  }
  void settle(const core::CommandId& id, std::uint64_t offset = 0) {
    writer_->settle({.command = id, .shard = kShard, .offset = offset, .outcome = {.version = {7}}}, partition_);
  }
  [[nodiscard]] std::vector<How> hows() const {
    std::vector<How> all;
    for (const auto& [id, how] : settled_) all.push_back(how.how);
    return all;
  }
  static std::string position(std::uint32_t partition, std::uint64_t next) {
    return codec::Position{kLog.epoch, partition, next}.text();
  }

  runtime::Metrics registry_;
  WriterMetrics metrics_{registry_};
  const runtime::ManualClock clock_{kNow};
  boost::asio::io_context context_;
  testing::ManualLog log_{kLog.partitions};
  std::unique_ptr<Writer> writer_;
  std::vector<std::pair<core::CommandId, Settled>> settled_;
  const std::uint32_t partition_ = core::partition_of(core::user_stream({"ann"}).slot(), kLog.partitions);
};

// --- what is written
TEST_F(WriterTest, ACommandSaysWhoSentItWhenAndWhoWaits) {
  const auto command = writer_->command({"ann"}, "", core::SetProfile{.name = "Ann"}, "00-trace");
  EXPECT_EQ(command.user.text, "ann");
  EXPECT_EQ(command.received_at, core::TimeMs{kNow});
  EXPECT_EQ(command.stream, core::user_stream({"ann"}));
  EXPECT_EQ(command.id.slot(), command.stream.slot());
  EXPECT_EQ(core::time_of(command.id), core::TimeMs{kNow});
  EXPECT_EQ(command.origin, (core::Origin{kGateway, kShard}));
  EXPECT_EQ(command.traceparent, "00-trace");
  EXPECT_EQ(command.payload_hash, core::PayloadHash{});
}

TEST_F(WriterTest, ACommandWithAKeyIsHashedAndEachHasAnIdOfItsOwn) {
  const auto one = writer_->command({"ann"}, "k", core::SetProfile{.name = "Ann"}, "");
  const auto same = writer_->command({"ann"}, "k", core::SetProfile{.name = "Ann"}, "");
  const auto other = writer_->command({"ann"}, "k", core::SetProfile{.name = "Bob"}, "");
  EXPECT_NE(one.payload_hash, core::PayloadHash{});
  EXPECT_EQ(one.payload_hash, same.payload_hash);
  EXPECT_NE(one.payload_hash, other.payload_hash);
  EXPECT_NE(one.id, same.id);
}

TEST_F(WriterTest, TheRecordIsTheCommandInThePartitionOfItsStream) {
  const auto id = submit("k");
  turn();
  log_.write();
  ASSERT_THAT(log_.records(partition_), SizeIs(1));
  const auto& record = log_.records(partition_).front();
  EXPECT_EQ(record.key, core::user_stream({"ann"}).bytes());
  EXPECT_EQ(record.type, "parley.command.set_profile.v1");
  const auto command = codec::decode_command(record.value);
  ASSERT_TRUE(command);
  EXPECT_EQ(command->id, id);
  EXPECT_EQ(command->key, "k");
}

TEST_F(WriterTest, WhatATurnBringsIsAppendedAtItsEndInOrder) {
  const auto one = submit();
  const auto two = submit();
  EXPECT_EQ(log_.waiting(), 0U);
  turn();
  EXPECT_EQ(log_.waiting(), 2U);
  log_.write();
  const auto& records = log_.records(partition_);
  EXPECT_EQ(codec::decode_command(records[0].value)->id, one);
  EXPECT_EQ(codec::decode_command(records[1].value)->id, two);
  EXPECT_EQ(metrics_.appends.value(), 2U);
}

// --- decided
TEST_F(WriterTest, AnOutcomeSettlesItsCommandWithItsPosition) {
  const auto one = submit();
  const auto two = submit();
  turn();
  log_.write();
  turn();
  EXPECT_THAT(settled_, IsEmpty());
  settle(two, 41);
  ASSERT_THAT(settled_, SizeIs(1));
  EXPECT_EQ(settled_[0].first, two);
  EXPECT_EQ(settled_[0].second.how, How::Decided);
  EXPECT_EQ(settled_[0].second.outcome.version, core::Version{7});
  EXPECT_EQ(settled_[0].second.position, position(partition_, 42));
  EXPECT_EQ(writer_->waiting(), 1U);
  settle(one);
  EXPECT_EQ(writer_->waiting(), 0U);
}

TEST_F(WriterTest, ADuplicateIsToldAsOne) {
  const auto id = submit();
  writer_->settle({.command = id, .shard = kShard, .duplicate = true, .outcome = {}}, partition_);
  EXPECT_TRUE(settled_.at(0).second.duplicate);
}

TEST_F(WriterTest, AnOutcomeMayComeBeforeTheAckOfTheAppend) {
  const auto id = submit();
  turn();
  log_.write_silently();
  settle(id);
  EXPECT_THAT(hows(), ElementsAre(How::Decided));
  log_.tell_written();
  turn();
  EXPECT_THAT(hows(), ElementsAre(How::Decided));
}

TEST_F(WriterTest, AnOutcomeSettlesOnce) {
  const auto id = submit();
  turn();
  for (int i = 0; i < 3; ++i) settle(id);
  EXPECT_THAT(settled_, SizeIs(1));
}

TEST_F(WriterTest, TheOutcomeOfACommandOfAnEarlierLifeIsNobodys) {
  submit();
  settle(core::command_id(1, {kNow}, 1));
  EXPECT_THAT(settled_, IsEmpty());
}

// --- not written
TEST_F(WriterTest, WhatTheLogRefusesIsNotWritten) {
  for (const auto error : {AppendError::Unavailable, AppendError::Overloaded, AppendError::TooLarge}) {
    submit();
    turn();
    log_.refuse(error);
    EXPECT_THAT(settled_, IsEmpty()) << "told on the shard, not on the log's thread";
    turn();
    ASSERT_THAT(hows(), ElementsAre(How::NotWritten));
    EXPECT_EQ(settled_[0].second.position, "");
    settled_.clear();
  }
  EXPECT_EQ(metrics_.append_failures.value(), 3U);
}

TEST_F(WriterTest, WhatTheLogIsNotSureOfIsUnknown) {
  submit();
  turn();
  log_.refuse(AppendError::Unknown);
  turn();
  EXPECT_THAT(hows(), ElementsAre(How::Unknown));
  EXPECT_EQ(settled_[0].second.position, "");
}

TEST_F(WriterTest, AFailureAfterTheOutcomeIsOfNoAccount) {
  const auto id = submit();
  turn();
  settle(id);
  log_.write_and_lose_the_ack();
  turn();
  EXPECT_THAT(hows(), ElementsAre(How::Decided));
}

TEST_F(WriterTest, SomeOfAnAppendMayFail) {
  submit();
  const auto two = submit();
  turn();
  log_.refuse(AppendError::Unavailable, 1);
  log_.write();
  turn();
  EXPECT_THAT(hows(), ElementsAre(How::NotWritten));
  settle(two);
  EXPECT_THAT(hows(), ElementsAre(How::NotWritten, How::Decided));
}

// --- not known in time
class WriterDeadline : public WriterTest {
 protected:
  static constexpr auto kDeadline = 20ms;
  WriterDeadline() { make_writer(kDeadline); }
  // Runs the shard until as many commands are settled.
  void run_until_settled(std::size_t count) {
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (settled_.size() < count && std::chrono::steady_clock::now() < until) {
      context_.restart();
      context_.run_one_for(100ms);
    }
    ASSERT_THAT(settled_, SizeIs(count));
  }
};

TEST_F(WriterDeadline, WhatIsNotHeardOfIsUnknown) {
  const auto since = std::chrono::steady_clock::now();
  submit();
  run_until_settled(1);
  EXPECT_GE(std::chrono::steady_clock::now() - since, kDeadline);
  EXPECT_THAT(hows(), ElementsAre(How::Unknown));
  EXPECT_EQ(settled_[0].second.position, "") << "it may not be in the log";
  EXPECT_EQ(metrics_.unknown.value(), 1U);
}

TEST_F(WriterDeadline, WhatIsWrittenAndNotDecidedIsUnknownWithItsPosition) {
  submit();
  turn();
  log_.write();
  run_until_settled(1);
  EXPECT_THAT(hows(), ElementsAre(How::Unknown));
  EXPECT_EQ(settled_[0].second.position, position(partition_, 1));
}

TEST_F(WriterDeadline, AnOutcomeThatComesTooLateIsOfNoAccount) {
  const auto id = submit();
  run_until_settled(1);
  settle(id);
  EXPECT_THAT(settled_, SizeIs(1));
}

TEST_F(WriterDeadline, EachHasADeadlineOfItsOwnAndThoseInTimeAreNotTouched) {
  const auto one = submit();
  submit();
  settle(one);
  run_until_settled(2);
  submit();
  run_until_settled(3);
  EXPECT_THAT(hows(), ElementsAre(How::Decided, How::Unknown, How::Unknown));
  EXPECT_EQ(writer_->waiting(), 0U);
}

}  // namespace
}  // namespace parley::ingest
