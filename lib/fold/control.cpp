#include "fold/control.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "runtime/clock.hpp"
#include "runtime/random.hpp"

namespace parley::fold {

namespace {

constexpr std::uint32_t kFormat = 1;
constexpr std::uint32_t kRulesVersion = 1;
constexpr std::chrono::milliseconds kLookAgain{20};
using Clock = std::chrono::steady_clock;

std::expected<eventlog::Offset, std::string> end_of(eventlog::EventLog& log, eventlog::Partition partition,
                                                    Clock::time_point until) {
  do {
    if (const auto end = log.end(partition)) return *end;
    std::this_thread::sleep_for(kLookAgain);
  } while (Clock::now() < until);
  return std::unexpected("the log does not answer");
}

std::expected<std::optional<eventlog::Record>, std::string> first_record(eventlog::EventLog& log, Clock::time_point until) {
  const auto consumer = log.consumer();
  const auto end = end_of(log, 0, until);
  if (!end) return std::unexpected(end.error());
  if (*end == 0) return std::nullopt;
  consumer->assign(0, 0);
  while (Clock::now() < until) {
    auto batch = consumer->poll(std::chrono::milliseconds(100), 1);
    if (batch && *batch && !(*batch)->view().empty()) return (*batch)->view().front();
    if (!batch && batch.error() == eventlog::ReadError::Corrupt) return std::unexpected("the log's first record can't be read");
  }
  return std::unexpected("the log's first record did not come in time");
}

std::expected<void, std::string> append(eventlog::EventLog& log, const codec::Control& control, Clock::time_point until) {
  struct Wait {
    std::mutex mutex;
    std::condition_variable done;
    std::optional<std::expected<eventlog::Offset, eventlog::AppendError>> result;
  };
  const auto wait = std::make_shared<Wait>();  // outlives a completion that comes late
  auto attributes = codec::event_attributes(control, {runtime::SystemClock().now_ms()});
  eventlog::NewRecord record{.partition = 0,
                             .key = std::string(core::Uuid::kBytes, '\0'),
                             .value = codec::encode(control),
                             .event = {.type = std::move(attributes.type),
                                       .id = std::move(attributes.id),
                                       .source = std::move(attributes.source),
                                       .time = std::move(attributes.time),
                                       .subject = std::move(attributes.subject),
                                       .traceparent = {}}};
  std::vector<eventlog::AppendRequest> requests;
  requests.push_back({std::move(record), [wait](std::expected<eventlog::Offset, eventlog::AppendError> result) {
                        const std::scoped_lock lock(wait->mutex);
                        wait->result = result;
                        wait->done.notify_one();
                      }});
  log.append(std::move(requests));
  std::unique_lock lock(wait->mutex);
  if (!wait->done.wait_until(lock, until, [&] { return wait->result.has_value(); }) || !*wait->result)
    return std::unexpected("the log did not take its first record");
  return {};
}

std::expected<codec::Control, std::string> check(const eventlog::EventLog& log, const eventlog::Record& record) {
  if (record.type != codec::kControlType)
    return std::unexpected("the log does not begin with a control record: it is not Parley's");
  const auto control = codec::decode_control(record.value);
  if (!control) return std::unexpected("the log's control record can't be read");
  if (control->format != kFormat)
    return std::unexpected("the log has format " + std::to_string(control->format) + ", this program knows " +
                           std::to_string(kFormat));
  if (control->rules_version > kRulesVersion)
    return std::unexpected("the log has rules of version " + std::to_string(control->rules_version) + ", this program knows " +
                           std::to_string(kRulesVersion));
  if (control->dedup_window_ms <= 0)
    return std::unexpected("the log's control record has no window in which idempotency keys are remembered");
  if (control->partitions != log.partitions())
    return std::unexpected("the log was made with " + std::to_string(control->partitions) + " partitions and has " +
                           std::to_string(log.partitions()) + " now");
  return *control;
}

}  // namespace

std::expected<codec::Control, std::string> read_control(eventlog::EventLog& log, std::chrono::milliseconds deadline) {
  auto record = first_record(log, Clock::now() + deadline);
  if (!record) return std::unexpected(record.error());
  if (!*record) return std::unexpected("the log is empty");
  return check(log, **record);
}

std::expected<bool, std::string> is_begun(eventlog::EventLog& log, std::chrono::milliseconds deadline) {
  constexpr std::size_t kAtOnce = 16;
  const auto until = Clock::now() + deadline;
  for (eventlog::Partition partition = 1; partition < log.partitions(); ++partition) {
    const auto end = end_of(log, partition, until);
    if (!end) return std::unexpected(end.error());
    if (*end > 0) return true;
  }
  const auto end = end_of(log, 0, until);
  if (!end) return std::unexpected(end.error());
  const auto consumer = log.consumer();
  consumer->assign(0, 0);
  for (eventlog::Offset next = 0; next < *end;) {
    const auto batch = consumer->poll(kLookAgain, kAtOnce);
    if (batch && *batch)
      for (const auto& record : (*batch)->view()) {
        if (record.type != codec::kControlType) return true;
        next = record.offset + 1;
      }
    else if (Clock::now() >= until)
      return std::unexpected("the log's first records did not come in time");
  }
  return false;
}

std::expected<codec::Control, std::string> ensure_control(eventlog::EventLog& log, codec::Control wanted,
                                                          std::chrono::milliseconds deadline,
                                                          std::chrono::milliseconds patience) {
  const auto begin = Clock::now();
  const auto until = begin + deadline;
  auto record = first_record(log, until);
  while (record && !*record && Clock::now() < begin + patience) {
    std::this_thread::sleep_for(kLookAgain);
    record = first_record(log, until);
  }
  if (!record) return std::unexpected(record.error());
  if (*record) return check(log, **record);
  wanted.format = kFormat;
  wanted.rules_version = kRulesVersion;
  wanted.partitions = log.partitions();
  if (wanted.epoch == 0) wanted.epoch = runtime::random_u64() >> 24 | 1;
  if (auto appended = append(log, wanted, until); !appended) return std::unexpected(appended.error());
  record = first_record(log, until);
  if (!record) return std::unexpected(record.error());
  if (!*record) return std::unexpected("the log's first record did not come in time");
  return check(log, **record);
}

}  // namespace parley::fold
