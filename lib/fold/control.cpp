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

std::expected<std::optional<eventlog::Record>, std::string> first_record(eventlog::EventLog& log, Clock::time_point until) {
  const auto consumer = log.consumer();
  std::optional<eventlog::Offset> end;
  while (!end && Clock::now() < until) {
    if (auto e = log.end(0))
      end = *e;
    else
      std::this_thread::sleep_for(kLookAgain);
  }
  if (end && *end == 0) return std::nullopt;
  if (!end) return std::unexpected("the log does not answer");
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
