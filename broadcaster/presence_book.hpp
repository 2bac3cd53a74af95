// Who is online: has a connection somewhere, or had one a moment ago. Tells the shards that watch him when he comes and when he
// has been away for the grace.
//
// Operation: counts each user's connections by gateway, so that of a gateway that is gone all of his end at once. For the first
// grace of its own life nobody is told to be offline: his gateway may not have come back yet; what is said of him then is
// unsettled, and settle() says it again.
// Concurrency: one thread; no clock of its own: times come in, and don't go back. Limits: an entry for each user seen since the
// start and each one watched; one for each attached user of a gateway and each watched user of a shard.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "service/gateway.hpp"

namespace parley::broadcaster {

class PresenceBook {
 public:
  struct Moment {
    std::chrono::steady_clock::time_point steady;  // for waiting
    core::TimeMs wall;                             // for people
  };
  using Tell = std::function<void(service::GatewayId, service::Presence)>;

  PresenceBook(std::chrono::milliseconds grace, Moment begins, Tell tell);

  void connect(service::GatewayId gateway) { gateways_[gateway]; }
  void disconnect(service::GatewayId gateway, Moment now);
  // REQUIRES, of the next four: the gateway is connected, or they do nothing.
  void attach(service::GatewayId gateway, const core::UserId& user, Moment now);
  void detach(service::GatewayId gateway, const core::UserId& user, Moment now);
  void watch(service::GatewayId gateway, std::uint32_t shard, const std::vector<core::UserId>& users);
  void unwatch(service::GatewayId gateway, std::uint32_t shard, const std::vector<core::UserId>& users);

  // Does what is due, and says when there is more to do; none: not before somebody leaves.
  std::optional<std::chrono::steady_clock::time_point> pass(Moment now);

  [[nodiscard]] std::size_t online() const { return online_; }
  [[nodiscard]] std::size_t known() const { return users_.size(); }

 private:
  struct User {
    std::size_t connections = 0;
    bool online = false;  // has one, or has had one within the grace
    Moment since;         // of his last coming, or the end of his last connection
    std::vector<std::pair<service::GatewayId, std::uint32_t>> watchers;  // sorted
  };
  using Entry = std::pair<const core::UserId, User>;
  struct Gateway {
    std::unordered_map<Entry*, std::size_t> attached;  // how many connections
    std::set<std::pair<Entry*, std::uint32_t>> watched;
  };

  Entry& entry(const core::UserId& user) { return *users_.try_emplace(user).first; }
  void arrive(Entry& entry, Moment now);
  void lose(Entry& entry, std::size_t connections, Moment now);
  void forget_unless_needed(Entry& entry);
  void unwatch(Entry& entry, service::GatewayId gateway, std::uint32_t shard);
  void settle();
  [[nodiscard]] service::Presence presence_of(const Entry& entry) const;
  void tell_watchers(const Entry& entry) const;

  std::chrono::milliseconds grace_;
  std::chrono::steady_clock::time_point settles_at_;
  bool settled_ = false;
  Tell tell_;
  std::unordered_map<core::UserId, User> users_;
  std::unordered_map<service::GatewayId, Gateway> gateways_;
  std::set<std::pair<std::chrono::steady_clock::time_point, Entry*>> leaving_;  // who has no connection, and until when online
  std::size_t online_ = 0;
};

}  // namespace parley::broadcaster
