// Every user's keys, in memory: what seals and opens the bodies of commands, and who was erased.
//
// Operation: filled from the records of a key store, in their order. A key that is not here was either destroyed (a later
// record says so), or its record has not been read yet (Ahead), or it is lost (Missing): a command never comes into the log
// before its key is durable, so whoever has read beyond the key's number and does not have it never will.
// Concurrency: any thread; a reader waits for no disk. Limits: memory grows with the users who have ever written, some 400
// bytes each.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <set>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include "keys/key_record.hpp"

namespace parley::keys {

struct IsDestroyed {};
struct IsMissing {};
struct IsAhead {};
using Found = std::variant<codec::BodyKey, IsDestroyed, IsMissing, IsAhead>;

class KeyTable {
 public:
  // The user's key with this number; of one that is ahead after waiting for it, at most so long.
  [[nodiscard]] Found await(const core::UserId& user, std::uint64_t number, std::chrono::milliseconds wait) const;
  // The key that he seals with: of those that live the oldest, so that all processes take the same.
  [[nodiscard]] std::optional<codec::BodyKey> current(const core::UserId& user) const;
  // Everything below this number of his is destroyed; 0: he was never erased.
  [[nodiscard]] std::uint64_t destroyed_below(const core::UserId& user) const;
  // Of whom the keys are destroyed, while something may still be left of what they sealed.
  [[nodiscard]] std::vector<core::UserId> erasing() const;
  [[nodiscard]] bool is_erasing(const core::UserId& user) const;
  [[nodiscard]] std::uint64_t epoch() const;  // 0: not told yet
  [[nodiscard]] std::uint64_t next() const;   // the first number that was not read yet
  [[nodiscard]] std::size_t live() const;     // keys

  // --- the key store's, from one thread
  void apply(const KeyRecord& record, std::uint64_t number);
  // His keys may be destroyed, or may be yet: nothing more is sealed with them. Until an Erasing of his is applied.
  void doubt(const core::UserId& user);
  // All records below `next` were applied; the store ended at `end` when it was looked at.
  void reached(std::uint64_t next);
  void ends_at(std::uint64_t end);
  // Does somebody wait for a key that is ahead?
  [[nodiscard]] bool is_waited_for() const { return waiting_ > 0; }
  // Nothing can be ahead: whatever a command may name was applied before it came into the log.
  void is_always_whole();

 private:
  struct Owner {
    std::vector<codec::BodyKey> live;  // by number
    std::uint64_t destroyed_below = 0;
    std::uint64_t erased_below = 0;
    bool in_doubt = false;
  };
  [[nodiscard]] Found look(const core::UserId& user, std::uint64_t number) const;

  mutable std::shared_mutex mutex_;
  mutable std::condition_variable_any news_;
  mutable std::atomic<int> waiting_ = 0;
  std::unordered_map<core::UserId, Owner> owners_;
  std::set<core::UserId> erasing_;
  std::uint64_t epoch_ = 0;
  std::uint64_t next_ = 1;
  std::uint64_t end_ = 1;
  std::uint64_t looks_ = 0;  // at the end
  bool whole_ = false;
  std::size_t live_ = 0;
};

}  // namespace parley::keys
