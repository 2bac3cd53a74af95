#include "eventlog/local/local_log.hpp"

#include <pthread.h>

#include <cstdio>
#include <cstdlib>

#include "eventlog/local/tail_consumer.hpp"

namespace parley::eventlog {
namespace {

constexpr std::chrono::milliseconds kHealEvery{1000};

}  // namespace

LocalLog::LocalLog(std::uint32_t partitions, std::unique_ptr<Storage> storage, const LocalLimits& limits)
    : storage_(std::move(storage)),
      queue_(limits.max_queued_bytes),
      tail_(partitions, limits.tail_bytes),
      next_(partitions),
      ahead_(partitions) {
  start_from_storage();
  writer_ = std::thread([this] { run(); });
  pthread_setname_np(writer_.native_handle(), "log-writer");
}

LocalLog::~LocalLog() {
  queue_.stop();
  writer_.join();
}

std::unique_ptr<Consumer> LocalLog::consumer() { return std::make_unique<TailConsumer>(tail_, *storage_); }

void LocalLog::start_from_storage() {
  for (Partition partition = 0; partition < partitions(); ++partition) {
    next_[partition] = ahead_[partition] = storage_->end(partition);
    tail_.start_at(partition, next_[partition]);
  }
}

void LocalLog::run() {
  while (queue_.take(group_, kHealEvery)) {
    if (!storage_->healthy()) heal();  // without traffic too: who is not healthy gets none
    if (!group_.requests.empty()) write();
    for (auto& refusal : group_.refused) refusal.done(std::unexpected(refusal.error));
  }
}

void LocalLog::heal() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_heal_) return;
  next_heal_ = now + kHealEvery;
  storage_->heal();
}

void LocalLog::write() {
  // A group that failed may still have reached the storage.
  if (failed_) start_from_storage();
  for (const auto& requests : group_.requests) {
    for (const auto& [record, done] : requests) storage_->add(record.partition, ahead_.at(record.partition)++, record);
  }
  const auto committed = storage_->commit();
  queue_.written();
  failed_ = !committed;
  if (!committed) return fail(committed.error());
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
  ahead_ = next_;
  for (auto& requests : group_.requests) {
    for (auto& [record, done] : requests) done(std::unexpected(error));
  }
}

}  // namespace parley::eventlog
