#include "service/grpc_gateway_client.hpp"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdlib>
#include <future>
#include <optional>
#include <unordered_set>
#include <vector>

#include "parley/internal/v1/gateway.grpc.pb.h"
#include "runtime/inbox.hpp"
#include "runtime/log.hpp"
#include "runtime/random.hpp"
#include "runtime/shards.hpp"
#include "service/gateway_codec.hpp"
#include "service/gateway_outbox.hpp"

namespace parley::service {
namespace {

using Milliseconds = std::chrono::milliseconds;

class Call;

// What a Call tells, from gRPC's threads: up, then frames and writes done, then down; or down at once; over at the end.
class CallEvents {
 public:
  virtual ~CallEvents() = default;
  virtual void on_up() = 0;                               // it may be read and written
  virtual void on_frame(const pb::ToGateway& frame) = 0;  // the next one comes when this returns
  virtual void on_written() = 0;
  virtual void on_down() = 0;  // it may no more, and is to be released
  // Hands over the call, so that it ends elsewhere: it holds the channel, and were its last reference dropped on a thread of
  // gRPC's, gRPC would join that thread by itself.
  virtual void on_over(std::shared_ptr<Call> call, const grpc::Status& status) = 0;
};

// One try of the stream. It holds itself until gRPC is done with it.
class Call final : public grpc::ClientBidiReactor<pb::ToBroadcaster, pb::ToGateway> {
 public:
  explicit Call(CallEvents& events) : events_(events) {}

  static std::shared_ptr<Call> start(CallEvents& events, pb::Gateway::Stub& stub, const SharedSecret& secret) {
    auto call = std::make_shared<Call>(events);
    call->self_ = call;
    present(secret, call->context_);
    call->context_.set_wait_for_ready(true);  // the channel's back-off is enough
    stub.async()->Stream(&call->context_, call.get());
    call->AddHold();
    call->StartCall();
    return call;
  }

  // --- between up and down
  void read() { StartRead(&in_); }
  void write(pb::ToBroadcaster message) {
    out_ = std::move(message);
    StartWrite(&out_);
  }

  void release() { RemoveHold(); }
  void cancel() { context_.TryCancel(); }

  void OnReadInitialMetadataDone(bool ok) override { ok ? events_.on_up() : events_.on_down(); }
  void OnReadDone(bool ok) override {
    if (!ok) return events_.on_down();
    events_.on_frame(in_);
    read();
  }
  void OnWriteDone(bool ok) override {
    if (ok) events_.on_written();
  }
  void OnDone(const grpc::Status& status) override { events_.on_over(std::move(self_), status); }

 private:
  CallEvents& events_;
  std::shared_ptr<Call> self_;
  grpc::ClientContext context_;
  pb::ToGateway in_;
  pb::ToBroadcaster out_;
};

pb::ToBroadcaster detach_of(std::string user, std::uint64_t connection) {
  pb::ToBroadcaster message;
  message.mutable_detach()->set_user(std::move(user));
  message.mutable_detach()->set_connection(connection);
  return message;
}

pb::ToBroadcaster hello(GatewayId id) {
  pb::ToBroadcaster message;
  message.mutable_hello()->set_gateway(id);
  return message;
}

pb::Watch watch_of(std::uint32_t shard, std::vector<core::UserId> users) {
  pb::Watch watch;
  watch.set_shard(shard);
  for (auto& user : users) *watch.add_users() = std::move(user.text);
  return watch;
}

std::size_t weight(const pb::Watch& watch) {
  std::size_t sum = 0;
  for (const auto& user : watch.users()) sum += sizeof(user) + user.size();
  return sum;
}

std::size_t weight(const pb::ToBroadcaster& message) {
  return sizeof(message) + sizeof(pb::Attach) + message.attach().user().size() + message.detach().user().size() +
         message.typing().user().size() + weight(message.watch()) + weight(message.unwatch());
}

}  // namespace

// The stream over all its tries. Everything but the atomics and the inbox belongs to its one thread.
class RemoteBroadcast::Link final : public CallEvents {
 public:
  Link(Peer peer, RemoteBroadcastOptions options)
      : peer_(std::move(peer)), options_(options), stub_(open_channel(peer_)), retry_(options.first_retry) {
    thread_.start();
  }

  ~Link() override { thread_.stop(); }

  // --- any thread
  void connect(GatewayId id, Gateway& gateway) {
    post([this, id, &gateway] { begin(id, gateway); });
  }
  void disconnect() {
    std::promise<void> over;
    post([&] { stop(over); });
    over.get_future().wait();
  }
  void send(pb::ToBroadcaster message);
  [[nodiscard]] bool up() const { return up_; }
  [[nodiscard]] std::uint64_t unreadable() const { return unreadable_; }

  // --- CallEvents
  void on_up() override {
    post([this] { went_up(); });
  }
  void on_frame(const pb::ToGateway& frame) override;
  void on_written() override {
    post([this] { written(); });
  }
  void on_down() override {
    post([this] { went_down(); });
  }
  void on_over(std::shared_ptr<Call> call, const grpc::Status& status) override {
    post([this, call = std::move(call), status]() mutable {
      call.reset();
      ended(status);
    });
  }

 private:
  void post(auto task) { boost::asio::post(thread_[0], std::move(task)); }

  void begin(GatewayId id, Gateway& gateway);
  void stop(std::promise<void>& over);
  void stopped();
  void try_stream();
  void try_later();
  void went_up();
  void went_down();
  void ended(const grpc::Status& status);
  void write(pb::ToBroadcaster message);
  void written();
  void pump();
  std::optional<pb::ToBroadcaster> next();
  bool is_due(const pb::ToBroadcaster& message);
  void discard();
  void tell(bool up, const std::string& what);

  const Peer peer_;
  const RemoteBroadcastOptions options_;
  pb::Gateway::Stub stub_;

  std::atomic<bool> up_ = false;  // what is said now reaches the broadcaster, or the stream is begun anew
  std::atomic<std::uint64_t> unreadable_ = 0;
  std::atomic<std::size_t> queued_bytes_ = 0;  // in the inbox and in unsent_
  runtime::Inbox<pb::ToBroadcaster> inbox_;

  GatewayId id_ = 0;
  Gateway* gateway_ = nullptr;
  std::shared_ptr<Call> call_;
  bool writable_ = false;
  bool writing_ = false;
  std::vector<pb::ToBroadcaster> unsent_;
  std::size_t next_unsent_ = 0;
  std::optional<pb::ToBroadcaster> afterwards_;  // goes before what is unsent
  std::unordered_set<std::uint64_t> attached_;   // the connections that this stream's broadcaster counts
  Milliseconds retry_;
  std::chrono::steady_clock::time_point up_since_;
  std::string told_;
  std::promise<void>* stopping_ = nullptr;
  runtime::Shards thread_{1};  // behind all that its tasks touch
  boost::asio::steady_timer timer_{thread_[0]};
};

void RemoteBroadcast::Link::begin(GatewayId id, Gateway& gateway) {
  if (gateway_ != nullptr) std::abort();  // one at a time
  id_ = id;
  gateway_ = &gateway;
  try_stream();
}

void RemoteBroadcast::Link::stop(std::promise<void>& over) {
  stopping_ = &over;
  timer_.cancel();
  if (call_) {
    call_->cancel();
  } else {
    stopped();
  }
}

void RemoteBroadcast::Link::stopped() {
  gateway_ = nullptr;
  std::exchange(stopping_, nullptr)->set_value();
}

void RemoteBroadcast::Link::try_stream() { call_ = Call::start(*this, stub_, peer_.secret); }

void RemoteBroadcast::Link::try_later() {
  if (up_since_.time_since_epoch().count() != 0 && std::chrono::steady_clock::now() - up_since_ > options_.longest_retry) {
    retry_ = options_.first_retry;
  }
  const auto half = static_cast<std::uint64_t>(retry_.count()) / 2;
  timer_.expires_after(Milliseconds(half + runtime::random_below(half + 1)));
  timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled && gateway_ != nullptr) try_stream();
  });
  retry_ = std::min(retry_ * 2, options_.longest_retry);
}

void RemoteBroadcast::Link::went_up() {
  if (stopping_ == nullptr) {
    discard();  // was said to the stream before this one
    tell(true, "connected");
    up_since_ = std::chrono::steady_clock::now();
    writable_ = true;
    write(hello(id_));
    up_ = true;
    gateway_->reattach();
  }
  call_->read();
}

void RemoteBroadcast::Link::went_down() {
  up_ = false;
  writable_ = false;
  call_->release();
}

void RemoteBroadcast::Link::ended(const grpc::Status& status) {
  call_.reset();
  writing_ = false;
  if (stopping_ != nullptr) return stopped();
  tell(false, status.error_message());
  try_later();
}

void RemoteBroadcast::Link::on_frame(const pb::ToGateway& frame) {
  auto decoded = decode(frame);
  if (decoded.unreadable > 0) unreadable_ += decoded.unreadable;
  gateway_->deliver(std::move(decoded.batch));
}

void RemoteBroadcast::Link::send(pb::ToBroadcaster message) {
  if (!up_) return;
  const auto bytes = weight(message);
  if (message.has_typing() && queued_bytes_ > room_for_droppable(options_.max_queued_bytes)) return;
  if (queued_bytes_.fetch_add(bytes) + bytes > options_.max_queued_bytes) {
    queued_bytes_ -= bytes;
    if (up_.exchange(false))
      post([this] {
        if (call_) call_->cancel();
      });
  } else if (inbox_.push(std::move(message))) {
    post([this] { pump(); });
  }
}

void RemoteBroadcast::Link::pump() {
  if (!writable_ || writing_) return;
  if (auto message = next()) write(*std::move(message));
}

std::optional<pb::ToBroadcaster> RemoteBroadcast::Link::next() {
  if (afterwards_) return std::exchange(afterwards_, std::nullopt);
  while (true) {
    if (next_unsent_ == unsent_.size()) {
      inbox_.take(unsent_);
      next_unsent_ = 0;
      if (unsent_.empty()) return std::nullopt;
    }
    auto& message = unsent_[next_unsent_++];
    queued_bytes_ -= weight(message);
    if (is_due(message)) return std::move(message);
  }
}

// A detach of a connection that only an earlier stream knew would be taken for another one of the same user. One that is
// attached again, by reattach(), is answered again and counted once: its attach is followed by a detach.
bool RemoteBroadcast::Link::is_due(const pb::ToBroadcaster& message) {
  if (message.has_detach()) return attached_.erase(message.detach().connection()) > 0;
  if (message.has_listen()) return attached_.contains(message.listen().connection());
  if (!message.has_attach()) return true;
  const auto& attach = message.attach();
  if (!attached_.insert(attach.connection()).second) afterwards_ = detach_of(attach.user(), attach.connection());
  return true;
}

void RemoteBroadcast::Link::write(pb::ToBroadcaster message) {
  writing_ = true;
  call_->write(std::move(message));
}

void RemoteBroadcast::Link::written() {
  writing_ = false;
  pump();
}

void RemoteBroadcast::Link::discard() {
  for (; next_unsent_ < unsent_.size(); ++next_unsent_) queued_bytes_ -= weight(unsent_[next_unsent_]);
  inbox_.take(unsent_);
  for (const auto& message : unsent_) queued_bytes_ -= weight(message);
  unsent_.clear();
  next_unsent_ = 0;
  afterwards_.reset();
  attached_.clear();
}

// Once for as long as it stays the same.
void RemoteBroadcast::Link::tell(bool up, const std::string& what) {
  if (std::exchange(told_, what) == what) return;
  spdlog::log(up ? spdlog::level::info : spdlog::level::warn, "broadcaster {}: {}", peer_.target, what);
}

RemoteBroadcast::RemoteBroadcast(Peer peer, RemoteBroadcastOptions options)
    : link_(std::make_unique<Link>(std::move(peer), options)) {}

RemoteBroadcast::~RemoteBroadcast() { link_->disconnect(); }

void RemoteBroadcast::connect(GatewayId id, Gateway& gateway) { link_->connect(id, gateway); }
void RemoteBroadcast::disconnect(GatewayId) { link_->disconnect(); }

void RemoteBroadcast::attach(GatewayId, core::UserId user, std::uint64_t connection, std::uint32_t shard) {
  pb::ToBroadcaster message;
  auto& attach = *message.mutable_attach();
  attach.set_user(std::move(user.text));
  attach.set_connection(connection);
  attach.set_shard(shard);
  link_->send(std::move(message));
}

void RemoteBroadcast::detach(GatewayId, core::UserId user, std::uint64_t connection) {
  link_->send(detach_of(std::move(user.text), connection));
}

void RemoteBroadcast::typing(GatewayId, core::UserId user, core::ChannelId channel) {
  pb::ToBroadcaster message;
  message.mutable_typing()->set_user(std::move(user.text));
  message.mutable_typing()->set_channel(channel.bytes().data(), channel.bytes().size());
  link_->send(std::move(message));
}

void RemoteBroadcast::listen(GatewayId, core::ChannelId room, std::uint64_t connection, std::uint32_t shard) {
  pb::ToBroadcaster message;
  auto& listen = *message.mutable_listen();
  listen.set_room(room.bytes().data(), room.bytes().size());
  listen.set_connection(connection);
  listen.set_shard(shard);
  link_->send(std::move(message));
}

void RemoteBroadcast::unlisten(GatewayId, core::ChannelId room, std::uint64_t connection) {
  pb::ToBroadcaster message;
  message.mutable_unlisten()->set_room(room.bytes().data(), room.bytes().size());
  message.mutable_unlisten()->set_connection(connection);
  link_->send(std::move(message));
}

void RemoteBroadcast::watch(GatewayId, std::uint32_t shard, std::vector<core::UserId> users) {
  pb::ToBroadcaster message;
  *message.mutable_watch() = watch_of(shard, std::move(users));
  link_->send(std::move(message));
}

void RemoteBroadcast::unwatch(GatewayId, std::uint32_t shard, std::vector<core::UserId> users) {
  pb::ToBroadcaster message;
  *message.mutable_unwatch() = watch_of(shard, std::move(users));
  link_->send(std::move(message));
}

bool RemoteBroadcast::connected() const { return link_->up(); }
std::uint64_t RemoteBroadcast::unreadable_items() const { return link_->unreadable(); }

}  // namespace parley::service
