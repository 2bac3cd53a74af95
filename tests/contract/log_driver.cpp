#include "tests/contract/log_driver.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace parley::contract {

using eventlog::AppendRequest;
using eventlog::NewRecord;
using Clock = std::chrono::steady_clock;

NewRecord record_of(Partition partition, std::string key, std::string value, std::string type) {
  return {.partition = partition,
          .key = std::move(key),
          .value = std::move(value),
          .event = {.type = std::move(type), .id = "id", .source = "/test", .time = "2024-01-01T00:00:00Z"}};
}

eventlog::Appended Outcomes::report(std::size_t number) {
  return [this, number](Outcome outcome) {
    const std::lock_guard lock(mutex_);
    outcomes_[number].push_back(outcome);
    ++count_;
    changed_.notify_all();
  };
}

std::map<std::size_t, std::vector<Outcome>> Outcomes::all() const {
  const std::lock_guard lock(mutex_);
  return outcomes_;
}

std::size_t Outcomes::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

bool Outcomes::wait_for(std::size_t count) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kDeadline, [&] { return count_ >= count; });
}

std::vector<Outcome> append(eventlog::EventLog& log, std::vector<NewRecord> records) {
  const auto outcomes = std::make_shared<Outcomes>();
  std::vector<AppendRequest> requests;
  for (auto& record : records) {
    requests.emplace_back(std::move(record),
                          [outcomes, done = outcomes->report(requests.size())](Outcome o) mutable { done(o); });
  }
  const auto count = requests.size();
  log.append(std::move(requests));
  std::vector<Outcome> in_order(count, std::unexpected(AppendError::Unknown));
  if (!outcomes->wait_for(count)) ADD_FAILURE() << "no outcome of some records before the deadline";
  for (const auto& [number, each] : outcomes->all()) in_order[number] = each.front();
  return in_order;
}

void append_numbers(eventlog::EventLog& log, Partition partition, std::size_t count) {
  std::vector<NewRecord> records;
  for (std::size_t i = 0; i < count; ++i) records.push_back(record_of(partition, "key", std::to_string(i)));
  for (const auto& outcome : append(log, std::move(records))) ASSERT_TRUE(outcome) << static_cast<int>(outcome.error());
}

RecordsRead read(eventlog::Consumer& consumer, std::size_t count) {
  RecordsRead records;
  const auto deadline = Clock::now() + kDeadline;
  for (std::size_t got = 0; got < count && Clock::now() < deadline;) {
    const auto batch = consumer.poll(std::chrono::milliseconds(100), kManyRecords);
    if (!batch || !*batch) continue;
    auto& of_partition = records[(*batch)->partition];
    const auto view = (*batch)->view();
    of_partition.insert(of_partition.end(), view.begin(), view.end());
    got += view.size();
  }
  return records;
}

std::vector<Record> read_partition(eventlog::EventLog& log, Partition partition, std::size_t count, Offset from) {
  const auto consumer = log.consumer();
  consumer->assign(partition, from);
  return read(*consumer, count)[partition];
}

std::vector<std::string> values_of(const std::vector<Record>& records) {
  std::vector<std::string> values;
  for (const auto& record : records) values.push_back(record.value);
  return values;
}

std::vector<Offset> offsets_of(const std::vector<Record>& records) {
  std::vector<Offset> result;
  for (const auto& record : records) result.push_back(record.offset);
  return result;
}

std::vector<std::string> numbers(std::size_t from, std::size_t to) {
  std::vector<std::string> result;
  for (auto i = from; i < to; ++i) result.push_back(std::to_string(i));
  return result;
}

std::vector<Offset> offsets(Offset from, Offset to) {
  std::vector<Offset> result;
  for (auto i = from; i < to; ++i) result.push_back(i);
  return result;
}

}  // namespace parley::contract
