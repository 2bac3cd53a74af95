// The verbs that do one thing and end: token, replay, verify, deadletters.
#include <chrono>
#include <cstdio>
#include <map>
#include <thread>

#include "app/compose.hpp"
#include "app/front.hpp"
#include "app/log.hpp"
#include "app/progress.hpp"
#include "app/searching.hpp"
#include "app/shapes.hpp"
#include "projector/read_tables.hpp"
#include "runtime/log.hpp"
#include "store/digest.hpp"

namespace parley::app {

namespace fs = std::filesystem;

int run_token(const Options& options) {
  const auto user = core::UserId::parse(options.user);
  if (!user) return fail("a user id is 1 to 128 characters, without control characters and '/'");
  const auto policy = token_policy(options, false);
  if (!policy) return fail(policy.error());
  const auto now = runtime::SystemClock().now_ms();
  const auto token = auth::issue(
      policy->verifier, {.user = *user, .name = "", .issued_at_ms = now, .expires_at_ms = now + options.expires_in_s * 1000LL});
  std::printf("%s\n", token.c_str());
  return 0;
}

namespace {

// How far a replay is.
class ReplayProgress {
 public:
  explicit ReplayProgress(std::uint64_t total) : total_(total) {}

  void folded(std::uint64_t count) {
    folded_.reach(count);
    if (!shown_.is_due()) return;
    if (shown_.on_terminal()) return bar(false);
    Progress::line("progress", fold_fields());
  }
  // After everything is folded.
  void indexed(std::uint64_t count) {
    if (!indexed_) indexed_.emplace();
    indexed_->reach(count);
    if (!shown_.is_due()) return;
    if (shown_.on_terminal()) return static_cast<void>(std::fprintf(stderr, "\r%llu messages indexed", number(count)));
    Progress::line("indexing", index_fields());
  }
  void done() {
    if (!shown_.on_terminal()) return Progress::line("done", fold_fields() + (indexed_ ? "," + index_fields() : ""));
    bar(true);
    if (indexed_) std::fprintf(stderr, "%llu messages indexed in %.1f s\n", number(indexed_->count()), indexed_->seconds());
  }

 private:
  static unsigned long long number(std::uint64_t n) { return n; }
  void bar(bool last) const {
    shown_.bar(folded_.count(), total_, fmt::format("folded {} of {}, {:.0f}/s", folded_.count(), total_, folded_.per_second()),
               last);
  }
  [[nodiscard]] std::string fold_fields() const {
    return fmt::format(R"("folded":{},"total":{},"seconds":{:.3f},"per_second":{:.0f})", folded_.count(), total_,
                       folded_.seconds(), folded_.per_second());
  }
  [[nodiscard]] std::string index_fields() const {
    return fmt::format(R"("indexed":{},"index_seconds":{:.3f})", indexed_->count(), indexed_->seconds());
  }

  std::uint64_t total_;
  Progress shown_;
  Pace folded_;
  std::optional<Pace> indexed_;  // none: not begun
};

std::uint64_t folded(const fold::Pipeline& pipeline) {
  std::uint64_t sum = 0;
  for (const auto partition : pipeline.partitions()) sum += pipeline.progress(partition).next.load(std::memory_order_acquire);
  return sum;
}

// The index of what was folded, from its messages; false: told to stop.
bool build_index(const Options& options, const fold::Pipeline& pipeline, const runtime::StopSignal& signal,
                 ReplayProgress& report) {
  projector::TouchedQueue nothing(pipeline.control().partitions, false);
  projector::Indexer indexer(pipeline, nothing, {.index = index_options(options), .threads = runtime::available_cpus()});
  indexer.start();
  while (!indexer.is_current()) {
    if (signal.pending()) return false;
    report.indexed(indexer.looked_at());
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  report.indexed(indexer.looked_at());
  return true;
}

}  // namespace

int run_replay(const Options& options) {
  runtime::StopSignal signal;
  std::error_code error;
  if (fs::exists(options.out, error) && !fs::is_empty(options.out, error))
    return fail(options.out + " is not empty: state is built in a new directory");
  const auto opened = open_log_to_read(options);
  if (!opened) return fail(opened.error());
  std::uint64_t total = 0;
  std::vector<eventlog::Offset> ends;
  for (std::uint32_t p = 0; p < opened->control.partitions; ++p) {
    const auto end = opened->log->end(p);
    if (!end) return fail("the log's end can't be read");
    ends.push_back(*end);
    total += *end;
  }

  const auto keys = open_keys(options, *opened, keys::Access::Reading);
  if (!keys) return fail(keys.error());
  projector::ReadTables tables;
  auto how = pipeline_options(options, opened->control, **keys);
  how.dir = options.out;
  if (options.state.fold_threads == 0) how.threads = runtime::available_cpus();  // nothing else is to be done meanwhile
  const auto pipeline = fold::Pipeline::open(*opened->log, opened->control, how, &tables, nullptr);
  if (!pipeline) return fail(pipeline.error());
  const auto finished = [&] {
    for (std::uint32_t p = 0; p < ends.size(); ++p)
      if ((*pipeline)->progress(p).next.load(std::memory_order_acquire) < ends[p] || (*pipeline)->purging(p)) return false;
    return true;
  };
  ReplayProgress report(total);
  (*pipeline)->start();
  while (!finished()) {
    if (signal.pending()) return fail("stopped before the end: remove " + options.out);
    report.folded(folded(**pipeline));
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  (*pipeline)->stop();
  report.folded(folded(**pipeline));
  if (searches(options) && !build_index(options, **pipeline, signal, report))
    return fail("stopped before the end: remove " + options.out);
  report.done();
  return 0;
}

namespace {

// One partition's state.
struct Opened {
  fs::path dir;
  std::unique_ptr<store::Store> store;
};
using Stores = std::map<std::string, Opened>;

std::expected<Stores, std::string> open_state(const fs::path& dir) {
  Stores stores;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(dir, error)) {
    const auto name = entry.path().filename().string();
    if (!entry.is_directory() || !name.starts_with("p")) continue;
    auto generations = store::Generations::open(entry.path());
    if (!generations) return std::unexpected(generations.error().what);
    const auto current = generations->current();
    if (!current) return std::unexpected(current.error().what);
    if (!*current) return std::unexpected(entry.path().string() + " has no generation that serves");
    auto opened = store::Store::open({.dir = generations->path_of(**current), .read_only = true});
    if (!opened) return std::unexpected(opened.error().what);
    stores.emplace(name, Opened{generations->path_of(**current), std::move(*opened)});
  }
  if (stores.empty()) return std::unexpected("there is no state in " + dir.string());
  return stores;
}

std::string printable(std::string_view bytes) {
  std::string text;
  char buffer[5];
  for (const char c : bytes.substr(0, 96)) {
    const auto byte = static_cast<unsigned char>(c);
    std::snprintf(buffer, sizeof buffer, byte >= 0x20 && byte < 0x7f ? "%c" : "\\x%02x", byte);
    text += buffer;
  }
  return bytes.size() > 96 ? text + "…" : text;
}

// False, after saying so, when the table differs.
std::expected<bool, std::string> compare(const std::string& partition, fold::Table table, const store::Store& left,
                                         const store::Store& right) {
  const auto a = store::digest(*left.snapshot(), fold::id(table));
  const auto b = store::digest(*right.snapshot(), fold::id(table));
  if (!a) return std::unexpected(a.error().what);
  if (!b) return std::unexpected(b.error().what);
  const std::string name(fold::name(table));
  if (*a == *b) {
    std::printf("%s %-18s %s\n", partition.c_str(), name.c_str(), store::hex(*a).c_str());
    return true;
  }
  const auto difference = store::first_difference(left, right, fold::id(table));
  if (!difference) return std::unexpected(difference.error().what);
  std::printf("%s %-18s DIFFERS, first at key %s\n  left:  %s\n  right: %s\n", partition.c_str(), name.c_str(),
              printable((*difference)->key).c_str(),
              (*difference)->in_a ? printable(*(*difference)->in_a).c_str() : "(nothing)",
              (*difference)->in_b ? printable(*(*difference)->in_b).c_str() : "(nothing)");
  return false;
}

// Is there something in the store that the index beside it has not taken in?
bool is_behind(const store::Store& store, const search::Progress& progress) {
  bool behind = progress.building;
  const auto from = fold::Key().number(progress.next_offset + 1, sizeof progress.next_offset);
  const auto scanned = store.snapshot()->scan(fold::id(fold::Table::Touched), {}, from, [&](auto, auto) {
    behind = true;
    return false;
  });
  return behind || !scanned;
}

// Where both have one that is up to its store. False, after saying so, when they differ.
std::expected<bool, std::string> compare_indexes(const std::string& partition, const Opened& left, const Opened& right) {
  std::vector<search::Digest> digests;
  const auto say = [&](const std::string& what) { std::printf("%s %-18s %s\n", partition.c_str(), "search", what.c_str()); };
  for (const auto* side : {&left, &right}) {
    const auto dir = projector::index_dir(side->dir);
    if (!fs::exists(dir)) return true;
    auto made = search::digest(dir);
    if (!made) return std::unexpected("the search index in " + dir.string() + " can't be read: " + made.error().what);
    if (is_behind(*side->store, made->progress)) {
      say("not compared: " + dir.string() + " is behind its store");
      return true;
    }
    digests.push_back(std::move(*made));
  }
  const bool equal = digests[0].hex == digests[1].hex;
  say(equal ? digests[0].hex
            : fmt::format("DIFFERS: {} messages on the left, {} on the right", digests[0].documents, digests[1].documents));
  return equal;
}

}  // namespace

int run_verify(const Options& options) {
  const auto left = open_state(options.left);
  if (!left) return fail(left.error());
  const auto right = open_state(options.right);
  if (!right) return fail(right.error());
  bool equal = left->size() == right->size();
  for (const auto& [partition, opened] : *left) {
    const auto other = right->find(partition);
    if (other == right->end()) {
      std::printf("%s is on the left only\n", partition.c_str());
      equal = false;
      continue;
    }
    for (const auto table : fold::kTables) {
      const auto same = compare(partition, table, *opened.store, *other->second.store);
      if (!same) return fail(same.error());
      equal = equal && *same;
    }
    const auto same = compare_indexes(partition, opened, other->second);
    if (!same) return fail(same.error());
    equal = equal && *same;
  }
  std::printf(equal ? "equal\n" : "NOT EQUAL\n");
  return equal ? 0 : 1;
}

int run_dead_letters(const Options& options) {
  const auto stores = open_state(fs::path(options.data) / "state");
  if (!stores) return fail(stores.error());
  for (const auto& [partition, opened] : *stores) {
    const auto scanned = opened.store->snapshot()->scan(
        fold::id(fold::Table::DeadLetters), {}, {}, [&](std::string_view key, std::string_view value) {
          std::printf("%s offset %llu, %zu bytes: %s\n", partition.c_str(),
                      static_cast<unsigned long long>(fold::number_at_end(key, 8)), value.size(), printable(value).c_str());
          return true;
        });
    if (!scanned) return fail(scanned.error().what);
  }
  return 0;
}

}  // namespace parley::app
