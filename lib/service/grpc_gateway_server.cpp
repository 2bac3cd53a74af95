#include "service/grpc_gateway_server.hpp"

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <boost/asio/post.hpp>
#include <future>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "parley/internal/v1/gateway.grpc.pb.h"
#include "runtime/inbox.hpp"
#include "runtime/shards.hpp"
#include "service/gateway_codec.hpp"
#include "service/gateway_outbox.hpp"

namespace parley::service {
namespace {

using Reactor = grpc::ServerBidiReactor<pb::ToBroadcaster, pb::ToGateway>;
class GatewayStream;

// Ends a stream before it began.
class Refusal final : public Reactor {
 public:
  explicit Refusal(grpc::Status status) { Finish(std::move(status)); }
  void OnDone() override { delete this; }
};

// The streams that there are. Its private matters are those of the one thread that post() goes to.
class Registry {
 public:
  Registry(Broadcast& broadcast, GatewayServiceOptions options) : broadcast_(broadcast), options_(options), thread_(1) {
    thread_.start();
  }

  [[nodiscard]] const GatewayServiceOptions& options() const { return options_; }
  [[nodiscard]] Broadcast& broadcast() { return broadcast_; }
  void post(auto task) { boost::asio::post(thread_[0], std::move(task)); }

  // --- any thread
  Reactor* open(grpc::CallbackServerContext& context);
  void drain();
  void settle();

  // --- on the thread
  void enter(GatewayStream& stream);
  void name(GatewayId id, GatewayStream& stream);
  void unname(GatewayId id);
  void forget(GatewayStream& stream);

 private:
  Broadcast& broadcast_;
  const GatewayServiceOptions options_;
  std::atomic<bool> draining_ = false;
  std::atomic<std::size_t> count_ = 0;
  std::unordered_set<GatewayStream*> streams_;
  std::unordered_map<GatewayId, GatewayStream*> named_;
  runtime::Shards thread_;  // last: it ends before what its tasks touch
};

// One stream. It holds itself until gRPC is done with it; everything below `on the thread` runs on the registry's.
class GatewayStream final : public Reactor, public Gateway, public std::enable_shared_from_this<GatewayStream> {
 public:
  GatewayStream(Registry& registry, grpc::CallbackServerContext& context) : registry_(registry), context_(context) {}

  void start() {
    self_ = shared_from_this();
    post([](GatewayStream& s) { s.registry_.enter(s); });
    StartSendInitialMetadata();
    StartRead(&in_);
  }

  // --- Gateway: any thread
  void deliver(GatewayBatch batch) override;
  void reattach() override {
    post([](GatewayStream& s) { s.end({grpc::StatusCode::ABORTED, "attach again"}); });
  }

  // --- gRPC's threads
  void OnReadDone(bool ok) override {
    post([ok](GatewayStream& s) { s.received(ok); });
  }
  void OnWriteDone(bool ok) override {
    post([ok](GatewayStream& s) { s.written(ok); });
  }
  void OnCancel() override {
    post([](GatewayStream& s) { s.end(grpc::Status::CANCELLED); });
  }
  void OnDone() override {
    registry_.post([self = std::move(self_)] { self->registry_.forget(*self); });
  }

  // --- on the thread
  // Once: the Broadcast forgets the gateway now, the peer is told `status` as soon as the write under way is over.
  void end(grpc::Status status);
  // Ends when all that waits has been written.
  void finish();

 private:
  void post(auto task) {
    registry_.post([self = shared_from_this(), task] { task(*self); });
  }

  // --- on the thread
  void received(bool ok);
  // What is wrong with it, if anything.
  std::optional<std::string> handle(const pb::ToBroadcaster& message);
  std::optional<std::string> attach(const pb::Attach& attach);
  std::optional<std::string> detach(const pb::Detach& detach);
  std::optional<std::string> typing(const pb::Typing& typing);
  std::optional<std::string> watch(const pb::Watch& watch, bool on);
  std::optional<std::string> listen(const pb::Listen& listen, bool on);
  void gather();
  void send();
  void written(bool ok);

  Registry& registry_;
  grpc::CallbackServerContext& context_;  // gone once OnDone was called
  std::shared_ptr<GatewayStream> self_;

  runtime::Inbox<GatewayBatch> inbox_;
  std::atomic<std::size_t> queued_bytes_ = 0;  // from deliver() until written
  std::atomic<bool> overflown_ = false;

  pb::ToBroadcaster in_;
  pb::ToGateway out_;
  std::optional<GatewayId> id_;
  std::vector<GatewayBatch> gathered_;
  GatewayOutbox outbox_;
  std::size_t writing_bytes_ = 0;
  bool writing_ = false;
  bool finishing_ = false;
  bool ended_ = false;
  grpc::Status status_;
};

void GatewayStream::deliver(GatewayBatch batch) {
  if (overflown_.load(std::memory_order_relaxed)) return;  // nothing may follow what was dropped
  const auto bytes = weight(batch);
  const auto& options = registry_.options();
  if (queued_bytes_.load(std::memory_order_relaxed) > room_for_droppable(options.max_queued_bytes) && may_be_dropped(batch))
    return;
  if (queued_bytes_.fetch_add(bytes, std::memory_order_relaxed) + bytes > options.max_queued_bytes) {
    overflown_.store(true, std::memory_order_relaxed);
    post([](GatewayStream& s) { s.end({grpc::StatusCode::RESOURCE_EXHAUSTED, "reads too slowly"}); });
  } else if (inbox_.push(std::move(batch))) {
    post([](GatewayStream& s) { s.gather(); });
  }
}

void GatewayStream::end(grpc::Status status) {
  if (ended_) return;
  ended_ = true;
  if (id_) registry_.unname(*id_);
  status_ = std::move(status);
  if (writing_) {
    context_.TryCancel();  // or the write would wait for a reader who may never read
  } else {
    Finish(status_);
  }
}

void GatewayStream::finish() {
  finishing_ = true;
  gather();
}

void GatewayStream::received(bool ok) {
  if (ended_) return;
  if (!ok) return end(grpc::Status::OK);
  if (auto fault = handle(in_)) return end({grpc::StatusCode::INVALID_ARGUMENT, *fault});
  StartRead(&in_);
}

std::optional<std::string> GatewayStream::handle(const pb::ToBroadcaster& message) {
  if (message.has_hello() == id_.has_value()) return "hello comes first, and once";
  switch (message.item_case()) {
    case pb::ToBroadcaster::kHello:
      id_ = message.hello().gateway();
      registry_.name(*id_, *this);
      return std::nullopt;
    case pb::ToBroadcaster::kAttach:
      return attach(message.attach());
    case pb::ToBroadcaster::kDetach:
      return detach(message.detach());
    case pb::ToBroadcaster::kTyping:
      return typing(message.typing());
    case pb::ToBroadcaster::kWatch:
      return watch(message.watch(), true);
    case pb::ToBroadcaster::kUnwatch:
      return watch(message.unwatch(), false);
    case pb::ToBroadcaster::kListen:
      return listen(message.listen(), true);
    case pb::ToBroadcaster::kUnlisten:
      return listen(message.unlisten(), false);
    case pb::ToBroadcaster::ITEM_NOT_SET:
      break;
  }
  return std::nullopt;  // of a newer program: it says nothing to this one
}

std::optional<std::string> GatewayStream::attach(const pb::Attach& attach) {
  auto user = core::UserId::parse(attach.user());
  if (!user) return "not a user id";
  registry_.broadcast().attach(*id_, *std::move(user), attach.connection(), attach.shard());
  return std::nullopt;
}

std::optional<std::string> GatewayStream::detach(const pb::Detach& detach) {
  auto user = core::UserId::parse(detach.user());
  if (!user) return "not a user id";
  registry_.broadcast().detach(*id_, *std::move(user), detach.connection());
  return std::nullopt;
}

std::optional<std::string> GatewayStream::typing(const pb::Typing& typing) {
  auto user = core::UserId::parse(typing.user());
  const auto channel = core::ChannelId::from_bytes(typing.channel());
  if (!user || !channel) return "not a user's id and a channel's";
  registry_.broadcast().typing(*id_, *std::move(user), *channel);
  return std::nullopt;
}

std::optional<std::string> GatewayStream::watch(const pb::Watch& watch, bool on) {
  std::vector<core::UserId> users;
  users.reserve(static_cast<std::size_t>(watch.users_size()));
  for (const auto& text : watch.users()) {
    auto user = core::UserId::parse(text);
    if (!user) return "not a user id";
    users.push_back(*std::move(user));
  }
  if (on)
    registry_.broadcast().watch(*id_, watch.shard(), std::move(users));
  else
    registry_.broadcast().unwatch(*id_, watch.shard(), std::move(users));
  return std::nullopt;
}

std::optional<std::string> GatewayStream::listen(const pb::Listen& listen, bool on) {
  const auto room = core::ChannelId::from_bytes(listen.room());
  if (!room) return "not a channel's id";
  if (on)
    registry_.broadcast().listen(*id_, *room, listen.connection(), listen.shard());
  else
    registry_.broadcast().unlisten(*id_, *room, listen.connection());
  return std::nullopt;
}

void GatewayStream::gather() {
  inbox_.take(gathered_);
  for (auto& batch : gathered_) outbox_.push(std::move(batch));
  send();
}

void GatewayStream::send() {
  if (writing_ || ended_) return;
  if (outbox_.empty()) {
    if (finishing_) end({grpc::StatusCode::UNAVAILABLE, "going away"});
    return;
  }
  out_.Clear();
  writing_bytes_ = outbox_.take(registry_.options().max_frame_bytes, out_);
  writing_ = true;
  StartWrite(&out_);
}

void GatewayStream::written(bool ok) {
  writing_ = false;
  queued_bytes_.fetch_sub(writing_bytes_, std::memory_order_relaxed);
  if (ended_) return Finish(status_);
  if (!ok) return end({grpc::StatusCode::UNAVAILABLE, "can't be written to"});
  send();
}

Reactor* Registry::open(grpc::CallbackServerContext& context) {
  if (draining_) return new Refusal({grpc::StatusCode::UNAVAILABLE, "going away"});
  if (count_.fetch_add(1) >= options_.max_gateways) {
    --count_;
    return new Refusal({grpc::StatusCode::RESOURCE_EXHAUSTED, "too many gateways"});
  }
  auto stream = std::make_shared<GatewayStream>(*this, context);
  stream->start();
  return stream.get();
}

void Registry::enter(GatewayStream& stream) {
  streams_.insert(&stream);
  if (draining_) stream.finish();
}

void Registry::name(GatewayId id, GatewayStream& stream) {
  if (const auto older = named_.find(id); older != named_.end()) {
    older->second->end({grpc::StatusCode::ABORTED, "the gateway connected again"});
  }
  named_.emplace(id, &stream);
  broadcast_.connect(id, stream);
}

void Registry::unname(GatewayId id) {
  named_.erase(id);
  broadcast_.disconnect(id);
}

void Registry::forget(GatewayStream& stream) {
  streams_.erase(&stream);
  --count_;
}

void Registry::drain() {
  draining_ = true;
  post([this] {
    for (auto* stream : streams_) stream->finish();
  });
}

void Registry::settle() {
  std::promise<void> settled;
  post([&] { settled.set_value(); });
  settled.get_future().wait();
}

}  // namespace

class GatewayService::Streams final : public pb::Gateway::CallbackService {
 public:
  Streams(Broadcast& broadcast, GatewayServiceOptions options) : registry(broadcast, options) {}

  Reactor* Stream(grpc::CallbackServerContext* context) override {
    if (!authentic(*context, secret)) return new Refusal({grpc::StatusCode::UNAUTHENTICATED, "not the internal secret"});
    return registry.open(*context);
  }

  SharedSecret secret;
  Registry registry;
};

GatewayService::GatewayService(Broadcast& broadcast, GatewayServiceOptions options)
    : streams_(std::make_unique<Streams>(broadcast, options)) {}
GatewayService::~GatewayService() = default;

grpc::Service& GatewayService::handlers() { return *streams_; }
void GatewayService::admit(const SharedSecret& secret) { streams_->secret = secret; }
void GatewayService::drain() { streams_->registry.drain(); }
void GatewayService::settle() { streams_->registry.settle(); }

}  // namespace parley::service
