// What the rules cost: a post to a group of a few or of many members, decided and applied.
#include <benchmark/benchmark.h>

#include <cstdlib>

#include "core/apply.hpp"

namespace parley::core {
namespace {

constexpr TimeMs kNow{1'772'366'400'000};
constexpr std::size_t kAuthors = 10;  // who post, spread over the members
const UserId kOwner{"user-0"};
const ChannelId kGroup = group_id(kOwner, "k");

State group_of(std::int64_t members) {
  State state;
  state.restore(ChannelHead{.id = kGroup,
                            .kind = ChannelKind::Group,
                            .created_by = kOwner,
                            .created_at = kNow,
                            .version = {1},
                            .member_count = static_cast<std::uint64_t>(members),
                            .active_at = kNow});
  for (std::int64_t i = 0; i < members; ++i)
    state.restore(kGroup, UserId{"user-" + std::to_string(i)}, ChannelMember{.joined_at = kNow});
  return state;
}

std::vector<Command> posts(std::int64_t members) {
  std::vector<Command> posts;
  for (std::size_t i = 0; i < kAuthors; ++i) {
    Command post{.user = {"user-" + std::to_string(i * static_cast<std::size_t>(members) / kAuthors)}, .received_at = kNow};
    post.stream = stream_of(kGroup);
    post.id = command_id(post.stream.slot(), kNow, i);
    post.payload = PostMessage{.channel = kGroup, .text = std::string(128, 'x')};
    posts.push_back(std::move(post));
  }
  return posts;
}

void require_accepted(const Decision& decision) {
  if (decision.outcome.status != Status::Accepted) std::abort();
}

void DecidePost(benchmark::State& run) {
  const auto state = group_of(run.range(0));
  const auto commands = posts(run.range(0));
  std::size_t next = 0;
  for (auto _ : run) {
    auto decision = decide(state, {}, commands[next++ % kAuthors], {});
    require_accepted(decision);
    benchmark::DoNotOptimize(decision);
  }
}
BENCHMARK(DecidePost)->Arg(10)->Arg(1000)->Arg(10'000);

void ApplyPost(benchmark::State& run) {
  auto state = group_of(run.range(0));
  const auto commands = posts(run.range(0));
  std::size_t next = 0;
  for (auto _ : run) {
    auto decision = apply(state, {}, commands[next++ % kAuthors], {});
    require_accepted(decision);
    benchmark::DoNotOptimize(decision);
  }
}
BENCHMARK(ApplyPost)->Arg(10)->Arg(1000)->Arg(10'000);

}  // namespace
}  // namespace parley::core
