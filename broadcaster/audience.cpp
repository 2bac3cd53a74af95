#include "broadcaster/audience.hpp"

#include "codec/change_codec.hpp"
#include "core/told.hpp"

namespace parley::broadcaster {

void Audience::Listener::attach(const core::UserId& user, const core::State& state) {
  if (++users_[user] > 1) return;
  for (const auto& channel : state.channels_of(user)) enter(channel);
}

void Audience::Listener::detach(const core::UserId& user, const core::State& state) {
  const auto it = users_.find(user);
  if (it == users_.end() || --it->second > 0) return;
  users_.erase(it);
  for (const auto& channel : state.channels_of(user)) leave(channel);
}

void Audience::Listener::listen(std::uint64_t connection, const core::ChannelId& room) {
  if (rooms_[connection].insert(room).second) enter(room);
}

void Audience::Listener::unlisten(std::uint64_t connection, const core::ChannelId& room) {
  const auto it = rooms_.find(connection);
  if (it == rooms_.end() || it->second.erase(room) == 0) return;
  leave(room);
  if (it->second.empty()) rooms_.erase(it);
}

void Audience::Listener::unlisten_all(std::uint64_t connection) {
  const auto it = rooms_.find(connection);
  if (it == rooms_.end()) return;
  for (const auto& room : it->second) leave(room);
  rooms_.erase(it);
}

void Audience::Listener::leave(const core::ChannelId& channel) {
  const auto it = channels_.find(channel);
  if (it != channels_.end() && --it->second == 0) channels_.erase(it);
}

bool Audience::Listener::admit(const core::Change& change) {
  if (const auto* joined = std::get_if<core::MemberJoined>(&change.body)) {
    if (!joined->again && holds(joined->user)) enter(change.channel());
  } else if (const auto* created = std::get_if<core::ChannelCreated>(&change.body)) {
    for (const auto& [user, member] : created->members)
      if (holds(user)) enter(change.channel());
  }
  bool is_held = false;
  const bool is_for_some = core::for_each_told(change, [&](const core::UserId& user) { is_held |= holds(user); });
  return is_for_some ? is_held : codec::is_client_change(change) && hears(change.channel());
}

void Audience::Listener::settle(const core::Change& change) {
  if (const auto* left = std::get_if<core::MemberLeft>(&change.body)) {
    if (holds(left->user)) leave(change.channel());
  } else if (std::holds_alternative<core::ChannelDeleted>(change.body)) {
    channels_.erase(change.channel());
  }
}

void Audience::remember(const core::Change& change, service::Place place) {
  const auto tell = [&](const core::UserId& user) { told_[user] = place.next(); };
  if (core::for_each_told(change, tell)) return;
  if (const auto* joined = std::get_if<core::MemberJoined>(&change.body)) {
    tell(joined->user);
  } else if (const auto* left = std::get_if<core::MemberLeft>(&change.body)) {
    tell(left->user);
  } else if (const auto* created = std::get_if<core::ChannelCreated>(&change.body)) {
    for (const auto& [user, member] : created->members) tell(user);
  } else if (const auto* deleted = std::get_if<core::ChannelDeleted>(&change.body)) {
    for (const auto& user : deleted->members) tell(user);
  }
}

service::Place Audience::told(const core::UserId& user) const {
  const auto it = told_.find(user);
  return it == told_.end() ? begin_ : it->second;
}

}  // namespace parley::broadcaster
