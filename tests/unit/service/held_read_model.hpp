// A read model that answers what a test tells it to, when the test lets it; on a thread of its own, as the contract says.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "service/read_model.hpp"

namespace parley::service {

class HeldReadModel final : public ReadModel {
 public:
  HeldReadModel() : thread_([this](const std::stop_token& stop) { answer(stop); }) {}

  void read(pb::ReadRequest request, Done done) override {
    const std::lock_guard lock(mutex_);
    asked_.push_back(std::move(request));
    waiting_.push_back(std::move(done));
    changed_.notify_all();
  }
  pb::DescribeResponse describe() override {
    const std::lock_guard lock(mutex_);
    return description_;
  }

  void answer_with(pb::ReadResponse response) {
    const std::lock_guard lock(mutex_);
    response_ = std::move(response);
  }
  void describe_as(pb::DescribeResponse description) {
    const std::lock_guard lock(mutex_);
    description_ = std::move(description);
  }
  void hold() {
    const std::lock_guard lock(mutex_);
    held_ = true;
  }
  void release() {
    const std::lock_guard lock(mutex_);
    held_ = false;
    changed_.notify_all();
  }
  std::vector<pb::ReadRequest> asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  void answer(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (changed_.wait(lock, stop, [this] { return !held_ && !waiting_.empty(); })) {
      const auto done = std::move(waiting_.front());
      waiting_.pop_front();
      auto response = response_;
      lock.unlock();
      done(std::move(response));
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<pb::ReadRequest> asked_;
  std::deque<Done> waiting_;
  pb::ReadResponse response_;
  pb::DescribeResponse description_;
  bool held_ = false;
  std::jthread thread_;
};

}  // namespace parley::service
