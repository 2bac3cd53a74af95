// Of one partition: which gateway is to hear of which channel and user. A gateway hears of a channel while it holds a socket of
// somebody who is in it, and of a room while one of its connections listens.
//
// Concurrency: the partition's fold thread alone. Limits: memory grows with attached users and their channels, with what
// connections listen to, and with the users of whom something was told.
#pragma once

#include <set>
#include <unordered_map>

#include "core/state.hpp"
#include "service/gateway.hpp"

namespace parley::broadcaster {

class Audience {
 public:
  // One gateway's users and channels.
  class Listener {
   public:
    explicit Listener(service::Gateway& gateway) : gateway_(&gateway) {}
    [[nodiscard]] service::Gateway& gateway() const { return *gateway_; }
    [[nodiscard]] bool holds(const core::UserId& user) const { return users_.contains(user); }
    [[nodiscard]] bool hears(const core::ChannelId& channel) const { return channels_.contains(channel); }

    void attach(const core::UserId& user, const core::State& state);
    void detach(const core::UserId& user, const core::State& state);
    // Of a room, by a connection: again counts once.
    void listen(std::uint64_t connection, const core::ChannelId& room);
    void unlisten(std::uint64_t connection, const core::ChannelId& room);
    void unlisten_all(std::uint64_t connection);
    // Brings what is heard up to date with a change that is about to be pushed, and tells whether this gateway is to get it.
    bool admit(const core::Change& change);
    // What a change ends, once it is pushed.
    void settle(const core::Change& change);

   private:
    void enter(const core::ChannelId& channel) { ++channels_[channel]; }
    void leave(const core::ChannelId& channel);

    service::Gateway* gateway_;
    std::unordered_map<core::UserId, std::size_t> users_;        // how many sockets
    std::unordered_map<core::ChannelId, std::size_t> channels_;  // how many attached users, of a room how many connections
    std::unordered_map<std::uint64_t, std::set<core::ChannelId>> rooms_;  // by connection
  };

  void connect(service::GatewayId id, service::Gateway& gateway) { listeners_.insert_or_assign(id, Listener(gateway)); }
  void disconnect(service::GatewayId id) { listeners_.erase(id); }
  [[nodiscard]] Listener* find(service::GatewayId id) {
    const auto it = listeners_.find(id);
    return it == listeners_.end() ? nullptr : &it->second;
  }
  [[nodiscard]] std::unordered_map<service::GatewayId, Listener>& listeners() { return listeners_; }

  // What comes before this place is not known here.
  void begin(service::Place place) { begin_ = place; }
  // Remembers who is told of the change as himself, not as one who is in its channel, or comes into it or goes.
  void remember(const core::Change& change, service::Place place);
  // Behind the last change so remembered of him.
  [[nodiscard]] service::Place told(const core::UserId& user) const;

 private:
  std::unordered_map<service::GatewayId, Listener> listeners_;
  service::Place begin_;
  std::unordered_map<core::UserId, service::Place> told_;
};

}  // namespace parley::broadcaster
