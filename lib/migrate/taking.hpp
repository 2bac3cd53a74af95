// From an entry to the commands that it becomes: an overload for each kind. Inside lib/migrate only.
#pragma once

#include "migrate/mover.hpp"

namespace parley::migrate {

struct Taking {
  Mover& mover;

  void operator()(const NewUser& user) const;
  void operator()(const NewWorkspace& workspace) const;
  void operator()(const WorkspaceJoin& join) const;
  void operator()(const WorkspaceLeave& leave) const;
  void operator()(const NewChannel& channel) const;
  void operator()(const Join& join) const;
  void operator()(const Leave& leave) const;
  void operator()(const Update& update) const;
  void operator()(const Post& post) const;
  void operator()(const Edit& edit) const;
  void operator()(const Retract& retract) const;
  void operator()(const Reaction& reaction) const;
  void operator()(const Pin& pin) const;
  void operator()(const Read& read) const;
  void operator()(const AllRead& read) const;

 private:
  using Fate = Mover::Fate;
  [[nodiscard]] const std::string& mark() const { return mover.entry_->mark; }
  // Of what can be switched on and off: its mark tells which.
  [[nodiscard]] std::string mark(bool on) const { return on ? mark() : mark() + "-"; }
  // The channel, which is there. None: after saying so.
  [[nodiscard]] std::optional<core::ChannelId> channel(const std::string& channel) const;
  [[nodiscard]] std::optional<core::ChannelId> channel_if_there(const std::string& channel) const;
  [[nodiscard]] std::optional<core::WorkspaceId> workspace(const std::string& workspace) const;
  // A message of a channel to which `by` may write; none: after saying so.
  struct Target {
    core::ChannelId channel;
    core::Seq seq;
  };
  [[nodiscard]] std::optional<Target> target(const std::string& in, const std::string& message, const core::UserId& by) const;
  // True: nothing is wrong with it; false: after saying so.
  [[nodiscard]] bool is_sound(std::string_view field, std::string_view wrong) const;

  void join(const std::string& to, const core::UserId& by, const core::UserId& user, std::optional<core::Role> role,
            std::string_view mark) const;
  void join_workspace(const core::Channel& channel, const core::UserId& user, std::string_view mark) const;
  [[nodiscard]] core::UserId who_brings_in(const core::Channel& channel, const core::UserId& user) const;
  [[nodiscard]] core::UserId who_changes(const core::Channel& channel) const;
  void bring_members(const NewChannel& channel, bool is_new) const;
  [[nodiscard]] core::Payload creation(const NewChannel& channel, const std::string& key) const;
};

}  // namespace parley::migrate
