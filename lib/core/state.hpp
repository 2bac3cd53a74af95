// What the rules need to know of one partition: who is in what, and how far every channel's numbers have come. It does not
// grow with the number of messages: of those, `decide` is told the few it needs (Facts, apply.hpp).
//
// Concurrency: one thread, the partition's fold. Ownership: the fold owns it. Limits: memory grows with channels and
// memberships; about 200 bytes each.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "core/change.hpp"

namespace parley::core {

struct Workspace {
  WorkspaceHead head;
  std::map<UserId, WorkspaceMember> members;
  std::set<ChannelId> channels;                   // not the deleted ones
  std::map<std::string, ChannelId> public_names;  // of those, the public ones by name
  bool operator==(const Workspace&) const = default;
};

struct Channel {
  ChannelHead head;
  std::map<UserId, ChannelMember> members;
  std::map<UserId, Ban> bans;  // also those that have ended
  bool operator==(const Channel&) const = default;
};

// The member whom `message` names and who has it still to read. Null: no member, its author, or read.
template <class AChannel>
auto unread_mention(AChannel& channel, const Message& message, const UserId& user)
    -> decltype(&channel.members.begin()->second) {
  const auto found = channel.members.find(user);
  if (found == channel.members.end() || user == message.author || message.seq <= found->second.read_seq) return nullptr;
  return &found->second;
}

class State {
 public:
  [[nodiscard]] const Workspace* workspace(const WorkspaceId& id) const;  // null: none, or deleted
  [[nodiscard]] const Channel* channel(const ChannelId& id) const;        // null: none, or deleted
  // Was it ever made? True of deleted ones too: an id is never used again.
  [[nodiscard]] bool known(const WorkspaceId& id) const { return workspaces_.contains(id); }
  [[nodiscard]] bool known(const ChannelId& id) const { return channels_.contains(id); }
  // A deleted one's too: what the fold stores. Null: never made.
  [[nodiscard]] const ChannelHead* head(const ChannelId& id) const {
    const auto it = channels_.find(id);
    return it == channels_.end() ? nullptr : &it->second.head;
  }
  [[nodiscard]] const WorkspaceHead* head(const WorkspaceId& id) const {
    const auto it = workspaces_.find(id);
    return it == workspaces_.end() ? nullptr : &it->second.head;
  }
  // The workspace that the channel is in, or was in when it was deleted.
  [[nodiscard]] std::optional<WorkspaceId> workspace_of(const ChannelId& id) const;
  [[nodiscard]] const UserProfile* profile(const UserId& id) const;
  // What was sealed with a key of his below this number is gone for good, from its place in the log on: 0: nothing is.
  [[nodiscard]] std::uint64_t erased_below(const UserId& user) const;
  // The channels that he is in, in the order of their ids.
  [[nodiscard]] const std::set<ChannelId>& channels_of(const UserId& user) const;

  // The newest received_at folded: the partition's own clock, which never goes back.
  [[nodiscard]] TimeMs log_time() const { return log_time_; }
  void advance(TimeMs t) { log_time_ = std::max(log_time_, t); }

  // Makes `change` so. REQUIRES: decide() returned it for this state.
  void evolve(const Change& change);

  // --- how the fold brings back what it stored, in any order; anything else goes through evolve(). Heads of deleted things
  // too, since their ids stay known; but no members of theirs
  void restore(WorkspaceHead head);
  void restore(const WorkspaceId& id, UserId user, WorkspaceMember member);
  void restore(ChannelHead head);
  void restore(const ChannelId& id, UserId user, ChannelMember member);
  void restore(const ChannelId& id, UserId user, Ban ban);
  void restore(UserId user, UserProfile profile);
  void restore_erased(const UserId& user, std::uint64_t keys_before) { erased_[user] = keys_before; }

  bool operator==(const State&) const = default;

 private:
  friend struct Evolve;
  std::unordered_map<WorkspaceId, Workspace> workspaces_;
  std::unordered_map<ChannelId, Channel> channels_;
  std::unordered_map<UserId, UserProfile> profiles_;
  std::unordered_map<UserId, std::set<ChannelId>> memberships_;
  std::unordered_map<UserId, std::uint64_t> erased_;  // who was ever erased
  TimeMs log_time_;
};

}  // namespace parley::core
