#include "ingest/hub.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "codec/client_text.hpp"
#include "codec/position.hpp"

namespace parley::ingest {

namespace asio = boost::asio;

namespace {

asio::awaitable<std::size_t> disconnect_on(ShardHub* hub, core::UserId user) { co_return hub->disconnect(user); }

}  // namespace

Hub::Hub(runtime::Shards& shards, LogIdentity identity) : identity_(identity) {
  for (std::size_t i = 0; i < shards.size(); ++i) {
    shards_.push_back(std::make_unique<Shard>());
    shards_.back()->context = &shards[i];
  }
}

void Hub::serve(std::size_t shard, ShardHub& hub) { shards_[shard]->hub = &hub; }

asio::awaitable<std::size_t> Hub::disconnect(core::UserId user) {
  std::size_t closed = 0;
  for (auto& shard : shards_)
    closed += co_await asio::co_spawn(*shard->context, disconnect_on(shard->hub, user), asio::use_awaitable);
  co_return closed;
}

EncodedBatch Hub::encode(service::GatewayBatch batch) const {
  EncodedBatch encoded{batch.partition, {}};
  encoded.items.reserve(batch.items.size());
  std::string text;
  std::string position;
  for (auto& item : batch.items) {
    if (auto* push = std::get_if<service::Push>(&item)) {
      text.clear();
      position.clear();
      codec::Position{identity_.epoch, batch.partition, push->offset + 1}.append_to(position);
      codec::append_event(text, *push->change, position);
      encoded.items.emplace_back(EncodedPush{{push->offset, push->index}, std::move(push->change), net::make_frame(text)});
    } else if (auto* outcome = std::get_if<service::OutcomeReport>(&item)) {
      encoded.items.emplace_back(std::move(*outcome));
    } else if (auto* typing = std::get_if<service::Typing>(&item)) {
      text.clear();
      codec::append_typing(text, typing->channel, typing->user);
      encoded.items.emplace_back(EncodedTyping{std::move(*typing), net::make_frame(text)});
    } else if (auto* presence = std::get_if<service::Presence>(&item)) {
      encoded.items.emplace_back(std::move(*presence));
    } else if (const auto* heard = std::get_if<service::Listening>(&item)) {
      encoded.items.emplace_back(*heard);
    } else if (std::holds_alternative<service::WordsErased>(item)) {
      encoded.items.emplace_back(service::WordsErased{});
    } else if (const auto* reached = std::get_if<service::Reached>(&item)) {
      encoded.items.emplace_back(*reached);
    } else {
      encoded.items.emplace_back(std::move(std::get<service::Attached>(item)));
    }
  }
  return encoded;
}

void Hub::deliver(service::GatewayBatch batch) {
  if (batch.partition >= identity_.partitions && batch.partition != service::kOfNoPartition)
    return;  // of another log than this one's
  const auto encoded = std::make_shared<const EncodedBatch>(encode(std::move(batch)));
  for (auto& shard : shards_)
    if (shard->inbox.push(encoded)) asio::post(*shard->context, [shard = shard.get()] { drain(*shard); });
}

// Everything that has come in is queued to the sockets; their outbox writes to each once, when the turn is over.
void Hub::drain(Shard& shard) {
  shard.inbox.take(shard.round);
  for (const auto& batch : shard.round) shard.hub->apply(*batch);
  shard.round.clear();
}

void Hub::reattach() {
  for (auto& shard : shards_) asio::post(*shard->context, [hub = shard->hub] { hub->reattach(); });
}

}  // namespace parley::ingest
