// Keys as rows of a small store of their own. One thread writes what was asked meanwhile as one batch and flushes it; when
// something was destroyed it also rewrites the files, so that the bytes are gone.
//
// Errors: a round that failed may still come to the disk, now or when the store is closed. So the store is opened anew, as
// soon as that works, and what the disk has then is what was done; what was to be destroyed is destroyed once more. Until then
// everything else is refused.
#include <pthread.h>

#include <atomic>
#include <thread>
#include <unordered_set>

#include "keys/job_queue.hpp"
#include "runtime/log.hpp"
#include "store/store.hpp"

namespace parley::keys {
namespace {

constexpr store::TableId kRecords = 1;  // number -> KeyRecord
constexpr store::TableId kErased = 2;   // user -> KeyRecord (Erased)
constexpr store::TableId kMeta = 3;     // "epoch" -> KeyRecord (Epoch), "next" -> number
constexpr std::chrono::seconds kResumeEvery{1};
using Clock = std::chrono::steady_clock;

std::string row_key(std::uint64_t number) {
  std::string key;
  for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(number >> shift & 0xff));
  return key;
}

std::uint64_t number_of(std::string_view key) {
  std::uint64_t number = 0;
  for (const char c : key) number = number << 8 | static_cast<std::uint8_t>(c);
  return number;
}

class DiskKeyStore final : public KeyStore {
 public:
  DiskKeyStore(std::unique_ptr<store::Store> store, store::StoreOptions options)
      : store_(std::move(store)), options_(std::move(options)) {
    options_.create = false;
  }
  ~DiskKeyStore() override { stop(); }
  DiskKeyStore(const DiskKeyStore&) = delete;
  DiskKeyStore& operator=(const DiskKeyStore&) = delete;

  std::expected<void, std::string> load(std::uint64_t epoch, Access access, std::uint64_t first);

  void make(core::UserId user, Done done) override {
    ask({{std::move(user), Made{codec::BodyKey::make().secret()}}, std::move(done)});
  }
  void destroy(core::UserId user, Done done) override { ask({{std::move(user), Erasing{}}, std::move(done)}); }
  void finish(core::UserId user, std::uint64_t below, Done done) override {
    ask({{std::move(user), Erased{below}}, std::move(done)});
  }
  void close(std::chrono::milliseconds) override { stop(); }  // what is under way takes a flush, not longer
  [[nodiscard]] bool healthy() const override { return healthy_; }

 private:
  // What one turn of the thread writes.
  struct Round {
    store::Batch batch;
    std::vector<std::pair<KeyRecord, std::uint64_t>> records;  // with their numbers; not in the table yet
    std::unordered_set<core::UserId> made;
    std::unordered_set<core::UserId> destroyed;
  };
  void ask(Job job);
  void run();
  void work(const std::vector<Job>& jobs);
  void put(const KeyRecord& record, Round& round);
  store::Stored<void> write(Round& round);
  store::Stored<void> remove_destroyed(Round& round);
  void apply(Round& round);
  void suspend(std::unique_ptr<Round> round, const std::string& why);
  void resume();
  bool reopen();
  void stop();

  std::unique_ptr<store::Store> store_;
  store::StoreOptions options_;  // to open it again
  std::uint64_t next_ = 1;
  JobQueue jobs_;
  std::unique_ptr<Round> undecided_;  // while it is not healthy
  Clock::time_point resume_at_;       // then, too
  std::atomic<bool> healthy_ = true;
  std::thread thread_;
};

std::expected<void, std::string> DiskKeyStore::load(std::uint64_t epoch, Access access, std::uint64_t first) {
  const auto snapshot = store_->snapshot();
  bool sound = true;
  const auto apply = [&](std::string_view key, std::string_view value, bool numbered) {
    const auto record = decode_key_record(value);
    sound = sound && record.has_value();
    if (!record) return false;
    table_.apply(*record, numbered ? number_of(key) : 0);
    return true;
  };
  const auto scan = [&](store::TableId table, bool numbered) {
    const auto scanned = snapshot->scan(
        table, {}, {}, [&](std::string_view key, std::string_view value) { return apply(key, value, numbered); });
    sound = sound && scanned.has_value();
  };
  scan(kRecords, true);
  scan(kErased, false);
  const auto of_log = snapshot->get(kMeta, "epoch");
  if (of_log && *of_log) apply({}, **of_log, false);
  const auto next = snapshot->get(kMeta, "next");
  if (!sound || !of_log || !next) return std::unexpected("can't be read");
  next_ = *next ? number_of(**next) : first;
  table_.is_always_whole();
  table_.reached(next_);
  if (table_.epoch() != 0 && table_.epoch() != epoch) return std::unexpected("are of another log than this one");
  if (access == Access::Reading) return {};
  if (table_.epoch() == 0) {
    if (access != Access::Beginning) return std::unexpected("aren't there" + std::string(kPutThemBack));
    Round round;
    round.batch.put(kMeta, "epoch", encode({{}, Epoch{epoch}}));
    if (auto written = write(round); !written) return std::unexpected("can't be written: " + written.error().what);
  }
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "keys");
  return {};
}

void DiskKeyStore::ask(Job job) {
  const auto done = job.done;
  if (!jobs_.push(std::move(job))) done(Told::Refused);
}

void DiskKeyStore::stop() {
  jobs_.close();
  if (thread_.joinable()) thread_.join();
}

void DiskKeyStore::run() {
  while (const auto jobs = jobs_.take(healthy_ ? std::nullopt : std::optional(resume_at_))) {
    if (!healthy_ && Clock::now() >= resume_at_) resume();
    if (!healthy_)
      for (const auto& job : *jobs) job.done(Told::Refused);
    else if (!jobs->empty())
      work(*jobs);
  }
}

void DiskKeyStore::work(const std::vector<Job>& jobs) {
  auto round = std::make_unique<Round>();
  for (const auto& job : jobs) put(job.record, *round);
  auto written = write(*round);
  if (written) {
    apply(*round);
    if (!round->destroyed.empty()) written = store_->compact();
  }
  if (!written) suspend(std::move(round), written.error().what);
  if (written && !healthy_.exchange(true)) spdlog::info("keys can be written again");
  for (const auto& job : jobs) job.done(written ? Told::Done : Told::Unknown);
}

// Who has a key already, or gets one in this round, needs no other.
void DiskKeyStore::put(const KeyRecord& record, Round& round) {
  if (std::holds_alternative<Made>(record.what)) {
    if (table_.current(record.user) && !round.destroyed.contains(record.user)) return;
    if (!round.made.insert(record.user).second) return;
  }
  const auto number = next_++;
  if (std::holds_alternative<Erased>(record.what)) {
    round.batch.put(kErased, record.user.text, encode(record));
  } else {
    if (std::holds_alternative<Erasing>(record.what)) {  // one row is what is left of all
      for (const auto& [other, its_number] : round.records)
        if (other.user == record.user) round.batch.remove(kRecords, row_key(its_number));
      round.destroyed.insert(record.user);
      round.made.erase(record.user);
    }
    round.batch.put(kRecords, row_key(number), encode(record));
  }
  round.records.emplace_back(record, number);
}

store::Stored<void> DiskKeyStore::write(Round& round) {
  if (auto removed = remove_destroyed(round); !removed) return removed;
  round.batch.put(kMeta, "next", row_key(next_));
  auto written = store_->write(round.batch);
  if (written) written = store_->flush();
  return written;
}

// The rows that they had before this round.
store::Stored<void> DiskKeyStore::remove_destroyed(Round& round) {
  if (round.destroyed.empty()) return {};
  return store_->snapshot()->scan(kRecords, {}, {}, [&](std::string_view key, std::string_view value) {
    const auto record = decode_key_record(value);
    if (record && round.destroyed.contains(record->user)) round.batch.remove(kRecords, key);
    return true;
  });
}

void DiskKeyStore::apply(Round& round) {
  for (const auto& [record, number] : round.records) table_.apply(record, number);
  round.records.clear();
  table_.reached(next_);
}

void DiskKeyStore::suspend(std::unique_ptr<Round> round, const std::string& why) {
  if (!round->records.empty())
    for (const auto& user : round->destroyed) table_.doubt(user);
  undecided_ = std::move(round);
  resume_at_ = Clock::now() + kResumeEvery;
  if (healthy_.exchange(false)) spdlog::error("keys can't be written: {}", why);
}

void DiskKeyStore::resume() {
  resume_at_ = Clock::now() + kResumeEvery;
  if (!reopen()) return;
  std::vector<Job> again;
  for (const auto& user : std::exchange(undecided_, nullptr)->destroyed) again.push_back({{user, Erasing{}}, [](Told) {}});
  work(again);  // of nothing, too: whether it can be written is seen by writing
}

// Closing it may yet bring to the disk what was in memory.
bool DiskKeyStore::reopen() {
  store_.reset();
  auto store = store::Store::open(options_);
  if (!store) return false;
  const auto next = (*store)->get(kMeta, "next");
  if (!next || !*next || number_of(**next) < table_.next()) return false;  // not the one that it was
  store_ = std::move(*store);
  const bool was_written = number_of(**next) == next_;
  next_ = number_of(**next);
  if (was_written) apply(*undecided_);
  return true;
}

}  // namespace

std::expected<std::unique_ptr<KeyStore>, std::string> open_disk_key_store(const std::filesystem::path& dir, std::uint64_t epoch,
                                                                          Access access, std::uint64_t first) {
  constexpr std::size_t kMemory = 1 << 20;
  const auto sentence = [&](const std::string& what) { return "the keys in " + dir.string() + " " + what; };
  if (access != Access::Beginning && !std::filesystem::exists(dir / "CURRENT"))
    return std::unexpected(sentence("aren't there" + std::string(access == Access::Writing ? kPutThemBack : "")));
  const store::StoreOptions options{.dir = dir,
                                    .write_buffer_bytes = kMemory,
                                    .block_cache_bytes = kMemory,
                                    .read_only = access == Access::Reading,
                                    .ordered = {}};
  auto store = store::Store::open(options);
  // Beside a writer, a file may be gone between the moment it was listed and the moment it is opened.
  for (int again = 0; !store && access == Access::Reading && again < 10; ++again) store = store::Store::open(options);
  if (!store) return std::unexpected("the keys can't be opened: " + store.error().what);
  auto keys = std::make_unique<DiskKeyStore>(std::move(*store), options);
  if (auto loaded = keys->load(epoch, access, first); !loaded) return std::unexpected(sentence(loaded.error()));
  return keys;
}

}  // namespace parley::keys
