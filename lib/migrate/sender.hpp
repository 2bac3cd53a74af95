// Brings commands into the log, many at once, and hears what the fold makes of each.
//
// Operation: send() seals and appends; it waits while too much is on its way. The outcomes come from the fold's own steps
// (publish) and are told by `settled`, in the order of each partition, from within send() and drain(). One who writes has a
// key first.
// Concurrency: send(), drain() and make_keys() from one thread; publish() is the folds'. Ownership: log and keys must outlive
// it, and it the pipeline. Errors: when the log does not take a command, or nothing moves for `patience`, failure() says
// why and nothing is sent any more; what was sent may be in the log. Limits: SenderOptions.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "codec/seal.hpp"
#include "fold/worker.hpp"
#include "keys/key_store.hpp"

namespace parley::migrate {

struct SenderOptions {
  std::uint32_t partitions = 1;
  std::uint64_t gateway = 1;                   // as which it stands in the log
  std::size_t max_in_flight = 16'384;          // commands that are not folded
  std::size_t max_in_flight_bytes = 32 << 20;  // of them
  std::size_t append_at_once = 256;
  std::chrono::milliseconds patience{60'000};
};

// What its sender remembers of a command.
struct Ticket {
  std::uint64_t key = 0;  // its hash
  std::string_view kind;  // a constant
  std::string where;
  std::optional<core::ChannelId> channel;  // of a post
  core::Seq foreseen;                      // of a post; 0: it will be refused
};

class Sender final : public fold::Publisher {
 public:
  using Settled = std::function<void(const Ticket&, const core::Outcome&)>;

  Sender(eventlog::EventLog& log, keys::KeyStore& keys, SenderOptions options);
  void on_settled(Settled settled) { settled_ = std::move(settled); }

  // Keys for those who have none yet, all at once. False: failed.
  bool make_keys(const std::vector<core::UserId>& users);
  // A command of this user at this time, ready to be sent.
  [[nodiscard]] core::Command command(const core::UserId& user, core::Payload payload, core::TimeMs at) const;
  // What it sends lies behind these ends of the partitions; what is before is no news. Before the first send().
  void begin_at(std::vector<eventlog::Offset> ends);
  // False: failed.
  bool send(core::Command command, Ticket ticket);
  // Waits until something is told; false: failed, or nothing is on its way.
  bool await_one();
  // Waits for all outcomes; false: failed.
  bool drain();

  [[nodiscard]] const std::string& failure() const { return failure_; }
  [[nodiscard]] std::size_t in_flight() const { return in_flight_; }

  void publish(const fold::PartitionFold& fold, std::vector<fold::Step> steps) override;

 private:
  struct Sent {
    core::CommandId id;
    std::size_t bytes = 0;
    Ticket ticket;
  };
  struct Heard {
    std::uint32_t partition = 0;
    eventlog::Offset offset = 0;
    core::CommandId id;
    core::Outcome outcome;
  };
  bool seal(core::Command& command);
  void flush();
  bool settle();
  bool fail(std::string why);

  eventlog::EventLog& log_;
  keys::KeyStore& keys_;
  SenderOptions options_;
  Settled settled_;
  std::string failure_;
  std::unordered_map<core::UserId, codec::BodyKey> body_keys_;
  std::vector<eventlog::AppendRequest> gathered_;
  std::vector<std::deque<Sent>> sent_;  // by partition
  std::size_t in_flight_ = 0;
  std::size_t in_flight_bytes_ = 0;

  // --- shared with the threads of the folds and of the log
  std::mutex mutex_;
  std::condition_variable news_;
  std::vector<Heard> heard_;
  std::vector<eventlog::Offset> begin_;  // empty: it has not begun
  std::atomic<bool> any_heard_{false};
  std::atomic<bool> refused_{false};  // the log did not take a command
};

}  // namespace parley::migrate
