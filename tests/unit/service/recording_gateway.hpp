// A gateway without sockets: it notes what it is told.
#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "service/gateway.hpp"

namespace parley::service {

class RecordingGateway : public Gateway {
 public:
  void deliver(GatewayBatch batch) override {
    const std::lock_guard lock(mutex_);
    items_ += batch.items.size();
    batches_.push_back(std::move(batch));
  }
  void reattach() override {
    {
      const std::lock_guard lock(mutex_);
      ++reattaches_;
    }
    if (on_reattach) on_reattach();
  }

  std::size_t items() {
    const std::lock_guard lock(mutex_);
    return items_;
  }
  std::size_t reattaches() {
    const std::lock_guard lock(mutex_);
    return reattaches_;
  }
  std::vector<GatewayBatch> batches() {
    const std::lock_guard lock(mutex_);
    return batches_;
  }

  std::function<void()> on_reattach;  // before it is connected

 private:
  std::mutex mutex_;
  std::vector<GatewayBatch> batches_;
  std::size_t items_ = 0;
  std::size_t reattaches_ = 0;
};

}  // namespace parley::service
