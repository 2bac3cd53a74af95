#include "migrate/foresight.hpp"

#include <latch>

namespace parley::migrate {

Foresight Foresight::of(const fold::Pipeline& pipeline) {
  std::vector<core::State> states(pipeline.control().partitions);
  const auto copied = std::make_shared<std::latch>(static_cast<std::ptrdiff_t>(pipeline.workers().size()));
  for (const auto& worker : pipeline.workers())
    worker->post([&states, copied, &worker] {
      for (const auto* fold : worker->folds()) states[fold->partition()] = fold->state();
      copied->count_down();
    });
  copied->wait();
  return {std::move(states), {pipeline.control().dedup_window_ms}};
}

core::Decision Foresight::decide(const core::Command& command) const {
  const auto& known = state(command.stream.slot());
  core::Facts facts;
  if (const auto wanted = core::wanted_message(known, command))
    facts.message = core::Message{.channel = wanted->channel, .seq = wanted->seq, .author = command.user};
  return core::decide(known, rules_, command, facts);
}

void Foresight::accept(const core::Command& command, const core::Decision& decision) {
  auto& known = states_[partition_of(command.stream.slot())];
  for (const auto& change : decision.changes) known.evolve(change);
  known.advance(command.received_at);
}

void Foresight::saw(const core::ChannelId& channel, core::Seq seq) {
  auto& known = states_[partition_of(channel.slot())];
  const auto* found = known.channel(channel);
  if (found == nullptr || found->head.last_seq >= seq) return;
  auto head = found->head;
  head.last_seq = seq;
  known.restore(std::move(head));
}

}  // namespace parley::migrate
