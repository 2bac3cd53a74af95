// What it costs to build state from the log alone, and what RocksDB alone would take for the same rows. In one process and one
// after the other, so that the machine's mood is the same for both:
//
//   1. an embedded log with a number of posts is written, closed and opened again
//   2. log -> fold -> read models, from zero to the last record, put on disk
//   3. the rows that this left, in fresh stores with the same options, in batches of as many rows, by as many threads; once in
//      the order in which the fold wrote them, once in the order of their keys, which is the easiest there is for RocksDB
//
// Prints one JSON object. Files are below TMPDIR and gone at the end.
#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdio>
#include <numeric>
#include <semaphore>
#include <thread>

#include "bench/stopwatch.hpp"
#include "bench/stored_rows.hpp"
#include "bench/traffic.hpp"
#include "eventlog/embedded/embedded_log.hpp"
#include "fold/control.hpp"
#include "fold/pipeline.hpp"
#include "projector/read_tables.hpp"
#include "runtime/shards.hpp"
#include "tests/support/temp_dir.hpp"

namespace parley::bench {
namespace {

namespace fs = std::filesystem;
using Log = std::unique_ptr<eventlog::EventLog>;
template <class T>
using Or = std::expected<T, std::string>;

constexpr std::chrono::seconds kLogDeadline{30};

struct Options {
  std::uint64_t posts = 1'000'000;
  TrafficShape traffic;
  std::uint32_t partitions = 4;
  std::size_t threads = 0;
  [[nodiscard]] std::uint64_t commands() const { return posts + traffic.channels; }
};

Or<Log> open_log(const fs::path& dir, const Options& options) {
  return eventlog::open_embedded_log({.dir = dir, .partitions = options.partitions});
}

// Appends in groups, a few of them on their way at once: the log's queue is bounded.
class GroupAppender {
 public:
  explicit GroupAppender(eventlog::EventLog& log) : log_(log) {}
  ~GroupAppender() { wait(); }
  GroupAppender(const GroupAppender&) = delete;
  GroupAppender& operator=(const GroupAppender&) = delete;

  void append(std::vector<eventlog::NewRecord> records) {
    free_.acquire();
    const auto left = std::make_shared<std::atomic<std::size_t>>(records.size());
    std::vector<eventlog::AppendRequest> requests;
    requests.reserve(records.size());
    for (auto& record : records)
      requests.push_back({std::move(record), [this, left](std::expected<eventlog::Offset, eventlog::AppendError> appended) {
                            if (!appended) failed_ = true;
                            if (--*left == 0) free_.release();
                          }});
    log_.append(std::move(requests));
  }
  // False: the log refused some.
  bool wait() {
    for (int i = 0; i < kGroups; ++i) free_.acquire();
    free_.release(kGroups);
    return !failed_;
  }

 private:
  static constexpr int kGroups = 4;
  eventlog::EventLog& log_;
  std::counting_semaphore<kGroups> free_{kGroups};
  std::atomic<bool> failed_ = false;
};

Or<Stopwatch::Lap> write_log(const fs::path& dir, const Options& options) {
  const auto log = open_log(dir, options);
  if (!log) return std::unexpected(log.error());
  if (const auto control = fold::ensure_control(**log, {}, kLogDeadline); !control) return std::unexpected(control.error());
  constexpr std::uint64_t kGroup = 4096;
  Traffic traffic(options.traffic);
  const Stopwatch watch;
  GroupAppender appender(**log);
  for (std::uint64_t left = options.commands(); left > 0;) {
    std::vector<eventlog::NewRecord> records(std::min(left, kGroup));
    for (auto& record : records) record = record_of(traffic.next(), options.partitions);
    left -= records.size();
    appender.append(std::move(records));
  }
  if (!appender.wait()) return std::unexpected("the log did not take every record");
  return watch.lap();
}

// Every one that is there, since nobody appends.
bool is_folded(const fold::Pipeline& pipeline, const std::vector<eventlog::Offset>& ends) {
  for (const auto partition : pipeline.partitions())
    if (pipeline.progress(partition).next.load(std::memory_order_acquire) < ends[partition]) return false;
  return true;
}

std::uint64_t accepted(const fold::Pipeline& pipeline) {
  std::uint64_t sum = 0;
  for (const auto partition : pipeline.partitions()) sum += pipeline.counts(partition).accepted;
  return sum;
}

fold::PipelineOptions pipeline_options(const fs::path& dir, const Options& options) {
  fold::PipelineOptions pipeline{.dir = dir, .threads = options.threads};
  pipeline.partitions.resize(options.partitions);
  std::iota(pipeline.partitions.begin(), pipeline.partitions.end(), 0U);
  return pipeline;
}

Or<Stopwatch::Lap> rebuild(eventlog::EventLog& log, const fs::path& dir, const Options& options) {
  const auto control = fold::read_control(log, kLogDeadline);
  if (!control) return std::unexpected(control.error());
  std::vector<eventlog::Offset> ends;
  for (std::uint32_t p = 0; p < options.partitions; ++p) ends.push_back(log.end(p).value_or(0));

  projector::ReadTables tables;
  const Stopwatch watch;
  const auto pipeline = fold::Pipeline::open(log, *control, pipeline_options(dir, options), &tables, nullptr);
  if (!pipeline) return std::unexpected(pipeline.error());
  (*pipeline)->start();
  while (!is_folded(**pipeline, ends)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  (*pipeline)->stop();  // and puts it on disk
  const auto lap = watch.lap();
  if (accepted(**pipeline) != options.commands()) return std::unexpected("not every command was accepted");
  return lap;
}

// As the pipeline opens them.
Or<std::unique_ptr<store::Store>> open_store(const fs::path& dir, const Options& options, bool read_only) {
  const fold::PipelineOptions defaults;
  auto opened = store::Store::open({.dir = dir,
                                    .write_buffer_bytes = defaults.write_buffer_bytes,
                                    .block_cache_bytes = defaults.block_cache_bytes / options.partitions,
                                    .read_only = read_only,
                                    .ordered = fold::ordered_tables()});
  if (!opened) return std::unexpected(opened.error().what);
  return std::move(*opened);
}

Or<std::vector<StoredRows>> rows_of(const fs::path& dir, const Options& options) {
  std::vector<StoredRows> all;
  for (std::uint32_t p = 0; p < options.partitions; ++p) {
    const auto generation = fold::current_generation(dir, p);
    if (!generation) return std::unexpected(generation.error());
    const auto store = open_store(*generation, options, true);
    if (!store) return std::unexpected(store.error());
    auto rows = StoredRows::read(**store);
    if (!rows) return std::unexpected(rows.error());
    all.push_back(std::move(*rows));
  }
  return all;
}

struct Target {
  const StoredRows* rows;
  std::unique_ptr<store::Store> store;
};

// A batch of one partition after one of the other, as a worker does that holds several. False: RocksDB refused.
bool write_in_turns(const std::vector<Target*>& targets, std::size_t batch_rows) {
  bool wrote = true;
  for (std::size_t first = 0; std::exchange(wrote, false); first += batch_rows) {
    for (const auto* target : targets) {
      const auto count = target->rows->count();
      if (first >= count) continue;
      if (!target->rows->write(first, std::min(count, first + batch_rows), *target->store)) return false;
      wrote = true;
    }
  }
  return true;
}

Or<Stopwatch::Lap> write_bare(const std::vector<StoredRows>& rows, std::size_t batch_rows, const fs::path& dir,
                              const Options& options) {
  const Stopwatch watch;
  std::vector<Target> targets(rows.size());
  std::vector<std::vector<Target*>> shares(options.threads);
  for (std::size_t p = 0; p < rows.size(); ++p) {
    auto store = open_store(dir / std::to_string(p), options, false);
    if (!store) return std::unexpected(store.error());
    targets[p] = {&rows[p], std::move(*store)};
    shares[p % shares.size()].push_back(&targets[p]);
  }
  std::atomic<bool> good = true;
  {
    std::vector<std::jthread> threads;
    for (const auto& share : shares)
      threads.emplace_back([&good, &share, batch_rows] {
        if (!write_in_turns(share, batch_rows)) good = false;
      });
  }
  for (const auto& target : targets) good = target.store->flush().has_value() && good;
  if (!good) return std::unexpected("RocksDB did not take every batch");
  return watch.lap();
}

struct Bound {
  std::size_t rows = 0;
  std::size_t bytes = 0;
  Stopwatch::Lap as_folded;
  Stopwatch::Lap by_key;
};

Or<Bound> bound(const fs::path& state, const fs::path& dir, const Options& options) {
  auto rows = rows_of(state, options);
  if (!rows) return std::unexpected(rows.error());
  Bound bound;
  for (const auto& partition : *rows) {
    bound.rows += partition.count();
    bound.bytes += partition.bytes();
  }
  const auto batch_rows = std::max<std::size_t>(fold::WorkerOptions{}.max_records * bound.rows / options.commands(), 1);
  const auto by_key = write_bare(*rows, batch_rows, dir / "by-key", options);
  if (!by_key) return std::unexpected(by_key.error());
  for (auto& partition : *rows) partition.sort_by_command();
  const auto as_folded = write_bare(*rows, batch_rows, dir / "as-folded", options);
  if (!as_folded) return std::unexpected(as_folded.error());
  bound.by_key = *by_key;
  bound.as_folded = *as_folded;
  return bound;
}

void print_lap(const char* name, const Stopwatch::Lap& lap, const Options& options) {
  const auto commands = static_cast<double>(options.commands());
  std::printf(R"(,"%s":{"seconds":%.3f,"commands_per_s":%.0f,"cpu_s_per_million":%.3f})", name, lap.wall_s,
              commands / lap.wall_s, lap.cpu_s / commands * 1e6);
}

// 1: the rebuild takes no longer than RocksDB alone. The CPU's is the steadier one on a busy machine.
void print_ratio(const char* name, const Stopwatch::Lap& bare, const Stopwatch::Lap& rebuilt) {
  std::printf(R"(,"%s":{"wall":%.3f,"cpu":%.3f})", name, bare.wall_s / rebuilt.wall_s, bare.cpu_s / rebuilt.cpu_s);
}

std::optional<std::string> run(const Options& options) {
  const testing::TempDir dir;
  const auto appended = write_log(dir / "log", options);
  if (!appended) return appended.error();
  Or<Stopwatch::Lap> rebuilt;
  {
    const auto log = open_log(dir / "log", options);
    if (!log) return log.error();
    rebuilt = rebuild(**log, dir / "state", options);
    if (!rebuilt) return rebuilt.error();
  }
  const auto bare = bound(dir / "state", dir.path(), options);
  if (!bare) return bare.error();
  std::printf(R"({"commands":%llu,"channels":%zu,"text_bytes":%zu,"keyed":%s,"partitions":%u,"threads":%zu)",
              static_cast<unsigned long long>(options.commands()), options.traffic.channels, options.traffic.text_bytes,
              options.traffic.keyed ? "true" : "false", options.partitions, options.threads);
  print_lap("append", *appended, options);
  print_lap("rebuild", *rebuilt, options);
  std::printf(R"(,"rows":%zu,"row_bytes":%zu)", bare->rows, bare->bytes);
  print_lap("bare_write", bare->as_folded, options);
  print_lap("bare_write_by_key", bare->by_key, options);
  print_ratio("ratio", bare->as_folded, *rebuilt);
  print_ratio("ratio_by_key", bare->by_key, *rebuilt);
  std::puts("}");
  return std::nullopt;
}

}  // namespace
}  // namespace parley::bench

int main(int argc, char** argv) {
  parley::bench::Options options;
  CLI::App app("Builds state from a log, then writes the same rows with RocksDB alone");
  app.add_option("--posts", options.posts, "in the log")->check(CLI::Range(1, 100'000'000))->capture_default_str();
  app.add_option("--channels", options.traffic.channels, "that they go to")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--text-bytes", options.traffic.text_bytes, "of a post")->check(CLI::Range(1, 16'384))->capture_default_str();
  app.add_option("--partitions", options.partitions, "of the log")->check(CLI::Range(1, 4096))->capture_default_str();
  app.add_option("--threads", options.threads, "that fold, and that write; 0: one for each processor");
  app.add_flag("--keyed", options.traffic.keyed, "every post has an idempotency key");
  CLI11_PARSE(app, argc, argv);
  const auto most = options.threads > 0 ? options.threads : parley::runtime::available_cpus();
  options.threads = std::min<std::size_t>(most, options.partitions);
  if (const auto problem = parley::bench::run(options)) {
    std::fprintf(stderr, "rebuild: %s\n", problem->c_str());
    return 1;
  }
  return 0;
}
