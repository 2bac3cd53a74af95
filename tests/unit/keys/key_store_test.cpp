// What every key store keeps to, on disk and on a log.
#include "keys/key_store.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <condition_variable>
#include <csignal>
#include <fstream>
#include <mutex>

#include "eventlog/memory/memory_log.hpp"
#include "tests/support/temp_dir.hpp"

namespace parley::keys {
namespace {

using namespace std::chrono_literals;
using core::UserId;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const UserId kAnn{"ann"};
const UserId kBob{"bob"};
constexpr std::uint64_t kEpoch = 7;

// A log that outlives the store that reads it.
class SharedLog final : public eventlog::EventLog {
 public:
  explicit SharedLog(std::shared_ptr<eventlog::EventLog> log) : log_(std::move(log)) {}
  [[nodiscard]] std::uint32_t partitions() const override { return log_->partitions(); }
  void append(std::vector<eventlog::AppendRequest> requests) override { log_->append(std::move(requests)); }
  std::unique_ptr<eventlog::Consumer> consumer() override { return log_->consumer(); }
  std::expected<eventlog::Offset, eventlog::ReadError> end(eventlog::Partition p) override { return log_->end(p); }
  [[nodiscard]] bool keeps_events() const override { return false; }
  [[nodiscard]] bool healthy() const override { return true; }
  void report_progress(eventlog::Partition, eventlog::Offset) override {}
  void close(std::chrono::milliseconds) override {}

 private:
  std::shared_ptr<eventlog::EventLog> log_;
};

class StoreTest : public ::testing::TestWithParam<bool> {
 protected:
  StoreTest() { open(); }
  std::expected<std::unique_ptr<KeyStore>, std::string> opened(std::uint64_t epoch, Access access) {
    if (GetParam()) return open_disk_key_store(dir_ / "keys", epoch, access);
    return open_log_key_store(std::make_unique<SharedLog>(log_), epoch, access, 10s);
  }
  void open() {
    keys_.reset();
    auto keys = opened(kEpoch, Access::Beginning);
    ASSERT_TRUE(keys) << keys.error();
    keys_ = std::move(*keys);
  }
  // Asks, and waits for the answer.
  template <class Ask>
  std::optional<Told> told(Ask ask) {
    struct Wait {
      std::mutex mutex;
      std::condition_variable told;
      std::optional<Told> answer;
    };
    const auto wait = std::make_shared<Wait>();
    ask([wait](Told told) {
      const std::scoped_lock lock(wait->mutex);
      wait->answer = told;
      wait->told.notify_one();
    });
    std::unique_lock lock(wait->mutex);
    EXPECT_TRUE(wait->told.wait_for(lock, 20s, [&] { return wait->answer.has_value(); }));
    return wait->answer;
  }
  template <class Ask>
  bool ask(Ask ask) {
    return told(std::move(ask)) == Told::Done;
  }
  bool make(const UserId& user) {
    return ask([&](auto done) { keys_->make(user, done); });
  }
  bool destroy(const UserId& user) {
    return ask([&](auto done) { keys_->destroy(user, done); });
  }
  bool finish(const UserId& user) {
    return ask([&](auto done) { keys_->finish(user, keys_->table().destroyed_below(user), done); });
  }
  [[nodiscard]] const KeyTable& table() const { return keys_->table(); }

  testing::TempDir dir_;
  std::shared_ptr<eventlog::EventLog> log_ = eventlog::make_memory_log(1);
  std::unique_ptr<KeyStore> keys_;
};
INSTANTIATE_TEST_SUITE_P(Stores, StoreTest, ::testing::Bool(), [](const auto& kind) { return kind.param ? "Disk" : "Log"; });

TEST_P(StoreTest, AKeyIsThereWhenItIsSaidToBeMadeAndAfterANewStart) {
  ASSERT_TRUE(make(kAnn));
  const auto key = table().current(kAnn);
  ASSERT_TRUE(key);
  open();
  EXPECT_EQ(table().current(kAnn), key);
  EXPECT_EQ(table().live(), 1U);
}

TEST_P(StoreTest, WhoAsksAgainHasTheSameKey) {
  ASSERT_TRUE(make(kAnn));
  const auto key = table().current(kAnn);
  ASSERT_TRUE(make(kAnn));
  EXPECT_EQ(table().current(kAnn), key);
}

TEST_P(StoreTest, ADestroyedKeyIsGoneForGoodAndTheNextIsAnother) {
  ASSERT_TRUE(make(kAnn));
  ASSERT_TRUE(make(kBob));
  const auto old = *table().current(kAnn);
  ASSERT_TRUE(destroy(kAnn));
  EXPECT_FALSE(table().current(kAnn));
  EXPECT_TRUE(std::holds_alternative<IsDestroyed>(table().await(kAnn, old.number, 0ms)));
  EXPECT_THAT(table().erasing(), ElementsAre(kAnn));
  open();
  EXPECT_TRUE(std::holds_alternative<IsDestroyed>(table().await(kAnn, old.number, 0ms)));
  EXPECT_THAT(table().erasing(), ElementsAre(kAnn)) << "it is not forgotten";
  ASSERT_TRUE(make(kAnn));
  EXPECT_GT(table().current(kAnn)->number, old.number);
  EXPECT_NE(table().current(kAnn)->seal, old.seal);
  EXPECT_TRUE(table().current(kBob));
}

TEST_P(StoreTest, AnErasureThatIsOverIsOverAfterANewStart) {
  ASSERT_TRUE(make(kAnn));
  const auto old = *table().current(kAnn);
  ASSERT_TRUE(destroy(kAnn));
  ASSERT_TRUE(finish(kAnn));
  EXPECT_THAT(table().erasing(), IsEmpty());
  open();
  EXPECT_THAT(table().erasing(), IsEmpty());
  EXPECT_TRUE(std::holds_alternative<IsDestroyed>(table().await(kAnn, old.number, 0ms)));
}

TEST_P(StoreTest, OneWhoNeverHadAKeyCanBeErased) {
  ASSERT_TRUE(destroy(kAnn));
  EXPECT_GT(table().destroyed_below(kAnn), 0U);
  ASSERT_TRUE(make(kAnn));
  EXPECT_TRUE(table().current(kAnn));
}

TEST_P(StoreTest, ManyWhoAskAtOnceAreAllAnswered) {
  std::atomic<int> made = 0;
  for (int i = 0; i < 500; ++i)
    keys_->make({"user" + std::to_string(i % 50)}, [&](Told told) { made += told == Told::Done ? 1 : 0; });
  ASSERT_TRUE(make(kAnn));
  for (int i = 0; i < 2000 && made < 500; ++i) std::this_thread::sleep_for(5ms);
  EXPECT_EQ(made, 500);
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(table().current({"user" + std::to_string(i)}));
}

TEST_P(StoreTest, TheKeysOfAnotherLogAreRefused) {
  ASSERT_TRUE(make(kAnn));
  keys_.reset();
  const auto other = opened(kEpoch + 1, Access::Writing);
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error(), HasSubstr("another log"));
}

TEST_P(StoreTest, ATableIsBegunByWhoSaysSoAndNobodyElse) {
  keys_.reset();
  log_ = eventlog::make_memory_log(1);
  std::filesystem::remove_all(dir_ / "keys");
  for (int i = 0; i < 2; ++i) {
    const auto missing = opened(kEpoch, Access::Writing);
    ASSERT_FALSE(missing);
    EXPECT_THAT(missing.error(), HasSubstr("put them back"));
  }
  EXPECT_FALSE(std::filesystem::exists(dir_ / "keys"));
  ASSERT_TRUE(opened(kEpoch, Access::Beginning));
  ASSERT_TRUE(opened(kEpoch, Access::Writing));
}

TEST_P(StoreTest, AReaderHasWhatIsThere) {
  ASSERT_TRUE(make(kAnn));
  const auto reader = opened(kEpoch, Access::Reading);
  ASSERT_TRUE(reader) << reader.error();
  EXPECT_EQ((*reader)->table().current(kAnn), table().current(kAnn));
}

TEST_P(StoreTest, AfterTheCloseEverythingIsRefused) {
  keys_->close(1s);
  if (!GetParam()) GTEST_SKIP() << "the memory log of this test goes on";
  EXPECT_FALSE(make(kAnn));
}

// --- on disk
bool any_file_has(const std::filesystem::path& dir, std::string_view bytes) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(dir)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string all((std::istreambuf_iterator<char>(in)), {});
    if (all.find(bytes) != std::string::npos) return true;
  }
  return false;
}

// While it is there, this process can write no byte to a file. (That it could open none is no help: UBSan needs a pipe to look
// at an object's type.)
class NoBytes {
 public:
  NoBytes() : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit none{.rlim_cur = 0, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &none);
  }
  ~NoBytes() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  NoBytes(const NoBytes&) = delete;
  NoBytes& operator=(const NoBytes&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

class DiskKeyStore : public StoreTest {
 protected:
  [[nodiscard]] std::string secret_of(const UserId& user) const {
    const auto secret = table().current(user)->secret();
    return {secret.begin(), secret.end()};
  }
  [[nodiscard]] bool is_on_disk(std::string_view secret) const {
    return any_file_has(dir_ / "keys", secret.substr(0, 16)) || any_file_has(dir_ / "keys", secret.substr(48));
  }
  void await_health() const {
    for (int i = 0; i < 4000 && !keys_->healthy(); ++i) std::this_thread::sleep_for(5ms);
    ASSERT_TRUE(keys_->healthy());
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, DiskKeyStore, ::testing::Values(true), [](const auto&) { return "Disk"; });

TEST_P(DiskKeyStore, LeavesNoByteOfADestroyedKeyInAnyFile) {
  ASSERT_TRUE(make(kAnn));
  ASSERT_TRUE(make(kBob));
  const auto anns = secret_of(kAnn);
  ASSERT_TRUE(is_on_disk(anns)) << "else the search below would mean nothing";
  ASSERT_TRUE(destroy(kAnn));
  EXPECT_FALSE(is_on_disk(anns));
  EXPECT_TRUE(is_on_disk(secret_of(kBob)));
}

TEST_P(DiskKeyStore, SealsNothingWithAKeyThatMayBeDestroyedUntilItIs) {
  ASSERT_TRUE(make(kAnn));
  ASSERT_TRUE(make(kBob));
  const auto old = *table().current(kAnn);
  const auto anns = secret_of(kAnn);
  {
    const NoBytes broken;
    EXPECT_EQ(told([&](auto done) { keys_->destroy(kAnn, done); }), Told::Unknown);
    EXPECT_FALSE(keys_->healthy());
    EXPECT_FALSE(table().current(kAnn)) << "what he seals with it may be lost";
    EXPECT_TRUE(std::holds_alternative<codec::BodyKey>(table().await(kAnn, old.number, 0ms))) << "what he sealed may live";
    EXPECT_EQ(told([&](auto done) { keys_->make(kAnn, done); }), Told::Refused);
    EXPECT_TRUE(table().current(kBob)) << "nothing is wrong with his";
  }
  await_health();
  EXPECT_THAT(table().erasing(), ElementsAre(kAnn));
  EXPECT_FALSE(is_on_disk(anns));
  ASSERT_TRUE(make(kAnn));
  const auto made = *table().current(kAnn);
  EXPECT_GT(made.number, old.number);
  open();
  EXPECT_EQ(table().current(kAnn), made);
  EXPECT_TRUE(std::holds_alternative<IsDestroyed>(table().await(kAnn, old.number, 0ms)));
}

TEST_P(DiskKeyStore, DestroysForGoodAfterAFailureToo) {
  ASSERT_TRUE(make(kAnn));
  const auto anns = secret_of(kAnn);
  {
    const NoBytes broken;
    EXPECT_EQ(told([&](auto done) { keys_->make(kBob, done); }), Told::Unknown);
    EXPECT_EQ(told([&](auto done) { keys_->destroy(kAnn, done); }), Told::Refused);
    EXPECT_TRUE(table().current(kAnn)) << "nothing was done";
  }
  await_health();
  EXPECT_TRUE(table().current(kAnn));
  ASSERT_TRUE(destroy(kAnn));
  EXPECT_FALSE(is_on_disk(anns));
  ASSERT_TRUE(make(kBob));
  const auto bobs = table().current(kBob);
  open();
  EXPECT_EQ(table().current(kBob), bobs);
}

TEST_P(DiskKeyStore, IsDestroyedOrIsNotWhenItEndsInDoubtAndEitherWayWhole) {
  ASSERT_TRUE(make(kAnn));
  const auto old = *table().current(kAnn);
  {
    const NoBytes broken;
    EXPECT_EQ(told([&](auto done) { keys_->destroy(kAnn, done); }), Told::Unknown);
  }
  open();
  if (const auto key = table().current(kAnn))
    EXPECT_EQ(*key, old);
  else
    EXPECT_THAT(table().erasing(), ElementsAre(kAnn));
}

TEST(KeysOnDisk, ThatAreBegunHaveNumbersFromTheOneThatIsGivenAndKeepTheirs) {
  const testing::TempDir dir;
  for (const std::uint64_t first : {1'000, 2'000}) {
    const auto keys = open_disk_key_store(dir / "keys", kEpoch, Access::Beginning, first);
    ASSERT_TRUE(keys) << keys.error();
    EXPECT_EQ((*keys)->table().next(), 1'000U);
  }
}

TEST(KeysOnDisk, ThatAreNotThereCantBeRead) {
  const testing::TempDir dir;
  EXPECT_FALSE(open_disk_key_store(dir / "none", kEpoch, Access::Reading));
}

}  // namespace
}  // namespace parley::keys
