#include "eventlog/local/local_log.hpp"

#include <pthread.h>

#include <cstdio>
#include <cstdlib>

#include "eventlog/local/tail_consumer.hpp"

namespace parley::eventlog {
namespace {

constexpr std::chrono::milliseconds kHealEvery{1000};

}  // namespace

std::expected<std::unique_ptr<LocalLog>, std::string> LocalLog::open(std::uint32_t partitions, std::unique_ptr<Storage> storage,
                                                                     const LocalLimits& limits) {
  std::unique_ptr<LocalLog> log(new LocalLog(partitions, std::move(storage), limits));
  if (auto started = log->start_from_storage(); !started) return std::unexpected(std::move(started.error()));
  log->writer_ = std::thread([log = log.get()] { log->run(); });
  pthread_setname_np(log->writer_.native_handle(), "log-writer");
  return log;
}

LocalLog::LocalLog(std::uint32_t partitions, std::unique_ptr<Storage> storage, const LocalLimits& limits)
    : storage_(std::move(storage)),
      queue_(limits.max_queued_bytes),
      tail_(partitions, limits.tail_bytes),
      next_(partitions),
      ahead_(partitions) {}

LocalLog::~LocalLog() {
  queue_.stop();
  if (writer_.joinable()) writer_.join();
}

std::unique_ptr<Consumer> LocalLog::consumer() { return std::make_unique<TailConsumer>(tail_, *storage_); }

std::expected<void, std::string> LocalLog::start_from_storage() {
  for (Partition partition = 0; partition < partitions(); ++partition) {
    const auto end = storage_->end(partition);
    if (!end)
      return std::unexpected("can't be read at the end of partition " + std::to_string(partition) +
                             (end.error() == ReadError::Corrupt ? ": damaged bytes" : ": the disk fails"));
    next_[partition] = ahead_[partition] = *end;
    tail_.start_at(partition, *end);
  }
  return {};
}

void LocalLog::run() {
  while (queue_.take(group_, kHealEvery)) {
    if (!healthy_) healthy_ = heal();  // without traffic too: who is not healthy gets none
    if (!group_.requests.empty()) write();
    for (auto& refusal : group_.refused) refusal.done(std::unexpected(refusal.error));
  }
}

bool LocalLog::heal() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_heal_) return false;
  next_heal_ = now + kHealEvery;
  return storage_->heal() && start_from_storage();
}

void LocalLog::write() {
  if (!healthy_) return fail(AppendError::Unavailable);
  for (const auto& requests : group_.requests) {
    for (const auto& [record, done] : requests) storage_->add(record.partition, ahead_.at(record.partition)++, record);
  }
  const auto committed = storage_->commit();
  healthy_ = committed.has_value();
  if (!committed) return fail(committed.error());
  queue_.written();
  publish();
  complete();
}

void LocalLog::publish() {
  std::vector<std::vector<Record>> runs(partitions());
  for (Partition partition = 0; partition < partitions(); ++partition)
    runs[partition].reserve(ahead_[partition] - next_[partition]);
  for (auto& requests : group_.requests) {
    for (auto& [record, done] : requests) {
      auto& run = runs[record.partition];
      run.emplace_back(next_[record.partition] + run.size(), std::move(record.key), std::move(record.value),
                       std::move(record.event.type));
    }
  }
  std::vector<RecordBatch> published;
  for (Partition partition = 0; partition < partitions(); ++partition) {
    if (runs[partition].empty()) continue;
    published.push_back({partition, std::make_shared<const std::vector<Record>>(std::move(runs[partition])), 0});
  }
  tail_.publish(published);
}

void LocalLog::complete() {
  for (auto& requests : group_.requests) {
    for (auto& [record, done] : requests) done(next_[record.partition]++);
  }
}

void LocalLog::fail(AppendError error) {
  queue_.written();
  ahead_ = next_;
  for (auto& requests : group_.requests) {
    for (auto& [record, done] : requests) done(std::unexpected(error));
  }
}

}  // namespace parley::eventlog
