#include "eventlog/local/append_queue.hpp"

#include <algorithm>
#include <utility>

namespace parley::eventlog {
namespace {

struct Sizes {
  std::size_t total = 0;
  bool all_allowed = true;
};

Sizes measure(const std::vector<AppendRequest>& requests) {
  Sizes sizes;
  for (const auto& request : requests) {
    const auto bytes = record_bytes(request.record);
    sizes.total += bytes;
    sizes.all_allowed &= bytes <= kMaxRecordBytes;
  }
  return sizes;
}

}  // namespace

void AppendQueue::push(std::vector<AppendRequest> requests) {
  if (requests.empty()) return;
  const auto sizes = measure(requests);
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) {
      refuse(std::move(requests), AppendError::Unavailable);
    } else if (sizes.all_allowed && queued_bytes_ + taken_bytes_ + sizes.total <= max_bytes_) {
      queued_bytes_ += sizes.total;
      queued_.requests.push_back(std::move(requests));
    } else {
      admit_one_by_one(std::move(requests));
    }
    wake = std::exchange(writer_waits_, false);
  }
  if (wake) work_.notify_one();
}

// Once one finds no room, those behind it are refused too: a smaller one must not overtake it.
void AppendQueue::admit_one_by_one(std::vector<AppendRequest>&& requests) {
  std::vector<AppendRequest> admitted;
  bool full = false;
  for (auto& request : requests) {
    const auto bytes = record_bytes(request.record);
    if (bytes > kMaxRecordBytes) {
      queued_.refused.emplace_back(std::move(request.done), AppendError::TooLarge);
      continue;
    }
    full |= queued_bytes_ + taken_bytes_ + bytes > max_bytes_;
    if (full) {
      queued_.refused.emplace_back(std::move(request.done), AppendError::Overloaded);
      continue;
    }
    queued_bytes_ += bytes;
    admitted.push_back(std::move(request));
  }
  if (!admitted.empty()) queued_.requests.push_back(std::move(admitted));
}

void AppendQueue::refuse(std::vector<AppendRequest>&& requests, AppendError error) {
  for (auto& request : requests) queued_.refused.emplace_back(std::move(request.done), error);
}

bool AppendQueue::take(AppendGroup& group, std::chrono::milliseconds wait) {
  group.requests.clear();
  group.refused.clear();
  const auto until = std::chrono::steady_clock::now() + wait;
  std::unique_lock lock(mutex_);
  if (nothing_queued()) drained_.notify_all();
  while (nothing_queued()) {
    if (stopping_) return false;
    writer_waits_ = true;
    if (work_.wait_until(lock, until) == std::cv_status::timeout) break;
  }
  writer_waits_ = false;
  std::swap(group, queued_);
  taken_bytes_ = std::exchange(queued_bytes_, 0);
  return true;
}

void AppendQueue::written() {
  const std::lock_guard lock(mutex_);
  taken_bytes_ = 0;
}

void AppendQueue::close(std::chrono::milliseconds deadline) {
  std::unique_lock lock(mutex_);
  closed_ = true;
  const bool done = drained_.wait_for(lock, deadline, [this] { return nothing_queued() && writer_waits_; });
  if (done) return;
  for (auto& requests : queued_.requests) refuse(std::move(requests), AppendError::Unavailable);
  queued_.requests.clear();
  queued_bytes_ = 0;
}

void AppendQueue::stop() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    stopping_ = true;
    writer_waits_ = false;
  }
  work_.notify_one();
}

}  // namespace parley::eventlog
