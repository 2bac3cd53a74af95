// A broadcaster without a log: it notes what the gateways say, and delivers what a test tells it to.
#pragma once

#include <algorithm>
#include <map>
#include <mutex>
#include <tuple>
#include <vector>

#include "service/gateway.hpp"

namespace parley::service {

class RecordingBroadcast final : public Broadcast {
 public:
  struct Attach {
    GatewayId gateway;
    std::string user;
    std::uint64_t connection;
    std::uint32_t shard;
    bool operator==(const Attach&) const = default;
  };
  struct Detach {
    GatewayId gateway;
    std::string user;
    std::uint64_t connection;
    bool operator==(const Detach&) const = default;
  };

  struct Listen {
    GatewayId gateway;
    core::ChannelId room;
    std::uint64_t connection;
    std::uint32_t shard;
    bool operator==(const Listen&) const = default;
  };
  // Of a shard: whom it begins to watch, or ends.
  struct Watch {
    std::uint32_t shard;
    std::vector<std::string> users;  // sorted
    bool operator==(const Watch&) const = default;
  };

  void connect(GatewayId id, Gateway& gateway) override {
    const std::lock_guard lock(mutex_);
    gateways_[id] = &gateway;
    connects_.push_back(id);
  }
  void disconnect(GatewayId id) override {
    const std::lock_guard lock(mutex_);
    gateways_.erase(id);
    disconnects_.push_back(id);
  }
  void attach(GatewayId id, core::UserId user, std::uint64_t connection, std::uint32_t shard) override {
    const std::lock_guard lock(mutex_);
    attaches_.push_back({id, user.text, connection, shard});
  }
  void detach(GatewayId id, core::UserId user, std::uint64_t connection) override {
    const std::lock_guard lock(mutex_);
    detaches_.push_back({id, user.text, connection});
  }
  void typing(GatewayId id, core::UserId user, core::ChannelId channel) override {
    const std::lock_guard lock(mutex_);
    typings_.emplace_back(user.text, channel);
  }
  void listen(GatewayId id, core::ChannelId room, std::uint64_t connection, std::uint32_t shard) override {
    const std::lock_guard lock(mutex_);
    listens_.push_back({id, room, connection, shard});
  }
  void unlisten(GatewayId id, core::ChannelId room, std::uint64_t connection) override {
    const std::lock_guard lock(mutex_);
    unlistens_.push_back({id, room, connection, 0});
  }
  void watch(GatewayId, std::uint32_t shard, std::vector<core::UserId> users) override {
    const std::lock_guard lock(mutex_);
    watches_.push_back({shard, names(users)});
  }
  void unwatch(GatewayId, std::uint32_t shard, std::vector<core::UserId> users) override {
    const std::lock_guard lock(mutex_);
    unwatches_.push_back({shard, names(users)});
  }

  // False: it is not connected.
  bool deliver(GatewayId id, GatewayBatch batch) {
    const std::lock_guard lock(mutex_);
    const auto found = gateways_.find(id);
    if (found == gateways_.end()) return false;
    found->second->deliver(std::move(batch));
    return true;
  }
  bool forget(GatewayId id) {
    const std::lock_guard lock(mutex_);
    const auto found = gateways_.find(id);
    if (found == gateways_.end()) return false;
    found->second->reattach();
    return true;
  }

  bool connected(GatewayId id) {
    const std::lock_guard lock(mutex_);
    return gateways_.contains(id);
  }
  std::vector<GatewayId> connects() { return copy(connects_); }
  std::vector<GatewayId> disconnects() { return copy(disconnects_); }
  std::vector<Attach> attaches() { return copy(attaches_); }
  std::vector<Detach> detaches() { return copy(detaches_); }
  std::vector<std::pair<std::string, core::ChannelId>> typings() { return copy(typings_); }
  std::vector<Listen> listens() { return copy(listens_); }
  std::vector<Listen> unlistens() { return copy(unlistens_); }
  std::vector<Watch> watches() { return copy(watches_); }
  std::vector<Watch> unwatches() { return copy(unwatches_); }

 private:
  static std::vector<std::string> names(const std::vector<core::UserId>& users) {
    std::vector<std::string> texts;
    for (const auto& user : users) texts.push_back(user.text);
    std::ranges::sort(texts);
    return texts;
  }
  template <class T>
  std::vector<T> copy(const std::vector<T>& values) {
    const std::lock_guard lock(mutex_);
    return values;
  }

  std::mutex mutex_;
  std::map<GatewayId, Gateway*> gateways_;
  std::vector<GatewayId> connects_;
  std::vector<GatewayId> disconnects_;
  std::vector<Attach> attaches_;
  std::vector<Detach> detaches_;
  std::vector<std::pair<std::string, core::ChannelId>> typings_;
  std::vector<Listen> listens_;
  std::vector<Listen> unlistens_;
  std::vector<Watch> watches_;
  std::vector<Watch> unwatches_;
};

}  // namespace parley::service
