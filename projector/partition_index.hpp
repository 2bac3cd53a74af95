// Keeps the search index of one partition up with its store. The row of a message is the truth at the time it is looked at, so
// whatever is done twice, after a crash of the index or of the store, comes to the same.
//
// Operation: a new index is built from the messages' rows, in the order of their keys; from then on it takes in what table
// touched names. What is done and how far that is are committed together. What can't be read is deleted, and built anew.
// Concurrency: one thread, but where it says any. Ownership: pipeline and queue must outlive it. Limits: at most
// `max_documents` messages or `max_bytes` of text a transaction.
#pragma once

#include <chrono>
#include <functional>

#include "projector/touched_queue.hpp"
#include "search/index.hpp"
#include "search/language.hpp"

namespace parley::projector {

struct PartitionIndexOptions {
  std::string language{search::kDefaultLanguage};
  std::size_t max_documents = 5000;
  std::size_t max_bytes = 8 << 20;
  std::function<void()> between;  // called again and again in the midst of a transaction
};

// Where the index of the store in this directory is.
inline std::filesystem::path index_dir(const std::filesystem::path& generation) { return generation / "search"; }

class PartitionIndex {
 public:
  PartitionIndex(const store::Store& store, std::filesystem::path dir, std::uint32_t partition, TouchedQueue& queue,
                 PartitionIndexOptions options);

  enum class Turn : std::uint8_t { Done, More, Failed };
  // One transaction, or none when there is nothing to do. Failed: try again after a pause.
  Turn turn();

  // --- any thread
  // Everything is in it up to here; 0 while it is being built.
  [[nodiscard]] eventlog::Offset next() const { return next_; }
  // There is something to do though nothing more was folded: not opened yet, or to be purged.
  [[nodiscard]] bool wants_turn() const { return wants_turn_; }
  // Since the start: messages put or removed, turns that failed.
  [[nodiscard]] std::uint64_t looked_at() const { return looked_at_; }
  [[nodiscard]] std::uint64_t failures() const { return failures_; }

 private:
  struct Work;  // gathered for a transaction
  search::Result<Turn> try_turn();
  search::Result<void> open();
  search::Result<void> begin_building(eventlog::Offset applied);
  search::Result<Turn> build(const store::Snapshot& snapshot, eventlog::Offset applied);
  search::Result<Turn> take_in(const store::Snapshot& snapshot, eventlog::Offset applied);
  search::Result<void> take_in_row(const store::Snapshot& snapshot, const codec::TouchedRow& row, Work& work);
  search::Result<void> take_in_run(const store::Snapshot& snapshot, const core::ChannelId& channel,
                                   const codec::TouchedRow::Run& run, Work& work);
  search::Result<void> drop_channel(const core::ChannelId& channel);
  search::Result<void> write(Work& work, const search::Progress& progress);
  search::Result<void> purge_if_due();
  void come_to(eventlog::Offset next);

  const store::Store& store_;
  std::filesystem::path dir_;
  std::uint32_t partition_;
  TouchedQueue& queue_;
  PartitionIndexOptions options_;
  std::unique_ptr<search::Index> index_;
  std::chrono::steady_clock::time_point next_purge_;
  std::atomic<eventlog::Offset> next_{0};
  std::atomic<bool> wants_turn_{true};
  std::atomic<std::uint64_t> looked_at_{0};
  std::atomic<std::uint64_t> failures_{0};
};

}  // namespace parley::projector
