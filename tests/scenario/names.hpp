// What a script calls its workspaces and channels. `alice+bob` is the direct channel of the two; a name that was never given
// names a channel that doesn't exist. One thread.
#pragma once

#include <algorithm>
#include <map>
#include <string>

#include "core/command.hpp"

namespace parley::scenario {

class Names {
 public:
  void give(const std::string& name, const core::WorkspaceId& id) {
    workspaces_.insert_or_assign(name, id);
    texts_.insert_or_assign(id.uuid, name);
  }
  void give(const std::string& name, const core::ChannelId& id) {
    channels_.insert_or_assign(name, id);
    texts_.insert_or_assign(id.uuid, name);
  }
  void give(const core::SiteName& name) {
    texts_.insert_or_assign(core::name_stream(name.space, name.name).uuid, name.space + "/" + name.name);
  }
  void give(const core::UserId& user) { texts_.insert_or_assign(core::user_stream(user).uuid, user.text); }

  // Null: the name is not that of a workspace.
  [[nodiscard]] const core::WorkspaceId* workspace(const std::string& name) const {
    const auto found = workspaces_.find(name);
    return found == workspaces_.end() ? nullptr : &found->second;
  }
  core::ChannelId channel(const std::string& name) {
    if (const auto found = channels_.find(name); found != channels_.end()) return found->second;
    const auto plus = name.find('+');
    if (plus == std::string::npos) return core::group_id({"nobody"}, name);
    return direct({name.substr(0, plus)}, {name.substr(plus + 1)});
  }
  core::ChannelId direct(const core::UserId& one, const core::UserId& other) {
    const auto& [first, second] = std::minmax(one, other);
    const auto id = core::direct_id(first, second);
    give(first.text + "+" + second.text, id);
    return id;
  }
  [[nodiscard]] std::string of(const core::Uuid& id) const {
    const auto found = texts_.find(id);
    return found == texts_.end() ? id.text() : found->second;
  }

 private:
  std::map<std::string, core::WorkspaceId> workspaces_;
  std::map<std::string, core::ChannelId> channels_;
  std::map<core::Uuid, std::string> texts_;
};

}  // namespace parley::scenario
