// The key table as each process has it: what all of them write and read (KeyLog), and one process's copy (Keyring), which is
// behind by as much as the dice say.
//
// Operation: what is asked for waits until turn() settles the oldest: written, refused, or written while told that it was not.
// Concurrency: one thread. Ownership: the KeyLog outlives the rings; who is killed calls forget() first.
#pragma once

#include <deque>
#include <map>

#include "keys/key_store.hpp"
#include "tests/sim/dice.hpp"

namespace parley::sim {

class KeyLog {
 public:
  // The record's number.
  std::uint64_t add(const keys::KeyRecord& record) {
    records_.push_back(record);
    const auto number = records_.size();
    if (std::holds_alternative<keys::Made>(record.what)) {
      last_made_ = number;
      archive_.apply(record, number);
    }
    archive_.reached(number + 1);
    return number;
  }
  [[nodiscard]] const keys::KeyRecord& at(std::uint64_t number) const { return records_[number - 1]; }
  [[nodiscard]] std::uint64_t next() const { return records_.size() + 1; }
  [[nodiscard]] std::uint64_t last_made() const { return last_made_; }
  // What no process has: every key that ever was, none of them destroyed.
  [[nodiscard]] const keys::KeyTable& archive() const { return archive_; }

 private:
  std::deque<keys::KeyRecord> records_;
  std::uint64_t last_made_ = 0;
  keys::KeyTable archive_;
};

class Keyring final : public keys::KeyStore {
 public:
  explicit Keyring(KeyLog& log) : log_(log) {}

  // Settles what was asked for first, and reads one record on. False: there was nothing to do. `faults` in a thousand go wrong.
  bool turn(Dice& dice, std::uint64_t faults);
  // Reads up to a record, or all.
  void read_to(std::uint64_t number);
  void read_all() { read_to(log_.next() - 1); }
  // So far that whatever is sealed in the log is known to be openable or not: a fold that is behind by more stands still.
  void read_keys() { read_to(log_.last_made()); }
  [[nodiscard]] bool is_level() const { return asked_.empty() && table_.next() == log_.next(); }
  // Whoever asked is gone.
  void forget() {
    asked_.clear();
    waiting_.clear();
  }

  // --- KeyStore
  void make(core::UserId user, Done done) override;
  void destroy(core::UserId user, Done done) override {
    asked_.push_back({{std::move(user), keys::Erasing{}}, std::move(done)});
  }
  void finish(core::UserId user, std::uint64_t below, Done done) override {
    asked_.push_back({{std::move(user), keys::Erased{below}}, std::move(done)});
  }
  void close(std::chrono::milliseconds) override {}
  [[nodiscard]] bool healthy() const override { return true; }

 private:
  struct Asked {
    keys::KeyRecord record;
    Done done;
  };
  void settle(Asked asked, bool goes_wrong, Dice& dice);

  KeyLog& log_;
  std::deque<Asked> asked_;
  std::multimap<std::uint64_t, Done> waiting_;  // by the number that is to be read
};

}  // namespace parley::sim
