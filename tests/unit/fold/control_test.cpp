#include "fold/control.hpp"

#include <gmock/gmock.h>

#include <future>

#include "eventlog/memory/memory_log.hpp"

namespace parley::fold {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr auto kDeadline = 20s;

// A log that is there and says nothing.
class SilentLog final : public eventlog::EventLog {
 public:
  class Silence final : public eventlog::Consumer {
   public:
    void assign(eventlog::Partition, eventlog::Offset) override {}
    std::expected<std::optional<eventlog::RecordBatch>, eventlog::ReadFailure> poll(std::chrono::milliseconds,
                                                                                    std::size_t) override {
      return std::unexpected(error);
    }
    void wake() override {}
    eventlog::ReadError error = eventlog::ReadError::Unavailable;
  };
  [[nodiscard]] std::uint32_t partitions() const override { return 1; }
  void append(std::vector<eventlog::AppendRequest> requests) override {
    for (auto& request : requests) request.done(std::unexpected(eventlog::AppendError::Unavailable));
  }
  std::unique_ptr<eventlog::Consumer> consumer() override {
    auto made = std::make_unique<Silence>();
    made->error = read_error;
    return made;
  }
  std::expected<eventlog::Offset, eventlog::ReadError> end(eventlog::Partition) override {
    if (known_end) return *known_end;
    return std::unexpected(read_error);
  }
  [[nodiscard]] bool healthy() const override { return false; }
  [[nodiscard]] bool keeps_events() const override { return true; }
  void report_progress(eventlog::Partition, eventlog::Offset) override {}
  void close(std::chrono::milliseconds) override {}

  std::optional<eventlog::Offset> known_end;
  eventlog::ReadError read_error = eventlog::ReadError::Unavailable;
};

class ControlRecord : public ::testing::Test {
 protected:
  // Its first record is what a test says.
  void append(std::string value, std::string type = std::string(codec::kControlType), eventlog::Partition partition = 0) {
    std::promise<bool> done;
    std::vector<eventlog::AppendRequest> requests;
    requests.push_back({{.partition = partition, .key = {}, .value = std::move(value), .event = {.type = std::move(type)}},
                        [&](auto appended) { done.set_value(appended.has_value()); }});
    log_->append(std::move(requests));
    ASSERT_TRUE(done.get_future().get());
  }
  void append(const codec::Control& control) { append(codec::encode(control)); }
  std::string refusal() {
    const auto read = read_control(*log_, kDeadline);
    const auto ensured = ensure_control(*log_, {}, kDeadline);
    EXPECT_EQ(read, ensured) << "both look alike";
    return read ? "(none)" : read.error();
  }

  std::unique_ptr<eventlog::EventLog> log_ = eventlog::make_memory_log(4);
};

TEST_F(ControlRecord, IsWrittenToAnEmptyLogAndReadEverAfter) {
  const auto made = ensure_control(*log_, {.dedup_window_ms = 123'456}, kDeadline);
  ASSERT_TRUE(made) << made.error();
  EXPECT_EQ(made->partitions, 4U);
  EXPECT_EQ(made->format, 1U);
  EXPECT_EQ(made->dedup_window_ms, 123'456);
  EXPECT_NE(made->epoch, 0U) << "a new random one";
  EXPECT_EQ(read_control(*log_, kDeadline), *made);
  EXPECT_EQ(ensure_control(*log_, {.dedup_window_ms = 7}, kDeadline), *made) << "the log's own counts";
  EXPECT_EQ(log_->end(0), 1U);
  for (eventlog::Partition other = 1; other < 4; ++other) EXPECT_EQ(log_->end(other), 0U);
}

TEST_F(ControlRecord, HasTheEpochThatIsAskedFor) { EXPECT_EQ(ensure_control(*log_, {.epoch = 42}, kDeadline)->epoch, 42U); }

TEST_F(ControlRecord, OfTwoLogsHasTwoEpochs) {
  const auto other = eventlog::make_memory_log(4);
  EXPECT_NE(ensure_control(*log_, {}, kDeadline)->epoch, ensure_control(*other, {}, kDeadline)->epoch);
}

TEST_F(ControlRecord, IsNotWrittenByThoseWhoOnlyRead) {
  const auto read = read_control(*log_, kDeadline);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error(), "the log is empty");
  EXPECT_EQ(log_->end(0), 0U);
}

TEST_F(ControlRecord, OfTwoThatWriteAtOnceTheFirstOneCounts) {
  auto write = [this] { return ensure_control(*log_, {}, kDeadline); };
  auto one = std::async(std::launch::async, write);
  auto other = std::async(std::launch::async, write);
  EXPECT_EQ(one.get().value(), other.get().value());
  append(codec::Control{.partitions = 4, .epoch = 9});
  EXPECT_NE(read_control(*log_, kDeadline)->epoch, 9U);
}

TEST_F(ControlRecord, AloneIsNoBeginningHoweverManyThereAre) {
  EXPECT_EQ(is_begun(*log_, kDeadline), false);
  append(codec::Control{.partitions = 4, .epoch = 1});
  append(codec::Control{.partitions = 4, .epoch = 2});
  EXPECT_EQ(is_begun(*log_, kDeadline), false);
  append("a command", "parley.command.post_message.v1");
  EXPECT_EQ(is_begun(*log_, kDeadline), true);
}

TEST_F(ControlRecord, IsFollowedByCommandsInWhateverPartition) {
  append(codec::Control{.partitions = 4, .epoch = 1});
  append("a command", "parley.command.post_message.v1", 3);
  EXPECT_EQ(is_begun(*log_, kDeadline), true);
}

TEST_F(ControlRecord, OfAnotherPartitionCountIsRefusedWithBothNumbers) {
  append(codec::Control{.partitions = 8, .epoch = 1});
  EXPECT_EQ(refusal(), "the log was made with 8 partitions and has 4 now");
}

TEST_F(ControlRecord, OfAnotherFormatIsRefused) {
  append(codec::Control{.format = 2, .partitions = 4, .epoch = 1});
  EXPECT_THAT(refusal(), HasSubstr("format 2"));
}

TEST_F(ControlRecord, OfNewerRulesIsRefused) {
  append(codec::Control{.partitions = 4, .rules_version = 2, .epoch = 1});
  EXPECT_THAT(refusal(), HasSubstr("rules of version 2"));
}

TEST_F(ControlRecord, WithoutAWindowForKeysIsRefused) {
  for (const std::int64_t window : {std::int64_t{0}, std::int64_t{-1}}) {
    log_ = eventlog::make_memory_log(4);
    append(codec::Control{.partitions = 4, .epoch = 1, .dedup_window_ms = window});
    EXPECT_THAT(refusal(), HasSubstr("window"));
  }
}

TEST_F(ControlRecord, ThatIsDamagedIsRefused) {
  append("\xff\xff");
  EXPECT_THAT(refusal(), HasSubstr("can't be read"));
}

TEST_F(ControlRecord, IsMissedWhereAnotherRecordStands) {
  append(codec::encode(codec::Control{.partitions = 4, .epoch = 1}), "parley.command.post_message.v1");
  EXPECT_THAT(refusal(), HasSubstr("not Parley's"));
}

TEST_F(ControlRecord, IsMissedInALogOfSomebodyElses) {
  append("{}", "");
  EXPECT_THAT(refusal(), HasSubstr("not Parley's"));
}

TEST(ControlOfASilentLog, IsGivenUpAtTheDeadline) {
  SilentLog log;
  EXPECT_EQ(read_control(log, 50ms).error(), "the log does not answer");
  EXPECT_EQ(ensure_control(log, {}, 50ms).error(), "the log does not answer");
  EXPECT_EQ(is_begun(log, 50ms).error(), "the log does not answer");
  log.known_end = 3;
  EXPECT_EQ(ensure_control(log, {}, 50ms).error(), "the log's first record did not come in time");
  EXPECT_EQ(is_begun(log, 50ms).error(), "the log's first records did not come in time");
}

TEST(ControlOfASilentLog, IsNotWrittenWhereAppendsFail) {
  SilentLog log;
  log.known_end = 0;
  EXPECT_EQ(ensure_control(log, {}, kDeadline).error(), "the log did not take its first record");
}

TEST(ControlOfASilentLog, IsNotWaitedForWhereTheLogIsDamaged) {
  SilentLog log;
  log.known_end = 3;
  log.read_error = eventlog::ReadError::Corrupt;
  EXPECT_EQ(read_control(log, kDeadline).error(), "the log's first record can't be read");
}

}  // namespace
}  // namespace parley::fold
