#include "fold/worker.hpp"

#include <algorithm>

#include "codec/http_answer.hpp"
#include "runtime/log.hpp"

namespace parley::fold {

namespace {
constexpr std::chrono::milliseconds kPollWait{500};
constexpr std::chrono::milliseconds kRetryPause{200};
void log_steps(std::uint32_t partition, const std::vector<Step>& steps) {
  for (const auto& [offset, command, decision] : steps)
    runtime::log_traced(spdlog::level::debug, codec::trace_id(command.traceparent), "command {} at {}/{}: {}{}",
                        command.id.text(), partition, offset,
                        decision.outcome.status == core::Status::Accepted ? "accepted" : "rejected: ", decision.outcome.detail);
}

std::string in_words(const eventlog::ReadFailure& failure) {
  const auto where = failure.partition
                         ? fmt::format("partition {} can't be read from record {} on", *failure.partition, failure.offset)
                         : std::string("the log can't be read");
  return where + (failure.error == eventlog::ReadError::Corrupt ? ": damaged bytes in the log" : "");
}

}  // namespace

Worker::Worker(eventlog::EventLog& log, std::vector<PartitionFold*> folds, Publisher* publisher, WorkerOptions options)
    : log_(log), folds_(std::move(folds)), publisher_(publisher), options_(options), consumer_(log.consumer()) {
  progress_.resize(log.partitions());
  for (const auto* fold : folds_) {
    auto progress = std::make_unique<Progress>();
    progress->next = fold->next();
    consumer_->assign(fold->partition(), fold->next());
    progress_[fold->partition()] = std::move(progress);
  }
}

Worker::~Worker() { stop(); }

void Worker::start() {
  thread_ = std::jthread([this] { run(); });
}

void Worker::stop() {
  stopping_ = true;
  consumer_->wake();
  if (thread_.joinable()) thread_.join();
}

void Worker::post(Task task) {
  if (tasks_.push(std::move(task))) consumer_->wake();
  if (ended_) run_last_tasks();
}

PartitionFold* Worker::fold_of(std::uint32_t partition) const {
  for (auto* fold : folds_)
    if (fold->partition() == partition) return fold;
  return nullptr;
}

const Progress& Worker::progress(std::uint32_t partition) const { return *progress_[partition]; }

void Worker::run() {
  while (!stopping_)
    if (!turn(kPollWait)) std::this_thread::sleep_for(kRetryPause);
  ended_ = true;
  run_last_tasks();  // whoever waits for one is not left waiting
}

bool Worker::turn(std::chrono::milliseconds wait) {
  run_tasks();
  const bool is_readable = gather(wait);
  std::ranges::stable_sort(runs_, {}, &eventlog::RecordBatch::partition);
  for (std::span<const eventlog::RecordBatch> left = runs_; !left.empty();) {
    const auto partition = left.front().partition;
    const auto of_others = std::ranges::find_if(left, [=](const auto& run) { return run.partition != partition; });
    const auto count = static_cast<std::size_t>(of_others - left.begin());
    fold(partition, left.first(count));
    left = left.subspan(count);
  }
  runs_.clear();
  return is_readable;
}

// The first batch, and what else has come meanwhile: the further it is behind, the fewer are the batches that the store writes.
bool Worker::gather(std::chrono::milliseconds wait) {
  std::size_t records = 0;
  while (records < options_.max_records) {
    auto batch = consumer_->poll(runs_.empty() ? wait : std::chrono::milliseconds(0), options_.max_records - records);
    if (!batch) {
      fails(batch.error().partition, in_words(batch.error()));
      return false;
    }
    works(std::nullopt);
    if (!*batch) return true;
    records += (*batch)->view().size();
    runs_.push_back(std::move(**batch));
  }
  return true;
}

void Worker::run_tasks() {
  std::vector<Task> tasks;
  tasks_.take(tasks);
  for (auto& task : tasks) task();
}

void Worker::run_last_tasks() {
  const std::lock_guard lock(after_end_);
  run_tasks();
}

// A store that refuses (a full disk) is asked again until it takes the batch: what was read is in memory, and not lost.
void Worker::fold(std::uint32_t partition, std::span<const eventlog::RecordBatch> runs) {
  auto* fold = fold_of(partition);
  if (fold == nullptr) return;
  std::vector<Step> steps;
  std::size_t records = 0;
  for (const auto& run : runs) records += run.view().size();
  steps.reserve(records);
  for (auto folded = fold->fold(runs, steps); !folded; folded = fold->fold(runs, steps)) {
    fails(partition, fmt::format("partition {} can't be folded: {}", partition, folded.error().what));
    if (stopping_) return;
    std::this_thread::sleep_for(kRetryPause);
  }
  works(partition);
  auto& progress = *progress_[partition];
  progress.next.store(fold->next(), std::memory_order_release);
  if (progress.log_end.load(std::memory_order_relaxed) < fold->next()) progress.log_end = fold->next();
  log_.report_progress(partition, fold->next());
  if (spdlog::should_log(spdlog::level::debug)) log_steps(partition, steps);
  if (publisher_ != nullptr) publisher_->publish(*fold, std::move(steps));
}

// Said once, not at each attempt.
void Worker::fails(std::optional<std::uint32_t> partition, const std::string& sentence) {
  healthy_ = false;
  if (failing_.insert(partition).second) spdlog::error("{}; trying again", sentence);
}

void Worker::works(std::optional<std::uint32_t> partition) {
  if (failing_.erase(partition) > 0) healthy_ = failing_.empty();
}

std::optional<eventlog::Offset> Worker::see_end(std::uint32_t partition) {
  const auto end = log_.end(partition);
  if (!end) return std::nullopt;
  progress_[partition]->log_end = *end;
  return *end;
}

}  // namespace parley::fold
