#include "broadcaster/audience.hpp"

#include <type_traits>

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

namespace {

// Whether a change is for those who are in its channel.
bool is_for_channel(const core::ChangeBody& body) {
  return std::visit(
      []<class T>(const T&) {
        return std::is_same_v<T, core::MessagePosted> || std::is_same_v<T, core::MessageEdited> ||
               std::is_same_v<T, core::MessageRetracted> || std::is_same_v<T, core::ReactionChanged> ||
               std::is_same_v<T, core::PinChanged> || std::is_same_v<T, core::MemberJoined> ||
               std::is_same_v<T, core::MemberLeft> || std::is_same_v<T, core::ChannelCreated> ||
               std::is_same_v<T, core::ChannelUpdated> || std::is_same_v<T, core::ChannelDeleted>;
      },
      body);
}

}  // namespace

bool Audience::Listener::admit(const core::Change& change) {
  if (const auto* joined = std::get_if<core::MemberJoined>(&change.body)) {
    if (!joined->again && holds(joined->user)) enter(change.channel());
  } else if (const auto* created = std::get_if<core::ChannelCreated>(&change.body)) {
    for (const auto& [user, member] : created->members)
      if (holds(user)) enter(change.channel());
  }
  if (is_for_channel(change.body)) return hears(change.channel());
  if (const auto* cursor = std::get_if<core::CursorMoved>(&change.body))
    return holds(cursor->user) || (cursor->author && holds(*cursor->author));
  if (core::is_for_actor(change.body)) return holds(change.actor);
  if (const auto* entered = std::get_if<core::WorkspaceMemberJoined>(&change.body)) return holds(entered->user);
  if (const auto* left = std::get_if<core::WorkspaceMemberLeft>(&change.body)) return holds(left->user);
  return false;
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
  if (const auto* cursor = std::get_if<core::CursorMoved>(&change.body)) {
    tell(cursor->user);
    if (cursor->author) tell(*cursor->author);
  } else if (core::is_for_actor(change.body)) {
    tell(change.actor);
  } else if (const auto* joined = std::get_if<core::MemberJoined>(&change.body)) {
    tell(joined->user);
  } else if (const auto* left = std::get_if<core::MemberLeft>(&change.body)) {
    tell(left->user);
  } else if (const auto* created = std::get_if<core::ChannelCreated>(&change.body)) {
    for (const auto& [user, member] : created->members) tell(user);
  } else if (const auto* deleted = std::get_if<core::ChannelDeleted>(&change.body)) {
    for (const auto& user : deleted->members) tell(user);
  } else if (const auto* into = std::get_if<core::WorkspaceMemberJoined>(&change.body)) {
    tell(into->user);
  } else if (const auto* out_of = std::get_if<core::WorkspaceMemberLeft>(&change.body)) {
    tell(out_of->user);
  }
}

service::Place Audience::told(const core::UserId& user) const {
  const auto it = told_.find(user);
  return it == told_.end() ? begin_ : it->second;
}

}  // namespace parley::broadcaster
