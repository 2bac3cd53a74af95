#include "tests/sim/keyring.hpp"

#include <utility>

namespace parley::sim {

bool Keyring::turn(Dice& dice, std::uint64_t faults) {
  bool moved = false;
  if (!asked_.empty()) {
    auto first = std::move(asked_.front());
    asked_.pop_front();
    settle(std::move(first), dice.in_a_thousand(faults), dice);
    moved = true;
  }
  if (table_.next() == log_.next()) return moved;
  read_to(table_.next());
  return true;
}

void Keyring::settle(Asked asked, bool goes_wrong, Dice& dice) {
  if (std::holds_alternative<keys::Made>(asked.record.what) && table_.current(asked.record.user))
    return asked.done(keys::Told::Done);
  if (goes_wrong && dice.below(2) == 0) return asked.done(keys::Told::Refused);  // and it is not there
  const auto number = log_.add(asked.record);
  if (goes_wrong) return asked.done(keys::Told::Unknown);  // and it is
  waiting_.emplace(number, std::move(asked.done));
}

void Keyring::read_to(std::uint64_t number) {
  while (table_.next() <= number) {
    const auto next = table_.next();
    table_.apply(log_.at(next), next);
    table_.reached(next + 1);
  }
  const auto end = waiting_.lower_bound(table_.next());
  std::deque<Done> ready;
  for (auto it = waiting_.begin(); it != end; ++it) ready.push_back(std::move(it->second));
  waiting_.erase(waiting_.begin(), end);
  for (const auto& done : ready) done(keys::Told::Done);
}

// Several processes may make one at once: all take the first.
void Keyring::make(core::UserId user, Done done) {
  if (table_.current(user)) return done(keys::Told::Done);
  asked_.push_back({{std::move(user), keys::Made{codec::BodyKey::make().secret()}}, std::move(done)});
}

}  // namespace parley::sim
