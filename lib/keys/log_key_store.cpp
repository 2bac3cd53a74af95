// Keys as a log of one partition in which a record replaces the former one of its key: Kafka's compaction drops the old ones.
// One thread reads it into the table; whoever asked is answered when the table has what he asked for.
#include <pthread.h>

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "keys/key_store.hpp"
#include "runtime/clock.hpp"
#include "runtime/log.hpp"
#include "runtime/random.hpp"

namespace parley::keys {
namespace {

constexpr std::chrono::milliseconds kTurn{100};
// A segment of Kafka's is closed, and so compacted, by the first record that comes when it is a minute old (topic.cpp).
constexpr std::chrono::seconds kUntilSegmentIsOld{70};
constexpr std::size_t kMaxRecords = 1000;
using Clock = std::chrono::steady_clock;

std::uint64_t number_of(eventlog::Offset offset) { return offset + 1; }

// Of keys each has a name of its own, made of random bytes; everything else of a user is there once.
std::string name_of(const KeyRecord& record) {
  if (std::holds_alternative<Epoch>(record.what)) return "epoch";
  if (std::holds_alternative<Erasing>(record.what)) return "erasing/" + record.user.text;
  if (std::holds_alternative<Erased>(record.what)) return "erased/" + record.user.text;
  return "key/" + record.user.text + '/' + std::to_string(runtime::random_u64());
}

class LogKeyStore final : public KeyStore {
 public:
  explicit LogKeyStore(std::unique_ptr<eventlog::EventLog> log) : log_(std::move(log)), consumer_(log_->consumer()) {}
  ~LogKeyStore() override {
    stopping_ = true;
    consumer_->wake();
    if (thread_.joinable()) thread_.join();
    consumer_.reset();
    log_.reset();  // its last completions look at what is below
    refuse_waiters();
  }
  LogKeyStore(const LogKeyStore&) = delete;
  LogKeyStore& operator=(const LogKeyStore&) = delete;

  std::expected<void, std::string> load(std::uint64_t epoch, Access access, std::chrono::milliseconds deadline);

  void make(core::UserId user, Done done) override;
  void destroy(core::UserId user, Done done) override;
  void finish(core::UserId user, std::uint64_t below, Done done) override {
    append({std::move(user), Erased{below}}, std::move(done));
  }
  void close(std::chrono::milliseconds deadline) override { log_->close(deadline); }
  [[nodiscard]] bool healthy() const override { return healthy_ && log_->healthy(); }

 private:
  // Done when it is in the table.
  void append(KeyRecord record, Done done);
  void append(std::string name, const KeyRecord& record, Done done);
  void wait_for(std::uint64_t number, Done done);
  void answer_waiters();
  void refuse_waiters();
  void destroy_names(const core::UserId& user, const Done& done);
  bool read(std::chrono::milliseconds wait);
  bool read_to_end(Clock::time_point until);
  void apply(const eventlog::Record& record);
  void run();

  std::unique_ptr<eventlog::EventLog> log_;
  std::unique_ptr<eventlog::Consumer> consumer_;
  std::mutex mutex_;                                    // over what askers and the thread share
  std::multimap<std::uint64_t, Done> waiters_;          // by the number that is waited for
  std::map<core::UserId, std::vector<Done>> making_;    // who waits for a key under way
  std::multimap<core::UserId, std::string> key_names_;  // of keys whose bytes are in the log
  bool writes_ = false;
  std::optional<Clock::time_point> close_segment_at_;  // so that what was destroyed leaves the disk
  std::atomic<bool> healthy_ = true;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

std::expected<void, std::string> LogKeyStore::load(std::uint64_t epoch, Access access, std::chrono::milliseconds deadline) {
  const auto until = Clock::now() + deadline;
  writes_ = access != Access::Reading;
  consumer_->assign(0, 0);
  if (!read_to_end(until)) return std::unexpected("the key table can't be read in time");
  if (table_.epoch() == 0 && access == Access::Writing)
    return std::unexpected("the keys aren't there" + std::string(kPutThemBack));
  if (table_.epoch() == 0 && access == Access::Beginning) {
    const auto written = std::make_shared<std::atomic<bool>>(false);  // an answer may come late
    append({{}, Epoch{epoch}}, [written](Told told) { *written = told == Told::Done; });
    while (!*written && Clock::now() < until) read(kTurn);
    if (!*written) return std::unexpected("the key table can't be written");
  }
  if (table_.epoch() != 0 && table_.epoch() != epoch) return std::unexpected("the key table is of another log than this one");
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "keys");
  return {};
}

bool LogKeyStore::read_to_end(Clock::time_point until) {
  auto end = log_->end(0);
  while (!end && Clock::now() < until) {
    std::this_thread::sleep_for(kTurn);
    end = log_->end(0);
  }
  while (end && table_.next() < number_of(*end) && Clock::now() < until) read(kTurn);
  return end && table_.next() >= number_of(*end);
}

void LogKeyStore::run() {
  while (!stopping_) {
    healthy_ = read(kTurn);
    if (!healthy_) std::this_thread::sleep_for(kTurn);
    if (table_.is_waited_for())
      if (const auto end = log_->end(0)) table_.ends_at(number_of(*end));
    if (!close_segment_at_ || Clock::now() < *close_segment_at_) continue;
    close_segment_at_.reset();
    append({{}, Epoch{table_.epoch()}}, [](Told) {});  // says nothing new
  }
}

bool LogKeyStore::read(std::chrono::milliseconds wait) {
  const auto batch = consumer_->poll(wait, kMaxRecords);
  if (!batch) return false;
  if (!*batch || (*batch)->view().empty()) return true;
  for (const auto& record : (*batch)->view()) apply(record);
  table_.reached(number_of((*batch)->view().back().offset + 1));
  answer_waiters();
  return true;
}

void LogKeyStore::apply(const eventlog::Record& bytes) {
  const auto record = decode_key_record(bytes.value);
  if (!record) {
    spdlog::error("the key table's record {} can't be read", bytes.offset);
    return;
  }
  table_.apply(*record, number_of(bytes.offset));
  if (writes_ && std::holds_alternative<Destroyed>(record->what)) close_segment_at_ = Clock::now() + kUntilSegmentIsOld;
  const std::scoped_lock lock(mutex_);
  if (std::holds_alternative<Made>(record->what)) key_names_.emplace(record->user, bytes.key);
  if (std::holds_alternative<Destroyed>(record->what))
    std::erase_if(key_names_, [&](const auto& entry) { return entry.second == bytes.key; });
}

void LogKeyStore::append(KeyRecord record, Done done) {
  auto name = name_of(record);
  append(std::move(name), record, std::move(done));
}

void LogKeyStore::append(std::string name, const KeyRecord& record, Done done) {
  std::vector<eventlog::AppendRequest> requests(1);
  auto& request = requests.front();
  request.record.key = std::move(name);
  request.record.value = encode(record);
  request.record.event = {.type = "parley.key.v1",
                          .id = std::to_string(runtime::random_u64()),
                          .source = "/parley/keys",
                          .time = {},
                          .subject = {},
                          .traceparent = {}};
  request.done = [this, done = std::move(done)](std::expected<eventlog::Offset, eventlog::AppendError> offset) {
    if (offset) return wait_for(number_of(*offset), done);
    done(offset.error() == eventlog::AppendError::Unknown ? Told::Unknown : Told::Refused);
  };
  log_->append(std::move(requests));
}

void LogKeyStore::wait_for(std::uint64_t number, Done done) {
  {
    const std::scoped_lock lock(mutex_);
    waiters_.emplace(number, std::move(done));
  }
  answer_waiters();
}

void LogKeyStore::answer_waiters() {
  std::vector<Done> ready;
  {
    const std::scoped_lock lock(mutex_);
    const auto last = waiters_.lower_bound(table_.next());
    for (auto it = waiters_.begin(); it != last; ++it) ready.push_back(std::move(it->second));
    waiters_.erase(waiters_.begin(), last);
  }
  for (const auto& done : ready) done(Told::Done);
}

void LogKeyStore::refuse_waiters() {
  std::multimap<std::uint64_t, Done> left;
  {
    const std::scoped_lock lock(mutex_);
    left.swap(waiters_);
  }
  for (const auto& [number, done] : left) done(Told::Unknown);
}

// Several processes may make one at once: all take the first.
void LogKeyStore::make(core::UserId user, Done done) {
  {
    const std::scoped_lock lock(mutex_);
    auto& waiting = making_[user];
    waiting.push_back(std::move(done));
    if (waiting.size() > 1) return;
  }
  KeyRecord record{user, Made{codec::BodyKey::make().secret()}};
  append(std::move(record), [this, user = std::move(user)](Told told) {
    std::vector<Done> waiting;
    {
      const std::scoped_lock lock(mutex_);
      waiting = std::move(making_[user]);
      making_.erase(user);
    }
    for (const auto& one : waiting) one(told);
  });
}

// First what makes the keys void for everyone, then what lets compaction take their bytes.
void LogKeyStore::destroy(core::UserId user, Done done) {
  KeyRecord record{user, Erasing{}};
  append(std::move(record), [this, user = std::move(user), done = std::move(done)](Told told) {
    told == Told::Done ? destroy_names(user, done) : done(told);
  });
}

void LogKeyStore::destroy_names(const core::UserId& user, const Done& done) {
  struct Count {
    std::atomic<std::size_t> left;
    std::atomic<bool> all = true;
    Done done;
  };
  std::vector<std::string> names;
  {
    const std::scoped_lock lock(mutex_);
    const auto [first, last] = key_names_.equal_range(user);
    for (auto it = first; it != last; ++it) names.push_back(it->second);
  }
  if (names.empty()) return done(Told::Done);
  const auto count = std::make_shared<Count>(names.size());
  count->done = done;
  for (auto& name : names)
    append(std::move(name), {user, Destroyed{}}, [count](Told told) {
      if (told != Told::Done) count->all = false;
      if (--count->left == 0) count->done(count->all ? Told::Done : Told::Unknown);
    });
}

}  // namespace

std::expected<std::unique_ptr<KeyStore>, std::string> open_log_key_store(std::unique_ptr<eventlog::EventLog> log,
                                                                         std::uint64_t epoch, Access access,
                                                                         std::chrono::milliseconds deadline) {
  auto keys = std::make_unique<LogKeyStore>(std::move(log));
  if (auto loaded = keys->load(epoch, access, deadline); !loaded) return std::unexpected(loaded.error());
  return keys;
}

}  // namespace parley::keys
