// What holds whatever is asked of the rules, tried with commands from a seed.
#include <gmock/gmock.h>

#include "tests/unit/core/random_commands.hpp"

namespace parley::core {
namespace {

constexpr int kCommands = 2'000;
// Short, so that keys are forgotten in the course of a run.
constexpr Rules kRules{.dedup_window_ms = 60'000};

bool takes_version(const ChangeBody& body) {
  if (const auto* named = std::get_if<NameChanged>(&body)) return named->reservation.owner.has_value();
  return !std::holds_alternative<CursorMoved>(body) && !std::holds_alternative<ReplyCounted>(body) && !is_for_actor(body) &&
         !std::holds_alternative<BanChanged>(body) && !std::holds_alternative<WorkspaceMemberJoined>(body) &&
         !std::holds_alternative<WorkspaceMemberLeft>(body) && !std::holds_alternative<ProfileSet>(body) &&
         !std::holds_alternative<UserErased>(body) && !std::holds_alternative<AccountCreated>(body);
}

bool is_of_workspace(const ChangeBody& body) {
  return std::holds_alternative<WorkspaceCreated>(body) || std::holds_alternative<WorkspaceUpdated>(body) ||
         std::holds_alternative<WorkspaceDeleted>(body) || std::holds_alternative<WorkspaceMemberJoined>(body) ||
         std::holds_alternative<WorkspaceMemberLeft>(body);
}

class Properties : public testing::TestWithParam<std::uint64_t> {
 protected:
  // Runs the seed's commands; `check` sees each with the state before it and its decision.
  template <class Check>
  void run(Check check) {
    for (int i = 0; i < kCommands && !HasFailure(); ++i) {
      const auto command = commands.next();
      const auto before = world.state();
      check(command, before, world.run(command));
    }
  }
  const std::map<UserId, ChannelMember>& members(const ChannelId& id) const { return world.state().channel(id)->members; }

  RandomCommands commands{GetParam()};
  World world{kRules};
};

INSTANTIATE_TEST_SUITE_P(Seeds, Properties, testing::Range<std::uint64_t>(1, 9));

TEST_P(Properties, versions_of_each_subject_and_seqs_of_each_channel_have_no_hole) {
  std::map<std::pair<bool, Uuid>, Version> versions;  // the nil id may name both a workspace and a channel
  std::map<ChannelId, Seq> seqs;
  std::map<ChannelId, MessageNumber> numbers;
  int posted = 0;
  run([&](const Command&, const State&, const Decision& decision) {
    for (const auto& change : decision.changes) {
      auto& version = versions[{is_of_workspace(change.body), change.subject}];
      if (takes_version(change.body)) version = version.next();
      EXPECT_EQ(change.version, version);
      if (const auto* post = std::get_if<MessagePosted>(&change.body)) {
        auto& seq = seqs[change.channel()];
        seq = seq.next();
        EXPECT_EQ(post->message.seq, seq);
        EXPECT_EQ(post->message.version, version);
        auto& number = numbers[change.channel()];
        EXPECT_EQ(post->message.number.value, std::max(number.value + 1, static_cast<std::uint64_t>(change.at.value)));
        number = post->message.number;
        ++posted;
      }
    }
  });
  EXPECT_GT(posted, 40) << "the seed says too little to prove anything";
}

TEST_P(Properties, the_changes_alone_make_the_same_state) {
  State replica;
  run([&](const Command& command, const State&, const Decision& decision) {
    for (const auto& change : decision.changes) replica.evolve(change);
    replica.advance(command.received_at);
    EXPECT_EQ(replica, world.state());
  });
}

TEST_P(Properties, a_decision_is_the_same_however_often_it_is_taken) {
  World other{kRules};
  run([&](const Command& command, const State& before, const Decision& decision) {
    const auto again = other.run(command);
    EXPECT_EQ(again.outcome, decision.outcome);
    EXPECT_EQ(again.changes, decision.changes);
    EXPECT_EQ(again.duplicate, decision.duplicate);
    EXPECT_EQ(again.first, decision.first);
  });
}

TEST_P(Properties, a_duplicate_or_a_rejection_changes_nothing_but_the_clock) {
  int duplicates = 0;
  run([&](const Command& command, State before, const Decision& decision) {
    duplicates += decision.duplicate ? 1 : 0;
    if (!decision.duplicate && decision.outcome.status == Status::Accepted) return;
    EXPECT_TRUE(decision.changes.empty());
    before.advance(command.received_at);
    EXPECT_EQ(before, world.state());
  });
  EXPECT_GT(duplicates, 50);
}

TEST_P(Properties, an_outcome_tells_the_version_and_seq_that_the_channel_has) {
  run([&](const Command& command, const State&, const Decision& decision) {
    const auto& outcome = decision.outcome;
    if (decision.duplicate || outcome.status != Status::Accepted || !outcome.channel) return;
    if (const auto* channel = world.state().channel(*outcome.channel)) {
      EXPECT_EQ(outcome.version, channel->head.version);
      EXPECT_LE(outcome.seq, channel->head.last_seq);
    }
    EXPECT_EQ(outcome.at, command.received_at);
  });
}

TEST_P(Properties, members_are_counted_and_indexed_as_they_are) {
  run([&](const Command&, const State&, const Decision&) {
    std::map<UserId, std::set<ChannelId>> channels_of;
    for (const auto& id : commands.channels) {
      const auto* channel = world.state().channel(id);
      if (!channel) continue;
      EXPECT_EQ(channel->head.member_count, channel->members.size());
      for (const auto& [user, member] : channel->members) channels_of[user].insert(id);
    }
    for (const auto& user : commands.users) EXPECT_EQ(world.state().channels_of(user), channels_of[user]);
    for (const auto& id : commands.workspaces) {
      if (const auto* workspace = world.state().workspace(id))
        EXPECT_EQ(workspace->head.member_count, workspace->members.size());
    }
  });
}

TEST_P(Properties, a_workspace_has_an_owner_and_its_channels_only_its_members) {
  run([&](const Command&, const State&, const Decision&) {
    for (const auto& id : commands.workspaces) {
      const auto* workspace = world.state().workspace(id);
      if (!workspace) continue;
      EXPECT_TRUE(std::ranges::any_of(workspace->members, [](const auto& m) { return m.second.role == Role::Owner; }));
      std::map<std::string, ChannelId> names;
      for (const auto& channel : workspace->channels) {
        const auto& head = world.state().channel(channel)->head;
        EXPECT_EQ(head.workspace, id);
        if (head.kind == ChannelKind::Public) EXPECT_TRUE(names.emplace(head.name, channel).second) << "two of one name";
        for (const auto& [user, member] : members(channel)) EXPECT_TRUE(workspace->members.contains(user));
      }
      EXPECT_EQ(workspace->public_names, names);
    }
  });
}

TEST_P(Properties, cursors_never_go_back_nor_past_the_last_message) {
  run([&](const Command&, const State& before, const Decision&) {
    for (const auto& id : commands.channels) {
      const auto* channel = world.state().channel(id);
      if (!channel) continue;
      const auto* earlier = before.channel(id);
      for (const auto& [user, member] : channel->members) {
        EXPECT_LE(member.read_seq, member.delivered_seq);
        EXPECT_LE(member.delivered_seq, channel->head.last_seq);
        if (!earlier || !earlier->members.contains(user)) continue;
        EXPECT_GE(member.read_seq, earlier->members.at(user).read_seq);
        EXPECT_GE(member.delivered_seq, earlier->members.at(user).delivered_seq);
      }
    }
  });
}

TEST_P(Properties, unread_mentions_are_counted_as_someone_who_reads_everything_counts_them) {
  std::uint64_t counted = 0;
  run([&](const Command&, const State&, const Decision&) {
    for (const auto& id : commands.channels) {
      const auto* channel = world.state().channel(id);
      if (!channel) continue;
      for (const auto& [user, member] : channel->members) {
        EXPECT_EQ(member.mention_count, world.unread_mentions({id, channel->head.last_seq}, user).size());
        counted += member.mention_count;
      }
    }
  });
  EXPECT_GT(counted, 100) << "the seed says too little to prove anything";
}

TEST_P(Properties, nobody_is_in_a_channel_from_which_he_is_banned) {
  run([&](const Command& command, const State&, const Decision&) {
    for (const auto& id : commands.channels) {
      const auto* channel = world.state().channel(id);
      if (!channel) continue;
      for (const auto& [user, ban] : channel->bans)
        if (!ban.until || command.received_at < *ban.until) EXPECT_FALSE(channel->members.contains(user));
    }
  });
}

TEST_P(Properties, a_command_is_decided_even_when_the_facts_are_missing_or_of_another_message) {
  run([&](const Command& command, const State& before, const Decision&) {
    Facts strange;
    EXPECT_EQ(decide(before, kRules, command, strange).first, command.id);
    strange.message = Message{.seq = {99}, .author = {"nobody"}};
    EXPECT_EQ(decide(before, kRules, command, strange).first, command.id);
  });
}

}  // namespace
}  // namespace parley::core
