// `parley import`: the history of another system, or of another Parley, appended as commands.
//
// Declared in the order of who needs whom: the log and its keys, the sender, the fold that tells it the outcomes.
#include <filesystem>

#include "app/compose.hpp"
#include "app/log.hpp"
#include "app/progress.hpp"
#include "app/searching.hpp"
#include "app/shapes.hpp"
#include "migrate/jsonl.hpp"
#include "migrate/mover.hpp"
#include "migrate/slack/export.hpp"
#include "projector/read_tables.hpp"
#include "runtime/clock.hpp"
#include "runtime/log.hpp"

namespace parley::app {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::milliseconds kCloseTimeout{10'000};

// What is to be read, opened.
struct Reading {
  std::string source;
  std::uint64_t bytes = 0;  // of it
  using Progress = std::function<bool(std::uint64_t bytes)>;
  std::function<bool(migrate::Sink&, const Progress&)> run;
};

// The name of a file or folder.
fs::path name_of(const fs::path& path) {
  const auto whole = fs::absolute(path).lexically_normal();
  return (whole.has_filename() ? whole : whole.parent_path()).filename();
}

std::expected<Reading, std::string> open_slack_export(const ImportOptions& options) {
  auto opened = migrate::slack::Export::open(options.path);
  if (!opened) return std::unexpected(opened.error());
  const auto workspace = options.workspace.empty() ? name_of(options.path).string() : options.workspace;
  auto exported = std::make_shared<migrate::slack::Export>(std::move(*opened));
  const auto known_by = exported->team().empty() ? workspace : exported->team();
  return Reading{migrate::as_source("slack-" + known_by), exported->bytes(),
                 [exported, workspace](migrate::Sink& sink, const Reading::Progress& progress) {
                   return exported->run(sink, workspace, progress);
                 }};
}

std::expected<Reading, std::string> open_jsonl(const ImportOptions& options) {
  auto file = migrate::LineFile::open(options.path);
  if (!file) return std::unexpected(file.error());
  auto lines = std::make_shared<migrate::Jsonl>(std::move(*file));
  std::error_code error;
  const auto bytes = fs::file_size(options.path, error);
  return Reading{migrate::as_source(name_of(options.path).stem().string()), error ? 0 : bytes,
                 [lines](migrate::Sink& sink, const Reading::Progress& progress) { return lines->run(sink, progress); }};
}

std::expected<Reading, std::string> open_reading(const ImportOptions& options) {
  auto reading = options.form == "jsonl" ? open_jsonl(options) : open_slack_export(options);
  if (reading && !options.source.empty()) reading->source = options.source;
  return reading;
}

class ImportProgress {
 public:
  ImportProgress(std::uint64_t bytes, const migrate::Report& report) : bytes_(bytes), report_(report) {}

  void show(std::uint64_t read) {
    read_ = read;
    reach();
    if (!shown_.is_due()) return;
    shown_.on_terminal() ? shown_.bar(read_, bytes_, words()) : Progress::line("progress", fields());
  }
  void done() {
    reach();
    if (shown_.on_terminal()) return shown_.bar(read_, bytes_, words(), true);
    Progress::line("done", fields() + "," + report_.json_fields());
  }

 private:
  void reach() { messages_.reach(report_.brought_of("messages") + report_.there_of("messages")); }
  [[nodiscard]] std::string words() const {
    return fmt::format("{} messages, {:.0f}/s", messages_.count(), messages_.per_second());
  }
  [[nodiscard]] std::string fields() const {
    return fmt::format(R"("bytes":{},"total":{},"messages":{},"seconds":{:.3f},"per_second":{:.0f})", read_, bytes_,
                       messages_.count(), messages_.seconds(), messages_.per_second());
  }

  std::uint64_t bytes_;
  const migrate::Report& report_;
  Progress shown_;
  Pace messages_;
  std::uint64_t read_ = 0;
};

// Why it did not come to its end; empty: it did.
std::string move(const Reading& reading, migrate::Mover& mover, migrate::Report& report, const runtime::StopSignal& signal) {
  ImportProgress progress(reading.bytes, report);
  const bool whole = reading.run(mover, [&](std::uint64_t bytes) {
    progress.show(bytes);
    return !signal.pending();
  });
  const bool moved = mover.finish();
  progress.done();
  if (!moved) return mover.failure();
  return whole ? "" : "stopped before the end; run it again and it goes on";
}

}  // namespace

int run_import(const Options& options) {
  runtime::StopSignal signal;
  const auto reading = open_reading(options.moving);
  if (!reading) return fail(reading.error());
  migrate::Report report;
  if (!options.moving.report.empty())
    if (auto written = report.write_to(options.moving.report); !written) return fail(written.error());
  std::error_code error;
  fs::create_directories(options.data, error);
  if (error) return fail("can't make the data directory " + options.data + ": " + error.message());
  const auto opened = open_log(options, "", Begins::AtOnce);
  if (!opened) return fail(opened.error());
  const auto& control = opened->control;
  const auto keys = open_keys(options, *opened, keys::Access::Writing);
  if (!keys) return fail(keys.error());

  const bool alone = options.log.kind == "embedded";
  migrate::Sender sender(*opened->log, **keys,
                         {.partitions = control.partitions,
                          .gateway = migrate::Source(reading->source).gateway(),
                          .max_in_flight = options.moving.in_flight,
                          .max_in_flight_bytes = static_cast<std::size_t>(options.log.queue_bytes / 2)});
  projector::TouchedQueue touched(control.partitions, searches(options));
  projector::ReadTables tables(&touched);
  const auto pipeline =
      fold::Pipeline::open(*opened->log, control, pipeline_options(options, control, **keys), &tables, &sender);
  if (!pipeline) return fail(pipeline.error());
  for (const auto partition : (*pipeline)->partitions())
    if (auto loaded = touched.load(partition, (*pipeline)->store(partition), (*pipeline)->progress(partition).next); !loaded)
      return fail(loaded.error().what);
  (*pipeline)->start();
  if (!catch_up(**pipeline, signal)) return fail("stopped before it began");
  migrate::Seen seen{migrate::Source(reading->source)};
  auto ends = seen.read(*opened->log, control.partitions);
  if (!ends) return fail(ends.error());
  sender.begin_at(std::move(*ends));
  auto foresight = migrate::Foresight::of(**pipeline);
  const migrate::Past past(**pipeline);
  migrate::Mover mover(seen, foresight, sender, past, (*keys)->table(), report,
                       {.now = {runtime::SystemClock().now_ms()}, .alone = alone});

  const auto why = move(*reading, mover, report, signal);
  (*keys)->close(kCloseTimeout);
  opened->log->close(kCloseTimeout);
  (*pipeline)->stop();
  std::printf("%s", report.text().c_str());
  if (!why.empty()) return fail(why);
  if (!report.written()) return fail("can't write the report " + options.moving.report);
  return report.damages() > 0 ? fail("the export is damaged; what could be read of it was brought over") : 0;
}

}  // namespace parley::app
