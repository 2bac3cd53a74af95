#include "broadcaster/broadcaster.hpp"

#include "codec/change_codec.hpp"

namespace parley::broadcaster {

Broadcaster::Broadcaster(std::uint32_t partitions, runtime::Metrics& metrics)
    : audiences_(partitions),
      typing_(partitions),
      pushes_(metrics.counter("parley_broadcast_pushes_total", "Changes handed to gateways, once a gateway")),
      outcomes_(metrics.counter("parley_broadcast_outcomes_total", "Outcomes handed to the gateways that wait for them")),
      typings_(metrics.counter("parley_broadcast_typing_total", "That somebody types, handed to gateways, once a gateway")) {}

namespace {

struct Delivery {
  Audience::Listener* listener;
  service::GatewayBatch batch;
};

std::size_t add_push(const service::Push& push, std::vector<Delivery>& deliveries) {
  std::size_t pushed = 0;
  for (auto& [listener, batch] : deliveries) {
    if (!listener->admit(*push.change)) continue;
    batch.items.emplace_back(push);
    listener->settle(*push.change);
    ++pushed;
  }
  return pushed;
}

// An index is given whether or not anyone hears, so that it names the same change to every gateway and at every repetition.
std::size_t add_changes(fold::Step& step, Audience& audience, std::vector<Delivery>& deliveries) {
  std::size_t pushed = 0;
  service::Place place{step.offset};
  const auto add = [&](core::Change change) {
    audience.remember(change, place);
    if (!deliveries.empty())
      pushed += add_push({place.offset, std::make_shared<const core::Change>(std::move(change)), place.index}, deliveries);
    place = place.next();
  };
  for (auto& change : step.decision.changes) {
    if (std::holds_alternative<core::UserErased>(change.body))
      for (auto& [listener, batch] : deliveries) batch.items.emplace_back(service::WordsErased{});
    if (codec::is_client_change(change))
      add(std::move(change));
    else
      for (auto& member : codec::member_changes(change)) add(std::move(member));
  }
  return pushed;
}

}  // namespace

void Broadcaster::publish(const fold::PartitionFold& fold, std::vector<fold::Step> steps) {
  auto& audience = audiences_[fold.partition()];
  std::vector<Delivery> deliveries;
  for (auto& [id, listener] : audience.listeners()) deliveries.push_back({&listener, {fold.partition(), {}}});

  std::size_t pushed = 0;
  std::size_t outcomes = 0;
  for (auto& step : steps) {
    pushed += add_changes(step, audience, deliveries);
    auto* const waiting = audience.find(step.command.origin.gateway);
    if (waiting == nullptr) continue;
    for (auto& [listener, batch] : deliveries)
      if (listener == waiting)
        batch.items.emplace_back(service::OutcomeReport{step.command.id, step.command.origin.shard, step.offset,
                                                        step.decision.duplicate, std::move(step.decision.outcome)});
    ++outcomes;
  }
  pushes_.add(pushed);
  outcomes_.add(outcomes);
  for (auto& [listener, batch] : deliveries) {
    batch.items.emplace_back(service::Reached{fold.next()});
    listener->gateway().deliver(std::move(batch));
  }
}

void Broadcaster::run_on(fold::Pipeline& pipeline) {
  pipeline_ = &pipeline;
  for (const auto partition : pipeline.partitions()) audiences_[partition].begin({pipeline.progress(partition).next});
}

template <class Do>
void Broadcaster::on_every_partition(const Do& what) {
  for (const auto& worker : pipeline_->workers())
    worker->post([this, what, folds = &worker->folds()] {
      for (const auto* fold : *folds) what(*fold, audiences_[fold->partition()]);
    });
}

template <class Do>
void Broadcaster::on_partition_of(const core::ChannelId& channel, const Do& what) {
  const auto partition = core::partition_of(channel.slot(), static_cast<std::uint32_t>(audiences_.size()));
  for (const auto& worker : pipeline_->workers())
    if (const auto* fold = worker->fold_of(partition)) return worker->post([what, fold] { what(*fold); });
}

void Broadcaster::connect(service::GatewayId id, service::Gateway& gateway) {
  gateways_.fetch_add(1, std::memory_order_relaxed);
  on_every_partition([id, &gateway](const fold::PartitionFold&, Audience& audience) { audience.connect(id, gateway); });
}

void Broadcaster::disconnect(service::GatewayId id) { leave(id)->wait(); }

std::shared_ptr<std::latch> Broadcaster::leave(service::GatewayId id) {
  const auto left = std::make_shared<std::latch>(static_cast<std::ptrdiff_t>(pipeline_->partitions().size()));
  on_every_partition([id, left](const fold::PartitionFold&, Audience& audience) {
    audience.disconnect(id);
    left->count_down();
  });
  gateways_.fetch_sub(1, std::memory_order_relaxed);
  return left;
}

void Broadcaster::attach(service::GatewayId id, core::UserId user, std::uint64_t connection, std::uint32_t shard) {
  on_every_partition([id, user = std::move(user), connection, shard](const fold::PartitionFold& fold, Audience& audience) {
    auto* const listener = audience.find(id);
    if (listener == nullptr) return;
    listener->attach(user, fold.state());
    service::Attached attached{connection, shard, {}, fold.next(), audience.told(user)};
    for (const auto& which : fold.state().channels_of(user)) {
      const auto& channel = *fold.state().channel(which);
      attached.channels.push_back({which, channel.head.version, channel.members.at(user).joined_version});
    }
    service::GatewayBatch batch{fold.partition(), {}};
    batch.items.emplace_back(std::move(attached));
    listener->gateway().deliver(std::move(batch));
  });
}

void Broadcaster::detach(service::GatewayId id, core::UserId user, std::uint64_t connection) {
  on_every_partition([id, user = std::move(user), connection](const fold::PartitionFold& fold, Audience& audience) {
    auto* const listener = audience.find(id);
    if (listener == nullptr) return;
    listener->detach(user, fold.state());
    listener->unlisten_all(connection);
  });
}

void Broadcaster::listen(service::GatewayId id, core::ChannelId room, std::uint64_t connection, std::uint32_t shard) {
  on_partition_of(room, [this, id, room, connection, shard](const fold::PartitionFold& fold) {
    auto* const listener = audiences_[fold.partition()].find(id);
    if (listener == nullptr) return;
    service::Listening answer{.connection = connection, .shard = shard, .room = room, .next = fold.next()};
    if (const auto* channel = fold.state().channel(room); channel != nullptr && channel->head.kind == core::ChannelKind::Room) {
      answer.is_room = true;
      answer.version = channel->head.version;
      answer.last_seq = channel->head.last_seq;
      listener->listen(connection, room);
    }
    service::GatewayBatch batch{fold.partition(), {}};
    batch.items.emplace_back(answer);
    listener->gateway().deliver(std::move(batch));
  });
}

void Broadcaster::unlisten(service::GatewayId id, core::ChannelId room, std::uint64_t connection) {
  on_partition_of(room, [this, id, room, connection](const fold::PartitionFold& fold) {
    if (auto* const listener = audiences_[fold.partition()].find(id)) listener->unlisten(connection, room);
  });
}

void Broadcaster::typing(service::GatewayId, core::UserId user, core::ChannelId channel) {
  on_partition_of(channel, [this, typing = service::Typing{std::move(user), channel}](const fold::PartitionFold& fold) {
    tell_typing(fold, typing);
  });
}

// Only of those who could say something there.
void Broadcaster::tell_typing(const fold::PartitionFold& fold, const service::Typing& typing) {
  const auto* const channel = fold.state().channel(typing.channel);
  if (channel == nullptr || channel->head.archived) return;
  if (channel->head.kind != core::ChannelKind::Room && !channel->members.contains(typing.user)) return;
  if (!typing_[fold.partition()].admit(typing.channel, typing.user, std::chrono::steady_clock::now())) return;
  for (auto& [id, listener] : audiences_[fold.partition()].listeners()) {
    if (!listener.hears(typing.channel)) continue;
    service::GatewayBatch batch{fold.partition(), {}};
    batch.items.emplace_back(typing);
    listener.gateway().deliver(std::move(batch));
    typings_.add();
  }
}

}  // namespace parley::broadcaster
