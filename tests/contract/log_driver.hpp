// What every test of a log does: append and wait for the outcomes, read until there is enough. Waits end at kDeadline.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "eventlog/event_log.hpp"

namespace parley::contract {

using eventlog::AppendError;
using eventlog::Offset;
using eventlog::Partition;
using eventlog::Record;
using Outcome = std::expected<Offset, AppendError>;

inline constexpr std::chrono::seconds kDeadline{60};
inline constexpr std::size_t kManyRecords = 1000;

eventlog::NewRecord record_of(Partition partition, std::string key, std::string value, std::string type = "parley.test.v1");

// The outcomes of records by the numbers they were appended under. Must outlive the log's last completion.
class Outcomes {
 public:
  // The completion that reports the outcome of record `number`.
  eventlog::Appended report(std::size_t number);
  // Each outcome of each record so far: one, if the log keeps its promise.
  std::map<std::size_t, std::vector<Outcome>> all() const;
  [[nodiscard]] std::size_t count() const;
  // False: fewer at the deadline.
  [[nodiscard]] bool wait_for(std::size_t count) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::map<std::size_t, std::vector<Outcome>> outcomes_;
  std::size_t count_ = 0;
};

// Appends the records in one call and waits: the outcomes, in their order.
std::vector<Outcome> append(eventlog::EventLog& log, std::vector<eventlog::NewRecord> records);
// Appends `count` records with the values "0", "1", … and fails the test unless all are taken.
void append_numbers(eventlog::EventLog& log, Partition partition, std::size_t count);

using RecordsRead = std::map<Partition, std::vector<Record>>;
// Polls until `count` records of all partitions are there, or the deadline is.
RecordsRead read(eventlog::Consumer& consumer, std::size_t count);
// All `count` records of a partition, by a consumer of its own that begins at `from`.
std::vector<Record> read_partition(eventlog::EventLog& log, Partition partition, std::size_t count, Offset from = 0);

std::vector<std::string> values_of(const std::vector<Record>& records);
std::vector<Offset> offsets_of(const std::vector<Record>& records);
// "from", …, "to" - 1: what append_numbers() wrote.
std::vector<std::string> numbers(std::size_t from, std::size_t to);
std::vector<Offset> offsets(Offset from, Offset to);

}  // namespace parley::contract
