#include "ingest/watches.hpp"

#include <algorithm>

#include "codec/client_text.hpp"

namespace parley::ingest {

void Watches::watch(Connection& connection, std::vector<core::UserId> users, Done done) {
  std::ranges::sort(users);
  users.erase(std::ranges::unique(users).begin(), users.end());
  auto& watcher = watchers_[&connection];
  finish(watcher, How::Replaced);
  const auto before = std::exchange(watcher, {.connection = &connection, .done = std::move(done)}).users;

  std::vector<core::UserId> fresh;
  for (const auto& user : users) watcher.users.push_back(enter(user, watcher, fresh));
  if (!fresh.empty()) broadcast_.watch(gateway_, shard_, std::move(fresh));
  std::vector<Entry*> dropped;
  std::ranges::copy_if(before, std::back_inserter(dropped),
                       [&](const Entry* entry) { return !std::ranges::binary_search(users, entry->first); });
  abandon(std::move(dropped), watcher);
  if (watcher.unknown == 0) finish(watcher, How::Known);
}

Watches::Entry* Watches::enter(const core::UserId& user, Watcher& watcher, std::vector<core::UserId>& fresh) {
  auto& entry = *watched_.try_emplace(user).first;
  if (entry.second.watchers.empty()) fresh.push_back(user);
  entry.second.watchers.insert(&watcher);
  if (!entry.second.known) ++watcher.unknown;
  return &entry;
}

void Watches::abandon(std::vector<Entry*> users, Watcher& watcher) {
  std::vector<core::UserId> gone;
  for (auto* entry : users) {
    entry->second.watchers.erase(&watcher);
    if (!entry->second.watchers.empty()) continue;
    gone.push_back(entry->first);
    watched_.erase(gone.back());
  }
  if (!gone.empty()) broadcast_.unwatch(gateway_, shard_, std::move(gone));
}

void Watches::give_up(Connection& connection) {
  const auto it = watchers_.find(&connection);
  if (it == watchers_.end()) return;
  finish(it->second, How::GivenUp);
  abandon(std::move(it->second.users), it->second);
  watchers_.erase(it);
}

void Watches::finish(Watcher& watcher, How how) {
  if (const auto done = std::exchange(watcher.done, nullptr)) done(how);
}

Watches::Now Watches::tell(Connection& connection) {
  auto& watcher = watchers_.at(&connection);
  watcher.told = true;
  Now now;
  for (const auto* entry : watcher.users) {
    const auto& [user, watched] = *entry;
    if (watched.online)
      now.online.push_back(user);
    else if (watched.last_seen.value != 0)
      now.last_seen.emplace_back(user, watched.last_seen);
  }
  return now;
}

// --- what comes in
void Watches::apply(const service::Presence& presence) {
  const auto it = watched_.find(presence.user);
  if (it == watched_.end()) return;  // nobody watches him any more
  auto& watched = it->second;
  if (presence.unsettled) return learn(watched);
  const bool changed = watched.online != presence.online;
  watched.online = presence.online;
  if (presence.last_seen.value != 0)
    watched.last_seen = presence.last_seen;
  else if (changed)
    watched.last_seen = {clock_.now_ms()};  // went while there was no broadcaster to see it
  if (watched.known && changed) announce(*it);
  learn(watched);
}

// That he is online, or else that he is not as far as anybody knows.
void Watches::learn(Watched& watched) {
  if (std::exchange(watched.known, true)) return;
  for (auto* watcher : watched.watchers)
    if (--watcher->unknown == 0) finish(*watcher, How::Known);
}

void Watches::announce(const Entry& entry) const {
  const auto& [user, watched] = entry;
  std::string text;
  codec::append_presence(text, user, watched.online, watched.last_seen);
  const auto frame = net::make_frame(text);
  for (const auto* watcher : watched.watchers)
    if (watcher->told) watcher->connection->socket->send(frame);
}

void Watches::reattach() {
  constexpr std::size_t kAtOnce = 1000;  // so that none is too large a message
  std::vector<core::UserId> some;
  for (const auto& [user, watched] : watched_) {
    some.push_back(user);
    if (some.size() == kAtOnce) broadcast_.watch(gateway_, shard_, std::exchange(some, {}));
  }
  if (!some.empty()) broadcast_.watch(gateway_, shard_, std::move(some));
}

}  // namespace parley::ingest
