// The log port: an ordered, durable, partitioned sequence of records. Three adapters keep the same contract (tests/contract):
// memory (tests), embedded (RocksDB) and Kafka.
//
// Operation: append() hands records over and returns at once; each record's completion is called when it is durable, or has
// failed. Of one partition, records handed over by one thread are appended in that order. A Consumer reads assigned
// partitions from given offsets: every durable record once, in order, dense offsets from 0.
// Concurrency: append() from any thread; completions run on a thread of the log's, must be quick and must not block. A
// Consumer belongs to one thread, save for wake(), and must not outlive its log.
// Limits: the append queue is bounded in bytes (AppendError::Overloaded beyond); key and value of a record are together at most
// kMaxRecordBytes. Partitions are below partitions(); anything else is a bug of the caller's.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace parley::eventlog {

using Partition = std::uint32_t;
using Offset = std::uint64_t;

inline constexpr std::size_t kMaxRecordBytes = 1 << 20;

// The CloudEvents 1.0 attributes of a record. In Kafka they are headers (binary mode: ce_id, ce_source, ce_specversion,
// ce_type, ce_time, ce_subject, content-type: application/protobuf, traceparent); the embedded and the memory log keep
// the type alone, since the value has the rest.
struct Event {
  std::string type;
  std::string id;
  std::string source;
  std::string time;  // RFC 3339
  std::string subject;
  std::string traceparent;  // empty: none
};

struct NewRecord {
  Partition partition = 0;
  std::string key;
  std::string value;
  Event event;
};

// What counts against kMaxRecordBytes.
inline std::size_t record_bytes(const NewRecord& record) { return record.key.size() + record.value.size(); }

struct Record {
  Offset offset = 0;
  std::string key;
  std::string value;
  std::string type;  // Event::type; empty when a foreign producer set none
};

enum class AppendError : std::uint8_t {
  Unavailable,  // not written, and it will not be
  Unknown,      // the deadline passed: it may be in the log or may still get there
  Overloaded,   // the queue is full; not written
  TooLarge,     // not written
};
// Called once for each record.
using Appended = std::move_only_function<void(std::expected<Offset, AppendError>)>;

struct AppendRequest {
  NewRecord record;
  Appended done;
};
// A request that a log doesn't take, until its completion is called.
struct Refusal {
  Appended done;
  AppendError error;
};

enum class ReadError : std::uint8_t {
  Unavailable,  // for now: call again
  Corrupt,      // the log's bytes are damaged: an operator is needed
};

// A read that failed, and where, as far as the log can tell.
struct ReadFailure {
  ReadFailure(ReadError what) : error(what) {}
  ReadFailure(ReadError what, Partition of, Offset from) : error(what), partition(of), offset(from) {}
  friend bool operator==(const ReadFailure& failure, ReadError what) { return failure.error == what; }

  ReadError error;
  std::optional<Partition> partition;  // none: the log as a whole
  Offset offset = 0;                   // from which it should have been read
};

struct RecordBatch {
  Partition partition = 0;
  std::shared_ptr<const std::vector<Record>> records;  // dense offsets, unless a Kafka control batch lies between
  std::size_t first = 0;                               // those of `records` from here on are new to this consumer
  [[nodiscard]] std::span<const Record> view() const { return std::span(*records).subspan(first); }
};

class Consumer {
 public:
  virtual ~Consumer() = default;
  // From now on also `partition`, beginning with `from`; of one that it reads already, from there on.
  virtual void assign(Partition partition, Offset from) = 0;
  // The next records of any assigned partition: at most `max_records` or so. Waits up to `timeout` for the first; none
  // when the time is over or wake() was called.
  virtual std::expected<std::optional<RecordBatch>, ReadFailure> poll(std::chrono::milliseconds timeout,
                                                                      std::size_t max_records) = 0;
  // Makes a poll() that waits return now, or the next one not wait. Any thread.
  virtual void wake() = 0;
};

class EventLog {
 public:
  virtual ~EventLog() = default;
  [[nodiscard]] virtual std::uint32_t partitions() const = 0;
  // Hands all the requests over at once (one lock, one wake-up); their completions are called later, never from within.
  virtual void append(std::vector<AppendRequest> requests) = 0;
  virtual std::unique_ptr<Consumer> consumer() = 0;
  // The offset that the next record of the partition gets: everything below it is durable and readable.
  virtual std::expected<Offset, ReadError> end(Partition partition) = 0;
  // Does it keep more of an Event than the type? Otherwise the rest need not be made.
  [[nodiscard]] virtual bool keeps_events() const = 0;
  // Can it take records now, as far as is known?
  [[nodiscard]] virtual bool healthy() const = 0;
  // Tells how far a consumer group has come, for lag tools; best effort, does nothing where there are none.
  virtual void report_progress(Partition partition, Offset next) = 0;
  // No more appends (they are Unavailable): waits for those handed over, at most `deadline`, and fails the rest. Consumers may
  // go on. The last completions may run until the log is destroyed.
  virtual void close(std::chrono::milliseconds deadline) = 0;
};

}  // namespace parley::eventlog
