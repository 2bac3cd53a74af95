// The projector's own tables: the directions that the fold does not need (what is a user in, what has a workspace), what became
// of each command, and the records that could not be decoded.
//
// Concurrency: used by every worker at once; has no state of its own. Ownership: the queue must outlive it.
#pragma once

#include "projector/touched_queue.hpp"

namespace parley::projector {

class ReadTables : public fold::Projection {
 public:
  // `queue` may be null: nobody is told which messages have another text.
  explicit ReadTables(TouchedQueue* queue = nullptr) : queue_(queue) {}
  void project(const fold::Step& step, const core::State& state, std::int64_t window_ms, store::Batch& batch) override;
  void dead_letter(eventlog::Offset offset, std::string_view value, store::Batch& batch) override;
  void expire(core::TimeMs before, core::TimeMs now, std::int64_t window_ms, store::Batch& batch) override;
  store::Stored<void> forget(const core::Message& message, const store::Snapshot& now, store::Batch& batch) override;
  store::Stored<void> forget(const core::UserId& user, const store::Snapshot& now, store::Batch& batch) override;
  void touch(std::uint32_t partition, eventlog::Offset next, const codec::TouchedRow& touched, store::Batch& batch) override {
    if (queue_ != nullptr) queue_->touch(partition, next, touched, batch);
  }

 private:
  TouchedQueue* queue_;
};

}  // namespace parley::projector
