// Whose presence the connections of one shard watch, and what is known of these users.
//
// Operation: a user is asked for once, however many watch him; what comes of him is compared with what was told, so that an
// answer that is given again (the broadcaster has forgotten who watches) tells nobody twice.
// Concurrency: its shard. Ownership: a connection leaves before it ends. Limits: kMaxWatchedUsers a connection.
#pragma once

#include <functional>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "ingest/connection.hpp"
#include "runtime/clock.hpp"
#include "service/gateway.hpp"

namespace parley::ingest {

class Watches {
 public:
  enum class How : std::uint8_t { Known, Replaced, GivenUp };  // Replaced: by another list
  using Done = std::function<void(How)>;

  Watches(std::uint32_t shard, service::GatewayId gateway, service::Broadcast& broadcast, const runtime::Clock& clock)
      : shard_(shard), gateway_(gateway), broadcast_(broadcast), clock_(clock) {}

  // In place of what it watched before. `done` is called once, maybe at once; until tell() the connection is told nothing. It
  // must not call anything here but tell().
  void watch(Connection& connection, std::vector<core::UserId> users, Done done);
  // Who of them is online, and when the others were last seen where that is known; from now on it is told of changes.
  // REQUIRES: called by a `done` that was told Known.
  struct Now {
    std::vector<core::UserId> online;
    std::vector<std::pair<core::UserId, core::TimeMs>> last_seen;
  };
  Now tell(Connection& connection);
  // It watches nobody any more.
  void give_up(Connection& connection);

  void apply(const service::Presence& presence);
  // Asks for everyone again.
  void reattach();
  [[nodiscard]] std::size_t users() const { return watched_.size(); }

 private:
  struct Watcher;
  struct Watched {
    bool known = false;
    bool online = false;
    core::TimeMs last_seen;
    std::unordered_set<Watcher*> watchers;
  };
  using Entry = std::pair<const core::UserId, Watched>;
  struct Watcher {
    Connection* connection = nullptr;
    std::vector<Entry*> users;
    std::size_t unknown = 0;  // of them
    Done done;                // until it was called
    bool told = false;        // of who is online
  };
  Entry* enter(const core::UserId& user, Watcher& watcher, std::vector<core::UserId>& fresh);
  void abandon(std::vector<Entry*> users, Watcher& watcher);
  static void finish(Watcher& watcher, How how);
  static void learn(Watched& watched);
  void announce(const Entry& entry) const;

  std::uint32_t shard_;
  service::GatewayId gateway_;
  service::Broadcast& broadcast_;
  const runtime::Clock& clock_;
  std::unordered_map<core::UserId, Watched> watched_;
  std::unordered_map<Connection*, Watcher> watchers_;
};

}  // namespace parley::ingest
