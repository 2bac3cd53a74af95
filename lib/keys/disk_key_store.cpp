// Keys as rows of a small store of their own. One thread writes what was asked meanwhile as one batch and flushes it; when
// something was destroyed it also rewrites the files, so that the bytes are gone.
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
  explicit DiskKeyStore(std::unique_ptr<store::Store> store) : store_(std::move(store)) {}
  ~DiskKeyStore() override { stop(); }
  DiskKeyStore(const DiskKeyStore&) = delete;
  DiskKeyStore& operator=(const DiskKeyStore&) = delete;

  std::expected<void, std::string> load(std::uint64_t epoch, Access access);

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
  // What one round of the thread wrote.
  struct Round {
    store::Batch batch;
    std::vector<std::pair<KeyRecord, std::uint64_t>> applied;  // what it means for the table
    std::unordered_set<core::UserId> made;
    std::unordered_set<core::UserId> destroyed;
  };
  void ask(Job job);
  void run();
  void work(std::vector<Job> jobs);
  void put(const KeyRecord& record, Round& round);
  store::Stored<void> write(Round& round);
  void stop();

  std::unique_ptr<store::Store> store_;
  std::uint64_t next_ = 1;
  std::unordered_map<core::UserId, std::vector<std::uint64_t>> numbers_;  // of the rows that a user has in table records
  JobQueue jobs_;
  std::atomic<bool> healthy_ = true;
  std::thread thread_;
};

std::expected<void, std::string> DiskKeyStore::load(std::uint64_t epoch, Access access) {
  const auto snapshot = store_->snapshot();
  bool sound = true;
  const auto apply = [&](std::string_view key, std::string_view value, bool numbered) {
    const auto record = decode_key_record(value);
    sound = sound && record.has_value();
    if (!record) return false;
    const auto number = numbered ? number_of(key) : 0;
    if (numbered && !std::holds_alternative<Epoch>(record->what)) numbers_[record->user].push_back(number);
    table_.apply(*record, number);
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
  if (*next) next_ = number_of(**next);
  table_.is_always_whole();
  table_.reached(next_);
  if (table_.epoch() != 0 && table_.epoch() != epoch) return std::unexpected("are of another log than this one");
  if (access == Access::Reading) return {};
  if (table_.epoch() == 0) {
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
  if (!jobs_.push(std::move(job))) done(false);
}

void DiskKeyStore::stop() {
  jobs_.close();
  if (thread_.joinable()) thread_.join();
}

void DiskKeyStore::run() {
  for (auto jobs = jobs_.take(); !jobs.empty(); jobs = jobs_.take()) work(std::move(jobs));
}

void DiskKeyStore::work(std::vector<Job> jobs) {
  Round round;
  for (const auto& job : jobs) put(job.record, round);
  const auto written = write(round);
  if (written)
    for (const auto& [record, number] : round.applied) table_.apply(record, number);
  table_.reached(next_);
  const auto gone = written && !round.destroyed.empty() ? store_->compact() : written;
  if (healthy_.exchange(gone.has_value()) && !gone) spdlog::error("keys can't be written: {}", gone.error().what);
  for (const auto& job : jobs) job.done(gone.has_value());
}

// Who has a key already, or gets one in this round, needs no other.
void DiskKeyStore::put(const KeyRecord& record, Round& round) {
  if (const auto* erased = std::get_if<Erased>(&record.what)) {
    round.batch.put(kErased, record.user.text, encode(record));
    round.applied.emplace_back(record, erased->below);
    return;
  }
  auto& numbers = numbers_[record.user];
  if (std::holds_alternative<Made>(record.what)) {
    if (table_.current(record.user) && !round.destroyed.contains(record.user)) return;
    if (!round.made.insert(record.user).second) return;
  } else {  // erasing: one row is what is left of all
    for (const auto number : std::exchange(numbers, {})) round.batch.remove(kRecords, row_key(number));
    round.destroyed.insert(record.user);
    round.made.erase(record.user);
  }
  const auto number = next_++;
  numbers.push_back(number);
  round.batch.put(kRecords, row_key(number), encode(record));
  round.applied.emplace_back(record, number);
}

store::Stored<void> DiskKeyStore::write(Round& round) {
  round.batch.put(kMeta, "next", row_key(next_));
  auto written = store_->write(round.batch);
  if (written) written = store_->flush();
  return written;
}

}  // namespace

std::expected<std::unique_ptr<KeyStore>, std::string> open_disk_key_store(const std::filesystem::path& dir, std::uint64_t epoch,
                                                                          Access access) {
  constexpr std::size_t kMemory = 1 << 20;
  const auto sentence = [&](const std::string& what) { return "the keys in " + dir.string() + " " + what; };
  if (access == Access::Reading && !std::filesystem::exists(dir)) return std::unexpected(sentence("aren't there"));
  const store::StoreOptions options{.dir = dir,
                                    .write_buffer_bytes = kMemory,
                                    .block_cache_bytes = kMemory,
                                    .read_only = access == Access::Reading,
                                    .ordered = {}};
  auto store = store::Store::open(options);
  // Beside a writer, a file may be gone between the moment it was listed and the moment it is opened.
  for (int again = 0; !store && access == Access::Reading && again < 10; ++again) store = store::Store::open(options);
  if (!store) return std::unexpected(sentence("can't be opened: " + store.error().what));
  auto keys = std::make_unique<DiskKeyStore>(std::move(*store));
  if (auto loaded = keys->load(epoch, access); !loaded) return std::unexpected(sentence(loaded.error()));
  return keys;
}

}  // namespace parley::keys
