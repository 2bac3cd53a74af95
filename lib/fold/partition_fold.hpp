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
#include "fold/lookups.hpp"
#include "fold/projection.hpp"
#include "fold/touched.hpp"
#include "keys/key_table.hpp"

namespace parley::fold {

// Counted by the fold's thread, read by any.
struct FoldCounts {
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> rejected[8] = {};  // by core::Code
  std::atomic<std::uint64_t> duplicates{0};
  std::atomic<std::uint64_t> dead_letters{0};
  std::atomic<std::uint64_t> unopened{0};  // sealed bodies that can't be opened though their key was not destroyed
};

class PartitionFold {
 public:
  // Brings back the state that the store holds. REQUIRES: `control` is the log's. The error is a sentence (another log's
  // state, rows that can't be read). `keys` must outlive it; without them what is sealed stays so, as if all were destroyed.
  static std::expected<std::unique_ptr<PartitionFold>, std::string> open(std::uint32_t partition, store::Store& store,
                                                                         const codec::Control& control, Projection* projection,
                                                                         const keys::KeyTable* keys = nullptr);

  // Folds `records`, which begin at or before next(): older ones are skipped. Steps are added to `out` in order; when it
  // returns they are in the store. After an error the same call must be made again, with the same `out`: nothing is lost.
  store::Stored<void> fold(std::span<const eventlog::Record> records, std::vector<Step>& out);
  // The same of records that came in several runs, one behind the other: in one write.
  store::Stored<void> fold(std::span<const eventlog::RecordBatch> runs, std::vector<Step>& out);

  [[nodiscard]] eventlog::Offset next() const { return next_; }
  [[nodiscard]] std::uint32_t partition() const { return partition_; }
  [[nodiscard]] const core::State& state() const { return state_; }
  [[nodiscard]] const FoldCounts& counts() const { return counts_; }

  // Up to which offset words were erased whose bytes may still be in the store's files; none: they are nowhere. Any thread.
  [[nodiscard]] std::optional<eventlog::Offset> to_purge() const;
  // They are gone: the files were rewritten since. The fold's thread.
  void purged(eventlog::Offset up_to);

 private:
  PartitionFold(std::uint32_t partition, store::Store& store, const codec::Control& control, Projection* projection,
                const keys::KeyTable* keys);
  std::expected<void, std::string> load();

  store::Stored<void> fold_one(const eventlog::Record& record, std::vector<Step>& out);
  store::Stored<void> open_words(core::Command& command, eventlog::Offset offset);
  store::Stored<void> erase_words(const core::Command& command, const core::Facts& facts, eventlog::Offset offset);
  void remember_key(const Step& step, core::StreamId scope);
  void put_change(const core::Change& change);
  void put_message(const core::Message& message);
  void mention_instead(const core::Message& message, const std::vector<core::UserId>& before);
  void forget_mentions(const core::ChannelId& channel, const core::UserId& user, const std::vector<core::Seq>& read);
  void put_heads();
  void expire(core::TimeMs before);
  void count(const core::Decision& decision);
  store::Stored<void> take(std::span<const eventlog::Record> records, std::vector<Step>& out);
  store::Stored<void> commit();

  std::uint32_t partition_;
  store::Store& store_;
  codec::Control control_;
  core::Rules rules_;
  Projection* projection_;
  const keys::KeyTable* keys_;
  core::State state_;
  eventlog::Offset next_ = 0;
  eventlog::Offset opened_ = 0;             // behind the newest record that could not be opened
  std::atomic<eventlog::Offset> purge_{0};  // behind what is to be purged; 0: nothing is
  FoldCounts counts_;

  // --- of the batch under way
  store::Batch batch_;
  std::unordered_set<core::ChannelId> channels_;  // whose heads changed
  std::unordered_set<core::WorkspaceId> workspaces_;
  std::set<std::pair<core::ChannelId, core::UserId>> members_;
  Lookups lookups_;
  Touched touched_;
  eventlog::Offset erased_ = 0;  // behind the newest erasure in it
  std::string row_;              // reused
};

}  // namespace parley::fold
