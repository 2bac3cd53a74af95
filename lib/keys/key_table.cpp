#include "keys/key_table.hpp"

#include <algorithm>
#include <mutex>

namespace parley::keys {

Found KeyTable::look(const core::UserId& user, std::uint64_t number) const {
  if (const auto it = owners_.find(user); it != owners_.end()) {
    const auto& owner = it->second;
    if (number < owner.destroyed_below) return IsDestroyed{};
    const auto key = std::ranges::find(owner.live, number, &codec::BodyKey::number);
    if (key != owner.live.end()) return *key;
  }
  if (number < next_ || whole_) return IsMissing{};
  return IsAhead{};
}

// A number that nobody ever gave would be waited for in vain. The key was durable before what it sealed: so two looks at the
// store's end after this began, one of which began after it, tell whether it can be there.
Found KeyTable::await(const core::UserId& user, std::uint64_t number, std::chrono::milliseconds wait) const {
  std::shared_lock lock(mutex_);
  auto found = look(user, number);
  if (!std::holds_alternative<IsAhead>(found)) return found;
  const auto looks = looks_;
  ++waiting_;
  news_.wait_for(lock, wait, [&] {
    found = look(user, number);
    if (!std::holds_alternative<IsAhead>(found)) return true;
    if (looks_ < looks + 2 || number < end_) return false;
    found = IsMissing{};
    return true;
  });
  --waiting_;
  return found;
}

std::optional<codec::BodyKey> KeyTable::current(const core::UserId& user) const {
  const std::shared_lock lock(mutex_);
  const auto it = owners_.find(user);
  if (it == owners_.end() || it->second.live.empty() || it->second.in_doubt) return std::nullopt;
  return it->second.live.front();
}

std::uint64_t KeyTable::destroyed_below(const core::UserId& user) const {
  const std::shared_lock lock(mutex_);
  const auto it = owners_.find(user);
  return it == owners_.end() ? 0 : it->second.destroyed_below;
}

std::vector<core::UserId> KeyTable::erasing() const {
  const std::shared_lock lock(mutex_);
  return {erasing_.begin(), erasing_.end()};
}

bool KeyTable::is_erasing(const core::UserId& user) const {
  const std::shared_lock lock(mutex_);
  return erasing_.contains(user);
}

std::uint64_t KeyTable::epoch() const {
  const std::shared_lock lock(mutex_);
  return epoch_;
}

std::uint64_t KeyTable::next() const {
  const std::shared_lock lock(mutex_);
  return next_;
}

std::size_t KeyTable::live() const {
  const std::shared_lock lock(mutex_);
  return live_;
}

void KeyTable::apply(const KeyRecord& record, std::uint64_t number) {
  const std::scoped_lock lock(mutex_);
  if (const auto* epoch = std::get_if<Epoch>(&record.what)) {
    if (epoch_ == 0) epoch_ = epoch->epoch;
    return;
  }
  if (std::holds_alternative<Destroyed>(record.what)) return;  // the erasing that it belongs to says what is gone
  auto& owner = owners_[record.user];
  if (const auto* made = std::get_if<Made>(&record.what)) {
    if (number < owner.destroyed_below) return;
    owner.live.push_back(codec::BodyKey::from_secret(number, made->secret));
    ++live_;
  } else if (const auto* erased = std::get_if<Erased>(&record.what)) {
    owner.erased_below = std::max(owner.erased_below, erased->below);
    owner.destroyed_below = std::max(owner.destroyed_below, erased->below);
  } else {
    owner.destroyed_below = number;
    owner.in_doubt = false;
  }
  if (owner.destroyed_below > owner.erased_below)
    erasing_.insert(record.user);
  else
    erasing_.erase(record.user);
  live_ -= std::erase_if(owner.live, [&](const auto& key) { return key.number < owner.destroyed_below; });
}

void KeyTable::doubt(const core::UserId& user) {
  const std::scoped_lock lock(mutex_);
  owners_[user].in_doubt = true;
}

void KeyTable::reached(std::uint64_t next) {
  {
    const std::scoped_lock lock(mutex_);
    next_ = next;
  }
  news_.notify_all();
}

void KeyTable::is_always_whole() {
  const std::scoped_lock lock(mutex_);
  whole_ = true;
}

void KeyTable::ends_at(std::uint64_t end) {
  {
    const std::scoped_lock lock(mutex_);
    end_ = end;
    ++looks_;
  }
  news_.notify_all();
}

}  // namespace parley::keys
