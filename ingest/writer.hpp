// From a command to its outcome: appends it to the log and waits until the fold has decided.
//
// Operation: submit() gathers what a turn of the loop brings into one append. The outcome comes back through the hub
// (settle()), a failure to append from the log; what hears of neither until the deadline is Unknown: it may be in the log, and
// sending it again with the same key is safe.
// Concurrency: one shard; log completions are posted to it. Ownership: the log must be closed before this is destroyed.
// Limits: the log's queue is bounded in bytes; a session bounds what it has in flight.
// What a person writes is sealed with a key of his (keys/key_store.hpp). Who has none yet gets one first; until it is durable
// all that he sends waits, so that it stays in order.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/change.hpp"
#include "eventlog/event_log.hpp"
#include "keys/key_store.hpp"
#include "runtime/clock.hpp"
#include "runtime/metrics.hpp"
#include "service/gateway.hpp"

namespace parley::ingest {

struct LogIdentity {
  std::uint32_t partitions = 1;
  std::uint64_t epoch = 0;
};

struct Settled {
  enum class How : std::uint8_t { Decided, NotWritten, Unknown };
  How how = How::Unknown;
  core::Outcome outcome;   // when decided
  bool duplicate = false;  // likewise
  std::string position;    // empty: not known to be in the log
};

struct WriterMetrics {
  explicit WriterMetrics(runtime::Metrics& metrics);
  runtime::Counter& appends;
  runtime::Counter& append_failures;
  runtime::Counter& unknown;
  runtime::Histogram& latency;  // from submit to outcome
};

class Writer {
 public:
  using Done = std::function<void(const core::Command&, const Settled&)>;

  Writer(boost::asio::io_context& context, std::uint32_t shard, service::GatewayId gateway, eventlog::EventLog& log,
         LogIdentity identity, const runtime::Clock& clock, std::chrono::milliseconds deadline, WriterMetrics& metrics,
         keys::KeyStore* keys = nullptr);  // null: nothing is sealed

  // A command of this user, ready to be submitted. `key` may be empty.
  core::Command command(const core::UserId& user, std::string key, core::Payload payload, std::string traceparent) const;
  // `done` is called once, later, on this shard.
  void submit(core::Command command, Done done);
  void settle(const service::OutcomeReport& report, std::uint32_t partition);
  [[nodiscard]] std::size_t waiting() const { return pending_.size(); }

 private:
  using SteadyClock = std::chrono::steady_clock;
  struct Pending {
    Writer* writer = nullptr;
    core::Command command;
    Done done;
    SteadyClock::time_point since;
    std::atomic<std::uint64_t> next{0};  // the position once appended; set by the log's thread
  };
  struct Waiting {
    core::Command command;
    Done done;
  };
  [[nodiscard]] bool is_to_be_sealed(const core::Command& command) const;
  [[nodiscard]] bool await_key(core::Command& command, Done& done);
  void key_is_there(const core::UserId& user);
  static void seal(core::Command& command, const codec::BodyKey& key);
  void append(core::Command command, Done done);
  [[nodiscard]] eventlog::Event event_of(const core::Command& command) const;
  void flush();
  void fail(const core::CommandId& id, eventlog::AppendError error);
  void finish(const core::CommandId& id, Settled settled);
  void watch_deadlines();
  [[nodiscard]] std::string position(std::uint32_t partition, std::uint64_t next) const;

  boost::asio::io_context& context_;
  std::uint32_t shard_;
  service::GatewayId gateway_;
  eventlog::EventLog& log_;
  LogIdentity identity_;
  const runtime::Clock& clock_;
  std::chrono::milliseconds deadline_;
  WriterMetrics& metrics_;
  keys::KeyStore* keys_;
  std::unordered_map<core::UserId, std::vector<Waiting>> awaiting_key_;
  std::unordered_map<core::CommandId, std::shared_ptr<Pending>> pending_;
  std::vector<eventlog::AppendRequest> gathered_;
  std::deque<std::pair<SteadyClock::time_point, core::CommandId>> deadlines_;
  boost::asio::steady_timer timer_;
  bool watching_ = false;
};

}  // namespace parley::ingest
