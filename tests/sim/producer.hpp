// One process's way to the log, on which appends are delayed, refused and lost as the dice say.
//
// Operation: what is appended waits until turn() settles the oldest. Of an Unknown the record may be there, or come later, or
// never. Concurrency: one thread. Ownership: the log outlives it; the process that appends may not: it calls forget() then.
#pragma once

#include "tests/sim/dice.hpp"
#include "tests/support/manual_log.hpp"

namespace parley::sim {

class Producer final : public eventlog::EventLog {
 public:
  Producer(testing::ManualLog& log, Dice& dice) : log_(log), dice_(dice) {}

  // Settles one append, or tells of one that was settled before. False: there was none. `faults` in a thousand go wrong.
  bool turn(std::uint64_t faults) {
    if (!untold_.empty() && (waiting_.empty() || dice_.below(2) == 0)) return take(untold_)();
    if (!late_.empty() && (waiting_.empty() || dice_.below(8) == 0)) {
      log_.add(take(late_));
      return true;
    }
    if (waiting_.empty()) return false;
    settle(take(waiting_), dice_.in_a_thousand(faults));
    return true;
  }
  [[nodiscard]] bool idle() const { return waiting_.empty() && untold_.empty() && late_.empty(); }
  // Whoever appended is gone. What waits may still be written.
  void forget() {
    untold_.clear();
    for (auto& request : waiting_) request.done = nullptr;
  }

  // --- EventLog
  [[nodiscard]] std::uint32_t partitions() const override { return log_.partitions(); }
  void append(std::vector<eventlog::AppendRequest> requests) override {
    for (auto& request : requests) waiting_.push_back(std::move(request));
  }
  std::unique_ptr<eventlog::Consumer> consumer() override { return log_.consumer(); }
  std::expected<eventlog::Offset, eventlog::ReadError> end(eventlog::Partition partition) override {
    return log_.end(partition);
  }
  [[nodiscard]] bool healthy() const override { return true; }
  [[nodiscard]] bool keeps_events() const override { return true; }
  void report_progress(eventlog::Partition, eventlog::Offset) override {}
  void close(std::chrono::milliseconds) override {}

 private:
  using Tell = std::move_only_function<bool()>;
  template <class T>
  static T take(std::deque<T>& queue) {
    auto first = std::move(queue.front());
    queue.pop_front();
    return first;
  }
  static void tell(eventlog::Appended& done, std::expected<eventlog::Offset, eventlog::AppendError> result) {
    if (done) done(result);
  }
  void settle(eventlog::AppendRequest request, bool goes_wrong) {
    using eventlog::AppendError;
    switch (goes_wrong ? 1 + dice_.below(5) : 0) {
      case 0:
        return tell(request.done, log_.add(std::move(request.record)));
      case 1:
        untold_.emplace_back([done = std::move(request.done), offset = log_.add(std::move(request.record))]() mutable {
          tell(done, offset);
          return true;
        });
        return;
      case 2:
        log_.add(std::move(request.record));
        return tell(request.done, std::unexpected(AppendError::Unknown));
      case 3:
        late_.push_back(std::move(request.record));
        return tell(request.done, std::unexpected(AppendError::Unknown));
      case 4:
        return tell(request.done, std::unexpected(AppendError::Unknown));
      default:
        return tell(request.done, std::unexpected(AppendError::Unavailable));
    }
  }

  testing::ManualLog& log_;
  Dice& dice_;
  std::deque<eventlog::AppendRequest> waiting_;
  std::deque<Tell> untold_;
  std::deque<eventlog::NewRecord> late_;
};

}  // namespace parley::sim
