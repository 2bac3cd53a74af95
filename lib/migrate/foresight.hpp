// What the fold will say of a command: the same rules over a copy of its state, so that it is known before the command is in
// the log. As long as nobody else writes, it is exact; beside others it is a good guess, and the outcome has the last word.
//
// Operation: only what the State alone decides can be foreseen: posts, members, channels, workspaces, profiles, cursors. What
// is done to a message (edits, reactions …) depends on the message too.
// Concurrency: one thread. Limits: memory as the fold's own state.
#pragma once

#include <vector>

#include "core/apply.hpp"
#include "fold/pipeline.hpp"

namespace parley::migrate {

class Foresight {
 public:
  // The folds' own state of every partition as it is now. REQUIRES: the pipeline holds them all, and runs.
  static Foresight of(const fold::Pipeline& pipeline);
  // A state for each partition.
  Foresight(std::vector<core::State> states, core::Rules rules) : states_(std::move(states)), rules_(rules) {}

  [[nodiscard]] const core::State& state(core::Slot slot) const { return states_[partition_of(slot)]; }
  [[nodiscard]] std::uint32_t partition_of(core::Slot slot) const {
    return core::partition_of(slot, static_cast<std::uint32_t>(states_.size()));
  }
  [[nodiscard]] const core::Channel* channel(const core::ChannelId& id) const { return state(id.slot()).channel(id); }
  [[nodiscard]] bool is_in(const core::ChannelId& id, const core::UserId& user) const {
    const auto* found = channel(id);
    return found != nullptr && found->members.contains(user);
  }

  // As decide() over what the state says; a message that is answered is taken to be there.
  [[nodiscard]] core::Decision decide(const core::Command& command) const;
  // From now on it is as if this had been folded. REQUIRES: decide() said so of the state as it is.
  void accept(const core::Command& command, const core::Decision& decision);
  // Others wrote there: the newest message has at least this seq.
  void saw(const core::ChannelId& channel, core::Seq seq);

 private:
  std::vector<core::State> states_;
  core::Rules rules_;
};

}  // namespace parley::migrate
