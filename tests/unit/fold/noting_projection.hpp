// A projection that keeps what it is given, in the batch it is given.
#pragma once

#include "fold/partition_fold.hpp"

namespace parley::fold {

class NotingProjection final : public Projection {
 public:
  void project(const Step& step, const core::State&, std::int64_t, store::Batch& batch) override {
    const auto changes = std::to_string(step.decision.changes.size());
    batch.put(id(Table::Commands), Key().number(step.offset, 8), changes + (step.decision.duplicate ? " again" : ""));
  }
  void dead_letter(eventlog::Offset offset, std::string_view value, store::Batch& batch) override {
    batch.put(id(Table::DeadLetters), Key().number(offset, 8), value);
  }
  void expire(core::TimeMs before, core::TimeMs now, std::int64_t window_ms, store::Batch& batch) override {
    batch.put(id(Table::Replies), "clock", std::to_string(now.value) + " of " + std::to_string(window_ms));
    went_back = went_back || now <= before;
  }

  bool went_back = false;
};

}  // namespace parley::fold
