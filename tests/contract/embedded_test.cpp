// What the embedded log promises beyond the contract: one writer, readers beside it, a disk that fails.
#include <gmock/gmock.h>

#include <fstream>
#include <thread>

#include "eventlog/embedded/embedded_log.hpp"
#include "eventlog/embedded/rocks_storage.hpp"
#include "eventlog/local/local_log.hpp"
#include "tests/contract/failing_disk.hpp"
#include "tests/contract/log_driver.hpp"
#include "tests/support/temp_dir.hpp"

namespace parley::contract {
namespace {

using eventlog::EmbeddedOptions;
using eventlog::EventLog;
using ::testing::HasSubstr;

constexpr std::uint32_t kPartitions = 2;
const Outcome kUnknown = std::unexpected(AppendError::Unknown);
const Outcome kUnavailable = std::unexpected(AppendError::Unavailable);

class EmbeddedLogTest : public ::testing::Test {
 protected:
  [[nodiscard]] EmbeddedOptions options() const { return {.dir = dir_ / "log", .partitions = kPartitions}; }
  std::unique_ptr<EventLog> open(const EmbeddedOptions& options) {
    auto opened = eventlog::open_embedded_log(options);
    if (!opened) ADD_FAILURE() << opened.error();
    return std::move(*opened);
  }
  // The write-ahead log that is being written.
  [[nodiscard]] static std::filesystem::path newest_wal(const std::filesystem::path& dir) {
    std::filesystem::path newest;
    for (const auto& file : std::filesystem::directory_iterator(dir)) {
      if (file.path().extension() == ".log" && file.path() > newest) newest = file.path();
    }
    return newest;
  }

  // Flips a byte in the first data block of the largest table. REQUIRES: the log was opened since there was something in it.
  void damage_a_table() const {
    std::vector<std::filesystem::path> tables;
    for (const auto& file : std::filesystem::directory_iterator(dir_ / "log"))
      if (file.path().extension() == ".sst") tables.push_back(file.path());
    const auto largest = std::ranges::max(tables, {}, [](const auto& path) { return std::filesystem::file_size(path); });
    std::fstream file(largest, std::ios::in | std::ios::out | std::ios::binary);
    constexpr int kWithin = 20;
    const auto byte = file.seekg(kWithin).get();
    file.seekp(kWithin).put(static_cast<char>(~byte));
    ASSERT_TRUE(file.flush());
  }

  testing::TempDir dir_;
};

TEST_F(EmbeddedLogTest, ASecondWriterOfTheSameDirectoryIsRefused) {
  const auto log = open(options());
  const auto second = eventlog::open_embedded_log(options());
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error(), HasSubstr("in use"));
}

TEST_F(EmbeddedLogTest, AReaderBesideTheWriterHasWhatWasThereWhenItOpened) {
  const auto writer = open(options());
  append_numbers(*writer, 1, 100);
  auto beside = options();
  beside.read_only = true;
  const auto reader = open(beside);
  EXPECT_EQ(*reader->end(1), 100U);
  EXPECT_EQ(values_of(read_partition(*reader, 1, 100)), numbers(0, 100));
  EXPECT_EQ(append(*reader, {record_of(1, "", "x")}), std::vector<Outcome>{kUnavailable});
  append_numbers(*writer, 1, 1);
  EXPECT_EQ(*reader->end(1), 100U);
  EXPECT_EQ(*writer->end(1), 101U);
}

TEST_F(EmbeddedLogTest, AReaderOfNothingIsRefused) {
  auto reader = options();
  reader.read_only = true;
  EXPECT_FALSE(eventlog::open_embedded_log(reader));
  EXPECT_FALSE(std::filesystem::exists(reader.dir)) << "and leaves nothing behind";
}

TEST_F(EmbeddedLogTest, ADirectoryThatCannotBeMadeIsRefused) {
  std::ofstream(dir_ / "log") << "a file";
  const auto opened = eventlog::open_embedded_log(options());
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error(), HasSubstr((dir_ / "log").string()));
}

TEST_F(EmbeddedLogTest, AnotherRocksDbIsNoLog) {
  rocksdb::Options rocksdb;
  rocksdb.create_if_missing = true;
  rocksdb::DB* other = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(rocksdb, (dir_ / "log").string(), &other).ok());
  ASSERT_TRUE(other->Put({}, "key", "value").ok());
  delete other;
  const auto opened = eventlog::open_embedded_log(options());
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error(), HasSubstr("no log"));
}

TEST_F(EmbeddedLogTest, ATailTornByACrashTakesNothingThatWasAcked) {
  const auto log = open(options());
  append_numbers(*log, 0, 100);
  // What the disk has at this moment, and then the beginning of a write that never ended.
  const auto crashed = dir_ / "crashed";
  std::filesystem::copy(dir_ / "log", crashed, std::filesystem::copy_options::recursive);
  std::ofstream(newest_wal(crashed), std::ios::app) << std::string("\x12\x34\x56\x78\xff\x7f\x01torn", 11);
  auto again = options();
  again.dir = crashed;
  const auto recovered = open(again);
  EXPECT_EQ(*recovered->end(0), 100U);
  EXPECT_EQ(values_of(read_partition(*recovered, 0, 100)), numbers(0, 100));
  append_numbers(*recovered, 0, 1);
  EXPECT_EQ(*recovered->end(0), 101U);
}

TEST_F(EmbeddedLogTest, OneThatIsDamagedAtTheEndOfAPartitionIsNotBegunAnew) {
  append_numbers(*open(options()), 1, 100);
  open(options());
  ASSERT_NO_FATAL_FAILURE(damage_a_table());
  for (const bool read_only : {false, true}) {
    auto damaged = options();
    damaged.read_only = read_only;
    const auto opened = eventlog::open_embedded_log(damaged);
    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error(), HasSubstr("can't be read at the end of partition 1: damaged bytes"));
  }
}

TEST_F(EmbeddedLogTest, OneWhoseOwnTableIsDamagedIsNotCalledInUse) {
  open(options());
  open(options());
  ASSERT_NO_FATAL_FAILURE(damage_a_table());
  const auto opened = eventlog::open_embedded_log(options());
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error(), HasSubstr("can't be opened: Corruption"));
}

class FailingDiskTest : public EmbeddedLogTest {
 protected:
  void SetUp() override { ASSERT_NO_FATAL_FAILURE(open_on_disk()); }
  void open_on_disk() {
    log_.reset();
    auto database = eventlog::LogDatabase::open(options(), disk_.env());
    ASSERT_TRUE(database) << database.error();
    log_ = eventlog::LocalLog::open(kPartitions, std::make_unique<eventlog::RocksStorage>(std::move(*database)),
                                    {.max_queued_bytes = 64 << 20, .tail_bytes = 1 << 20})
               .value();
  }
  Outcome append_one(const std::string& value) { return append(*log_, {record_of(0, "", value)}).front(); }
  // Fails the test if the log has not taken a record again by the deadline; the record's offset.
  Offset append_until_taken(const std::string& value) {
    const auto deadline = std::chrono::steady_clock::now() + kDeadline;
    while (std::chrono::steady_clock::now() < deadline) {
      if (const auto outcome = append_one(value)) return *outcome;
    }
    ADD_FAILURE() << "the log has not healed";
    return 0;
  }
  // The records are dense, begin with "0" … "9", and end with `last` at `last_offset`; between them there may be
  // those of which no one was told what became of them.
  void expect_log(const std::string& last, Offset last_offset) {
    const auto records = read_partition(*log_, 0, last_offset + 1);
    ASSERT_EQ(offsets_of(records), offsets(0, last_offset + 1));
    EXPECT_EQ(values_of({records.begin(), records.begin() + 10}), numbers(0, 10));
    EXPECT_EQ(records.back().value, last);
  }

  FailingDisk disk_;
  std::unique_ptr<EventLog> log_;
};

TEST_F(FailingDiskTest, AFullDiskRefusesAppendsAndHealsWhenThereIsRoom) {
  for (const auto fault : {DiskFault::Full, DiskFault::TornFull}) {
    ASSERT_NO_FATAL_FAILURE(open_on_disk());
    const auto before = *log_->end(0);
    append_numbers(*log_, 0, 10);
    disk_.fail(fault);
    EXPECT_EQ(append_one("lost"), kUnknown);
    EXPECT_FALSE(log_->healthy());
    EXPECT_EQ(append_one("refused"), kUnavailable);
    EXPECT_EQ(*log_->end(0), before + 10);
    disk_.fail(DiskFault::None);
    const auto offset = append_until_taken("healed");
    EXPECT_TRUE(log_->healthy());
    expect_log("healed", offset);
    ASSERT_NO_FATAL_FAILURE(open_on_disk()) << "and all of it is there afterwards";
    EXPECT_EQ(*log_->end(0), offset + 1);
    expect_log("healed", offset);
  }
}

TEST_F(FailingDiskTest, AFullDiskThatHasRoomAgainIsNoticedWithoutAnAppend) {
  append_numbers(*log_, 0, 10);
  disk_.fail(DiskFault::Full);
  EXPECT_EQ(append_one("lost"), kUnknown);
  disk_.fail(DiskFault::None);
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  while (!log_->healthy() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  ASSERT_TRUE(log_->healthy());
  EXPECT_TRUE(append_one("healed"));
}

TEST_F(FailingDiskTest, ADiskThatDoesNotSyncAcksNothingAndLosesNothingThatWasAcked) {
  append_numbers(*log_, 0, 10);
  disk_.fail(DiskFault::NoSync);
  EXPECT_EQ(append_one("perhaps"), kUnknown);
  EXPECT_FALSE(log_->healthy());
  EXPECT_EQ(append_one("refused"), kUnavailable);
  disk_.fail(DiskFault::None);
  ASSERT_NO_FATAL_FAILURE(open_on_disk());
  const auto offset = append_until_taken("healed");
  EXPECT_GE(offset, 10U);
  expect_log("healed", offset);
}

TEST_F(FailingDiskTest, ADiskThatIsFullAtTheFirstWriteHealsToo) {
  append_numbers(*log_, 0, 10);
  ASSERT_NO_FATAL_FAILURE(open_on_disk());
  for (const auto* value : {"healed", "healed again"}) {
    disk_.fail(DiskFault::Full);
    EXPECT_EQ(append_one("lost"), kUnknown);
    disk_.fail(DiskFault::None);
    expect_log(value, append_until_taken(value));
  }
  const auto end = *log_->end(0);
  ASSERT_NO_FATAL_FAILURE(open_on_disk());
  EXPECT_EQ(*log_->end(0), end);
  expect_log("healed again", end - 1);
}

TEST_F(FailingDiskTest, ALogWhoseEndIsDamagedWhenItHealsTakesNothing) {
  append_numbers(*log_, 0, 100);
  ASSERT_NO_FATAL_FAILURE(open_on_disk());
  disk_.fail(DiskFault::Full);
  EXPECT_EQ(append_one("lost"), kUnknown);
  ASSERT_NO_FATAL_FAILURE(damage_a_table());
  disk_.fail(DiskFault::None);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(3);  // it tries each second
  while (std::chrono::steady_clock::now() < deadline) {
    ASSERT_EQ(append_one("refused"), kUnavailable);
    ASSERT_FALSE(log_->healthy());
    std::this_thread::yield();
  }
  EXPECT_EQ(*log_->end(0), 100U);
}

TEST_F(FailingDiskTest, ADiskThatIsFullWhileMemoryIsFlushedHealsToo) {
  append_numbers(*log_, 0, 10);
  disk_.fail(DiskFault::Full);
  while (append_one(std::string(1000, 'x'))) {
  }
  disk_.fail(DiskFault::None);
  const auto offset = append_until_taken("healed");
  expect_log("healed", offset);
}

}  // namespace
}  // namespace parley::contract
