#include "broadcaster/presence_book.hpp"

#include <algorithm>

namespace parley::broadcaster {

using service::GatewayId;

PresenceBook::PresenceBook(std::chrono::milliseconds grace, Moment begins, Tell tell)
    : grace_(grace), settles_at_(begins.steady + grace), tell_(std::move(tell)) {}

// --- connections
void PresenceBook::attach(GatewayId gateway, const core::UserId& user, Moment now) {
  const auto at = gateways_.find(gateway);
  if (at == gateways_.end()) return;
  auto& one = entry(user);
  ++at->second.attached[&one];
  arrive(one, now);
}

void PresenceBook::detach(GatewayId gateway, const core::UserId& user, Moment now) {
  const auto at = gateways_.find(gateway);
  const auto known = users_.find(user);
  if (at == gateways_.end() || known == users_.end()) return;
  const auto attached = at->second.attached.find(&*known);
  if (attached == at->second.attached.end()) return;
  if (--attached->second == 0) at->second.attached.erase(attached);
  lose(*known, 1, now);
}

void PresenceBook::disconnect(GatewayId gateway, Moment now) {
  const auto at = gateways_.find(gateway);
  if (at == gateways_.end()) return;
  const auto gone = std::move(at->second);
  gateways_.erase(at);
  for (const auto& [entry, connections] : gone.attached) lose(*entry, connections, now);
  for (const auto& [entry, shard] : gone.watched) unwatch(*entry, gateway, shard);
}

void PresenceBook::arrive(Entry& entry, Moment now) {
  auto& user = entry.second;
  if (++user.connections > 1) return;
  const auto left = std::exchange(user.since, now);
  if (user.online) {
    leaving_.erase({left.steady + grace_, &entry});
    return;
  }
  user.online = true;
  ++online_;
  tell_watchers(entry);
}

void PresenceBook::lose(Entry& entry, std::size_t connections, Moment now) {
  auto& user = entry.second;
  user.connections -= connections;
  if (user.connections > 0) return;
  user.since = now;
  leaving_.emplace(now.steady + grace_, &entry);
}

// --- watching
void PresenceBook::watch(GatewayId gateway, std::uint32_t shard, const std::vector<core::UserId>& users) {
  const auto at = gateways_.find(gateway);
  if (at == gateways_.end()) return;
  for (const auto& user : users) {
    auto& one = entry(user);
    if (at->second.watched.emplace(&one, shard).second) {
      const std::pair watcher(gateway, shard);
      auto& watchers = one.second.watchers;
      watchers.insert(std::ranges::lower_bound(watchers, watcher), watcher);
    }
    tell_(gateway, presence_of(one));
  }
}

void PresenceBook::unwatch(GatewayId gateway, std::uint32_t shard, const std::vector<core::UserId>& users) {
  const auto at = gateways_.find(gateway);
  if (at == gateways_.end()) return;
  for (const auto& user : users) {
    const auto known = users_.find(user);
    if (known == users_.end() || at->second.watched.erase({&*known, shard}) == 0) continue;
    unwatch(*known, gateway, shard);
  }
}

void PresenceBook::unwatch(Entry& entry, GatewayId gateway, std::uint32_t shard) {
  std::erase(entry.second.watchers, std::pair(gateway, shard));
  forget_unless_needed(entry);
}

// Who never came and is watched by nobody: names that clients made up don't stay.
void PresenceBook::forget_unless_needed(Entry& entry) {
  const auto& user = entry.second;
  if (user.connections == 0 && user.watchers.empty() && user.since.wall.value == 0) users_.erase(users_.find(entry.first));
}

// --- time
std::optional<std::chrono::steady_clock::time_point> PresenceBook::pass(Moment now) {
  if (!settled_ && now.steady >= settles_at_) settle();
  while (!leaving_.empty() && leaving_.begin()->first <= now.steady) {
    auto* const entry = leaving_.begin()->second;
    leaving_.erase(leaving_.begin());
    entry->second.online = false;
    --online_;
    tell_watchers(*entry);
  }
  if (!settled_) return settles_at_;
  return leaving_.empty() ? std::nullopt : std::optional(leaving_.begin()->first);
}

void PresenceBook::settle() {
  settled_ = true;
  for (const auto& entry : users_)
    if (!entry.second.online) tell_watchers(entry);
}

service::Presence PresenceBook::presence_of(const Entry& entry) const {
  const auto& [id, user] = entry;
  return {.user = id, .online = user.online, .last_seen = user.since.wall, .unsettled = !settled_ && !user.online};
}

// Once a gateway: all its shards hear it.
void PresenceBook::tell_watchers(const Entry& entry) const {
  std::optional<GatewayId> told;
  for (const auto& [gateway, shard] : entry.second.watchers)
    if (std::exchange(told, gateway) != gateway) tell_(gateway, presence_of(entry));
}

}  // namespace parley::broadcaster
