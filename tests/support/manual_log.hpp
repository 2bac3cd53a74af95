// A log in a test's hand: what is appended waits until the test says what becomes of it, and reading never waits.
//
// Operation: as event_log.hpp, save that completions are called by write(), refuse() and so on. Concurrency: one thread.
// Ownership: consumers must not outlive it.
#pragma once

#include <algorithm>
#include <deque>
#include <limits>
#include <utility>

#include "eventlog/event_log.hpp"

namespace parley::testing {

class ManualLog final : public eventlog::EventLog {
 public:
  static constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

  explicit ManualLog(std::uint32_t partitions) : records_(partitions) {}

  // --- what a test does
  // Appends handed over of which nothing was said yet, the oldest first.
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
  // The oldest become records and hear of it.
  void write(std::size_t count = kAll) {
    settle(count, [this](eventlog::AppendRequest& request) { request.done(add(std::move(request.record))); });
  }
  // The oldest are not written.
  void refuse(eventlog::AppendError error, std::size_t count = kAll) {
    settle(count, [error](eventlog::AppendRequest& request) { request.done(std::unexpected(error)); });
  }
  // The oldest become records, yet hear that it is not known.
  void write_and_lose_the_ack(std::size_t count = kAll) {
    settle(count, [this](eventlog::AppendRequest& request) {
      add(std::move(request.record));
      request.done(std::unexpected(eventlog::AppendError::Unknown));
    });
  }
  // The oldest become records and hear nothing yet: tell_written() does it.
  void write_silently(std::size_t count = kAll) {
    settle(count, [this](eventlog::AppendRequest& request) {
      const auto offset = add(std::move(request.record));
      untold_.push_back([done = std::move(request.done), offset]() mutable { done(offset); });
    });
  }
  void tell_written() {
    for (auto& tell : std::exchange(untold_, {})) tell();
  }
  // Whoever appended is gone: what waits may still be written, but nobody is told.
  void forget_who_waits() {
    for (auto& request : waiting_) request.done = [](auto) {};
    untold_.clear();
  }
  eventlog::Offset add(eventlog::NewRecord record) {
    auto& records = records_.at(record.partition);
    records.push_back({.offset = records.size(),
                       .key = std::move(record.key),
                       .value = std::move(record.value),
                       .type = std::move(record.event.type)});
    return records.back().offset;
  }
  [[nodiscard]] const std::vector<eventlog::Record>& records(eventlog::Partition partition) const {
    return records_.at(partition);
  }

  std::optional<eventlog::ReadFailure> read_error;  // what polls answer, for its partition if it names one; none: records
  std::size_t records_a_poll = SIZE_MAX;            // at most so many, whatever was asked for

  // --- EventLog
  [[nodiscard]] std::uint32_t partitions() const override { return static_cast<std::uint32_t>(records_.size()); }
  void append(std::vector<eventlog::AppendRequest> requests) override {
    for (auto& request : requests) waiting_.push_back(std::move(request));
  }
  std::unique_ptr<eventlog::Consumer> consumer() override { return std::make_unique<Reader>(*this); }
  std::expected<eventlog::Offset, eventlog::ReadError> end(eventlog::Partition partition) override {
    if (read_error && !read_error->partition) return std::unexpected(read_error->error);
    return records(partition).size();
  }
  [[nodiscard]] bool healthy() const override { return !read_error; }
  [[nodiscard]] bool keeps_events() const override { return true; }
  void report_progress(eventlog::Partition, eventlog::Offset) override {}
  void close(std::chrono::milliseconds) override { refuse(eventlog::AppendError::Unavailable); }

 private:
  class Reader final : public eventlog::Consumer {
   public:
    explicit Reader(ManualLog& log) : log_(log) {}
    void assign(eventlog::Partition partition, eventlog::Offset from) override {
      const auto known = std::ranges::find(wanted_, partition, &Wanted::partition);
      if (known != wanted_.end()) wanted_.erase(known);
      wanted_.push_back({partition, from});
    }
    std::expected<std::optional<eventlog::RecordBatch>, eventlog::ReadFailure> poll(std::chrono::milliseconds,
                                                                                    std::size_t max_records) override {
      const auto& error = log_.read_error;
      if (error && !error->partition) return std::unexpected(*error);
      for (std::size_t i = 0; i < wanted_.size(); ++i) {
        auto& [partition, next] = wanted_[turn_++ % wanted_.size()];
        const auto& records = log_.records(partition);
        if (next >= records.size()) continue;
        if (error && error->partition == partition) return std::unexpected(*error);
        const auto first = records.begin() + static_cast<std::ptrdiff_t>(next);
        const auto count = static_cast<std::ptrdiff_t>(std::min({max_records, log_.records_a_poll, records.size() - next}));
        next += static_cast<eventlog::Offset>(count);
        return eventlog::RecordBatch{partition, std::make_shared<const std::vector<eventlog::Record>>(first, first + count)};
      }
      return std::nullopt;
    }
    void wake() override {}

   private:
    struct Wanted {
      eventlog::Partition partition;
      eventlog::Offset next;
    };
    ManualLog& log_;
    std::vector<Wanted> wanted_;
    std::size_t turn_ = 0;
  };

  template <class What>
  void settle(std::size_t count, What what) {
    for (; count > 0 && !waiting_.empty(); --count) {
      auto request = std::move(waiting_.front());
      waiting_.pop_front();
      what(request);
    }
  }

  std::vector<std::vector<eventlog::Record>> records_;
  std::deque<eventlog::AppendRequest> waiting_;
  std::vector<std::move_only_function<void()>> untold_;
};

}  // namespace parley::testing
