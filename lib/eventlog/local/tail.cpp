#include "eventlog/local/tail.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace parley::eventlog {
namespace {

std::size_t bytes_of(const std::vector<Record>& records) {
  std::size_t bytes = 0;
  for (const auto& record : records) bytes += sizeof(Record) + record.key.size() + record.value.size() + record.type.size();
  return bytes;
}

}  // namespace

void Tail::start_at(Partition partition, Offset end) {
  const std::lock_guard lock(mutex_);
  partitions_[partition].end = end;
}

void Tail::publish(std::span<const RecordBatch> runs) {
  std::vector<SharedRecords> evicted;  // freed after the lock
  {
    const std::lock_guard lock(mutex_);
    for (const auto& run : runs) {
      auto& part = partitions_[run.partition];
      assert(run.records->front().offset == part.end);
      part.end += run.records->size();
      part.runs.push_back(run.records);
      oldest_first_.push_back({run.partition, bytes_of(*run.records)});
      bytes_ += oldest_first_.back().bytes;
    }
    evict(evicted);
    for (auto* waiter : waiters_) {
      if (has_news(waiter->wants)) waiter->news.notify_one();
    }
  }
}

void Tail::evict(std::vector<SharedRecords>& evicted) {
  while (bytes_ > max_bytes_) {
    const auto [partition, bytes] = oldest_first_.front();
    oldest_first_.pop_front();
    bytes_ -= bytes;
    auto& runs = partitions_[partition].runs;
    evicted.push_back(std::move(runs.front()));
    runs.pop_front();
  }
}

Offset Tail::end(Partition partition) const {
  const std::lock_guard lock(mutex_);
  return partitions_[partition].end;
}

void Tail::enter(Waiter& waiter) {
  const std::lock_guard lock(mutex_);
  waiters_.push_back(&waiter);
}

void Tail::leave(Waiter& waiter) {
  const std::lock_guard lock(mutex_);
  std::erase(waiters_, &waiter);
}

void Tail::wake(Waiter& waiter) {
  const std::lock_guard lock(mutex_);
  waiter.woken = true;
  waiter.news.notify_one();
}

std::optional<Tail::Found> Tail::wait(Waiter& waiter, std::span<const Position> positions, std::size_t start,
                                      Deadline deadline) {
  std::unique_lock lock(mutex_);
  auto found = look(positions, start);
  waiter.wants = positions;
  while (!found && !waiter.woken) {
    if (waiter.news.wait_until(lock, deadline) == std::cv_status::timeout) {
      found = look(positions, start);
      break;
    }
    found = look(positions, start);
  }
  waiter.wants = {};
  if (!found) waiter.woken = false;
  return found;
}

bool Tail::has_news(std::span<const Position> positions) const {
  return std::ranges::any_of(positions, [this](const auto& at) { return at.next < partitions_[at.partition].end; });
}

const SharedRecords* Tail::run_with(const Part& part, Offset offset) {
  const auto after = std::ranges::upper_bound(part.runs, offset, {}, [](const auto& run) { return run->front().offset; });
  if (after == part.runs.begin()) return nullptr;
  const auto& run = *std::prev(after);
  return offset <= run->back().offset ? &run : nullptr;
}

std::optional<Tail::Found> Tail::look(std::span<const Position> positions, std::size_t start) const {
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const auto index = (start + i) % positions.size();
    const auto [partition, next] = positions[index];
    const auto& part = partitions_[partition];
    if (next >= part.end) continue;
    Found found{index, std::nullopt, part.end};
    if (const auto* run = run_with(part, next)) {
      found.batch = RecordBatch{partition, *run, static_cast<std::size_t>(next - (*run)->front().offset)};
    }
    return found;
  }
  return std::nullopt;
}

}  // namespace parley::eventlog
