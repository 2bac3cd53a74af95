// One partition's fold: records in, state and rows out. The store's tables, the read models' and the consumed offset are
// written in one batch, so that killed anywhere it goes on exactly where it was.
//
// Concurrency: one thread (the worker's). Ownership: owns the State; the Store must outlive it. Limits: none of its own; a
// batch is as large as the caller makes it.
#pragma once

#include <atomic>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "codec/command_codec.hpp"
#include "core/apply.hpp"
#include "eventlog/event_log.hpp"
#include "fold/lookups.hpp"
#include "fold/touched.hpp"

namespace parley::fold {

// A command and what became of it.
struct Step {
  eventlog::Offset offset = 0;
  core::Command command;
  core::Decision decision;
};

// What a part adds to the fold's own tables, in the same batch.
class Projection {
 public:
  virtual ~Projection() = default;
  // `state` is that after the step.
  virtual void project(const Step& step, const core::State& state, store::Batch& batch) = 0;
  virtual void dead_letter(eventlog::Offset offset, std::string_view value, store::Batch& batch) = 0;
  // The log's clock went from `before` to `now`: drop what has outlived `window_ms`.
  virtual void expire(core::TimeMs before, core::TimeMs now, std::int64_t window_ms, store::Batch& batch) = 0;
  // The batch, which goes up to `next`, gives these messages another text. Told last, and again if the store refuses the batch.
  virtual void touch(std::uint32_t partition, eventlog::Offset next, const codec::TouchedRow& touched, store::Batch& batch) {}
};

// Counted by the fold's thread, read by any.
struct FoldCounts {
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> rejected[8] = {};  // by core::Code
  std::atomic<std::uint64_t> duplicates{0};
  std::atomic<std::uint64_t> dead_letters{0};
};

class PartitionFold {
 public:
  // Brings back the state that the store holds. REQUIRES: `control` is the log's. The error is a sentence (another log's
  // state, rows that can't be read).
  static std::expected<std::unique_ptr<PartitionFold>, std::string> open(std::uint32_t partition, store::Store& store,
                                                                         const codec::Control& control, Projection* projection);

  // Folds `records`, which begin at or before next(): older ones are skipped. Steps are added to `out` in order; when it
  // returns they are in the store. After an error the same call must be made again: nothing is lost by it.
  store::Stored<void> fold(std::span<const eventlog::Record> records, std::vector<Step>& out);

  [[nodiscard]] eventlog::Offset next() const { return next_; }
  [[nodiscard]] std::uint32_t partition() const { return partition_; }
  [[nodiscard]] const core::State& state() const { return state_; }
  [[nodiscard]] const FoldCounts& counts() const { return counts_; }

 private:
  PartitionFold(std::uint32_t partition, store::Store& store, const codec::Control& control, Projection* projection);
  std::expected<void, std::string> load();

  store::Stored<void> fold_one(const eventlog::Record& record, std::vector<Step>& out);
  void remember_key(const Step& step, core::StreamId scope);
  void put_change(const core::Change& change);
  void put_message(const core::Message& message);
  void mention_instead(const core::Message& message, const std::vector<core::UserId>& before);
  void forget_mentions(const core::ChannelId& channel, const core::UserId& user, const std::vector<core::Seq>& read);
  void put_heads();
  void expire(core::TimeMs before);
  void count(const core::Decision& decision);
  store::Stored<void> commit();

  std::uint32_t partition_;
  store::Store& store_;
  codec::Control control_;
  core::Rules rules_;
  Projection* projection_;
  core::State state_;
  eventlog::Offset next_ = 0;
  FoldCounts counts_;

  // --- of the batch under way
  store::Batch batch_;
  std::unordered_set<core::ChannelId> channels_;  // whose heads changed
  std::unordered_set<core::WorkspaceId> workspaces_;
  std::set<std::pair<core::ChannelId, core::UserId>> members_;
  Lookups lookups_;
  Touched touched_;
  std::string row_;  // reused
};

}  // namespace parley::fold
