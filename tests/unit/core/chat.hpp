// The small world in which the rules are tried: Alice owns a workspace, Bob and Carol are in it, Dave is not.
#pragma once

#include <gmock/gmock.h>

#include "tests/unit/core/world.hpp"

namespace parley::core {

inline const UserId alice{"alice"};
inline const UserId bob{"bob"};
inline const UserId carol{"carol"};
inline const UserId dave{"dave"};

class Chat : public testing::Test {
 protected:
  static constexpr std::int64_t kStart = 1'767'225'600'000;  // 2026-01-01

  Chat() {
    does(alice, CreateWorkspace{acme, "Acme"});
    for (const auto& user : {bob, carol}) does(alice, SetWorkspaceMember{acme, user});
  }

  // A second passes before every command.
  Command command(const UserId& user, Payload payload) {
    now.value += 1'000;
    const auto stream = stream_for(user, payload);
    return {.id = command_id(stream.slot(), now, ++commands_),
            .user = user,
            .stream = stream,
            .received_at = now,
            .payload = std::move(payload)};
  }
  Decision does(const UserId& user, Payload payload) { return world.run(command(user, std::move(payload))); }

  // A channel of Acme, made by Alice.
  ChannelId channel(ChannelKind kind, const std::string& name, std::vector<UserId> members = {}) {
    const auto id = channel_id(acme, alice, name);
    does(alice, CreateChannel{id, kind, acme, name, "", std::move(members)});
    return id;
  }
  // A group, made by Alice.
  ChannelId group(const std::string& name, std::vector<UserId> members = {}) {
    const auto id = group_id(alice, name);
    does(alice, CreateChannel{id, ChannelKind::Group, {}, name, "", std::move(members)});
    return id;
  }
  Seq post(const UserId& user, const ChannelId& channel, const std::string& text) {
    return does(user, PostMessage{.channel = channel, .text = text}).outcome.seq;
  }

  const ChannelHead& head(const ChannelId& id) const { return world.state().channel(id)->head; }
  const WorkspaceHead& head(const WorkspaceId& id) const { return world.state().workspace(id)->head; }
  const ChannelMember* member(const ChannelId& id, const UserId& user) const {
    const auto* found = world.state().channel(id);
    return found && found->members.contains(user) ? &found->members.at(user) : nullptr;
  }
  const WorkspaceMember* member(const WorkspaceId& id, const UserId& user) const {
    const auto* found = world.state().workspace(id);
    return found && found->members.contains(user) ? &found->members.at(user) : nullptr;
  }

  const WorkspaceId acme = workspace_id(alice, "acme");
  TimeMs now{kStart};
  World world;

 private:
  std::uint64_t commands_ = 0;
};

// --- what to expect of a Decision
MATCHER(Accepted, "") {
  *result_listener << "code " << static_cast<int>(arg.outcome.code) << ", " << arg.outcome.detail;
  return arg.outcome.status == Status::Accepted && arg.outcome.code == Code::Ok && arg.outcome.detail.empty();
}
MATCHER_P(Rejected, code, "") {
  *result_listener << "code " << static_cast<int>(arg.outcome.code) << ", " << arg.outcome.detail;
  return arg.outcome.status == Status::Rejected && arg.outcome.code == code && arg.changes.empty() &&
         !arg.outcome.detail.empty();
}
MATCHER(ChangesNothing, "") {
  *result_listener << arg.changes.size() << " changes";
  return arg.outcome.status == Status::Accepted && arg.changes.empty();
}

// The one change of a decision, which is a Body; a test that is wrong about this fails by an exception.
template <class Body>
const Body& only_change(const Decision& decision) {
  return std::get<Body>(decision.changes.at(decision.changes.size() == 1 ? 0 : 1'000).body);
}
template <class Body>
const Body& change_at(const Decision& decision, std::size_t index) {
  return std::get<Body>(decision.changes.at(index).body);
}
template <class R>
const R& result(const Decision& decision) {
  return std::get<R>(decision.outcome.result);
}

}  // namespace parley::core
