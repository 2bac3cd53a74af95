// A log from a seed in which users write, are erased, and come back, and what the key table hears of that meanwhile.
//
// Operation: keys are destroyed some records before the log says so, as it is in life; and some processes seal with a key of
// old for a while after.
#pragma once

#include <map>

#include "codec/seal.hpp"
#include "keys/key_table.hpp"
#include "tests/unit/fold/records.hpp"

namespace parley::projector {

class ErasedLog {
 public:
  struct KeyEvent {
    std::size_t at = 0;  // before the record with this offset
    keys::KeyRecord record;
    std::uint64_t number = 0;
  };

  ErasedLog(std::uint64_t seed, std::size_t count) : commands_(seed) {
    records_.add(codec::Control{});
    while (records_.size() < count) step();
    for (const auto& [user, destroyed] : std::map(unsaid_)) say(user, destroyed);
  }

  [[nodiscard]] const fold::Records& records() const { return records_; }
  [[nodiscard]] const std::vector<KeyEvent>& key_events() const { return key_events_; }
  [[nodiscard]] std::size_t erasures() const { return erasures_; }

 private:
  std::uint64_t below(std::uint64_t limit) { return commands_.below(limit); }

  void step() {
    auto command = commands_.next();
    // Of the commands too few are erasures for every seed to have some.
    if (std::holds_alternative<core::EraseUser>(command.payload) || below(60) == 0) return destroy(command.user);
    if (codec::has_words(command.payload) && below(6) != 0) codec::seal(command, key_of(command.user));
    records_.add(command);
    if (!unsaid_.empty() && below(8) == 0) say(unsaid_.begin()->first, unsaid_.begin()->second);
  }

  // What he seals with now: a new key if he has none; some time after it was destroyed still the old one.
  const codec::BodyKey& key_of(const core::UserId& user) {
    auto& owned = keys_[user];
    const bool destroyed = !owned.empty() && owned.back().number < destroyed_[user];
    if (owned.empty() || (destroyed && below(3) == 0)) {
      auto key = codec::BodyKey::make();
      key.number = hear({user, keys::Made{key.secret()}});
      owned.push_back(key);
    }
    return owned.size() > 1 && below(5) == 0 ? owned[owned.size() - 2] : owned.back();
  }

  void destroy(const core::UserId& user) { unsaid_[user] = destroyed_[user] = hear({user, keys::Erasing{}}); }

  std::uint64_t hear(keys::KeyRecord record) {
    key_events_.push_back({records_.size(), std::move(record), ++number_});
    return number_;
  }

  void say(const core::UserId& user, std::uint64_t keys_before) {
    auto command = commands_.next();
    command.user = {"root"};
    command.key.clear();
    command.payload_hash = {};
    command.payload = core::EraseUser{user, keys_before, 0};
    command.stream = core::erasure_stream(user, 0);
    command.id = core::command_id(0, command.received_at, below(1ULL << 56));
    records_.add(command);
    unsaid_.erase(user);
    ++erasures_;
  }

  core::RandomCommands commands_;
  fold::Records records_;
  std::vector<KeyEvent> key_events_;
  std::uint64_t number_ = 0;
  std::map<core::UserId, std::vector<codec::BodyKey>> keys_;
  std::map<core::UserId, std::uint64_t> destroyed_;
  std::map<core::UserId, std::uint64_t> unsaid_;  // whose keys are destroyed, and the log does not say so yet
  std::size_t erasures_ = 0;
};

}  // namespace parley::projector
