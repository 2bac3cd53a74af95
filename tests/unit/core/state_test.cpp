#include "core/state.hpp"

#include "tests/unit/core/chat.hpp"

namespace parley::core {
namespace {

class StateOf : public Chat {
 protected:
  StateOf() {
    general = channel(ChannelKind::Public, "general", {bob});
    climbing = group("climbing", {dave});
    post(bob, general, "hi");
    attic = channel(ChannelKind::Public, "attic");
    attic_made_at = now;
    does(alice, DeleteChannel{attic});
    does(bob, SetProfile{"Bob"});
  }

  // A State brought back from what a store would hold of this one.
  State restored(bool members_first) const {
    State state;
    const auto restore_heads = [&] {
      state.restore(head(acme));
      for (const auto& id : {general, climbing}) state.restore(head(id));
    };
    const auto restore_members = [&] {
      for (const auto& [user, m] : world.state().workspace(acme)->members) state.restore(acme, user, m);
      for (const auto& id : {general, climbing}) {
        for (const auto& [user, m] : world.state().channel(id)->members) state.restore(id, user, m);
      }
    };
    if (members_first) restore_members();
    restore_heads();
    if (!members_first) restore_members();
    state.restore(attic_head());
    state.restore(bob, *world.state().profile(bob));
    state.advance(world.state().log_time());
    return state;
  }
  ChannelHead attic_head() const {
    return {.id = attic,
            .kind = ChannelKind::Public,
            .workspace = acme,
            .name = "attic",
            .created_by = alice,
            .created_at = attic_made_at,
            .version = {2},
            .deleted = true,
            .active_at = attic_made_at};
  }

  ChannelId general;
  ChannelId climbing;
  ChannelId attic;
  TimeMs attic_made_at;
};

TEST_F(StateOf, a_store_is_the_state_that_was_stored_in_whatever_order_it_comes_back) {
  EXPECT_EQ(restored(false), world.state());
  EXPECT_EQ(restored(true), world.state());
}

TEST_F(StateOf, a_deleted_channel_is_only_that_its_id_was_used) {
  EXPECT_TRUE(world.state().known(attic));
  EXPECT_EQ(world.state().channel(attic), nullptr);
  EXPECT_EQ(world.state().workspace_of(attic), acme);
  EXPECT_FALSE(world.state().workspace(acme)->public_names.contains("attic"));
}

TEST_F(StateOf, the_clock_never_goes_back) {
  const auto before = world.state().log_time();
  State state = world.state();
  state.advance({before.value - 1});
  EXPECT_EQ(state.log_time(), before);
  state.advance({before.value + 1});
  EXPECT_EQ(state.log_time().value, before.value + 1);
}

TEST_F(StateOf, the_clock_moves_with_every_command_even_a_rejected_one) {
  does(dave, DeleteWorkspace{acme});
  EXPECT_EQ(world.state().log_time(), now);
}

TEST_F(StateOf, a_change_that_does_not_fit_ends_the_process) {
  State empty;
  EXPECT_DEATH(empty.evolve({.subject = general.uuid, .body = MemberLeft{bob}}), "broken invariant");
}

}  // namespace
}  // namespace parley::core
