#include "net/websocket_connection.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <optional>

#include "net/outbound_stream.hpp"
#include "net/ws_frame.hpp"
#include "runtime/log.hpp"
#include "runtime/random.hpp"

namespace parley::net {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;
using std::chrono::milliseconds;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kSmallBuffer = 256;  // what an idle socket keeps for reading
constexpr std::size_t kKeptBuffer = 2048;  // a bigger one is given back before the next read

std::uint16_t close_code(const error_code& error, std::uint16_t peers_code) {
  if (error == websocket::error::closed) return peers_code == 0 ? 1005 : peers_code;
  if (error == websocket::error::message_too_big) return 1009;
  if (error == websocket::error::bad_frame_payload) return 1007;
  if (error == websocket::condition::protocol_violation) return 1002;
  return 1006;
}

// What Beast wants to see of a handshake that has been checked already.
http::request<http::empty_body> checked_request(const std::string& key) {
  http::request<http::empty_body> request(http::verb::get, "/", 11);
  request.set(http::field::host, "-");
  request.set(http::field::connection, "upgrade");
  request.set(http::field::upgrade, "websocket");
  request.set(http::field::sec_websocket_version, "13");
  request.set(http::field::sec_websocket_key, key);
  return request;
}

class Connection final : public OpenConnection, public TimerWheel::Entry, public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<ServerShard> shard, TcpSocket socket, ConnectionSlot slot, std::string early,
             const Upgrade& upgrade)
      : shard_(std::move(shard)),
        slot_(std::move(slot)),
        idle_timeout_(limits().idle_timeout.count() > 0 ? limits().idle_timeout : upgrade.idle_timeout),
        outbound_(std::make_shared<Outbound>(
            std::move(socket), shard_->outbox,
            Outbound::Options{.batch = upgrade.batch, .max_bytes = shard_->limits.websocket.max_queued_bytes})),
        stream_(outbound_, std::move(early)) {
    shard_->connections.push_back(*this);
    stream_.read_message_max(limits().max_message_bytes);
    stream_.control_callback([this](websocket::frame_type type, boost::beast::string_view) {
      if (type == websocket::frame_type::pong) unanswered_pings_ = 0;
    });
  }
  ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  asio::awaitable<bool> accept(std::string key, std::string subprotocol);
  asio::awaitable<std::expected<std::string_view, Closed>> read();
  void send(SharedFrame frame);
  void close(std::uint16_t code, std::string_view reason);
  // Ends in its own time: the closing handshake, what is queued, the connection.
  static asio::awaitable<void> wind_down(std::shared_ptr<Connection> self);

  void stop() override;
  void abort() override;
  void on_deadline() override;

  [[nodiscard]] const Outbound& outbound() const { return *outbound_; }
  [[nodiscard]] bool closing() const { return closed_by_us_ || ended_; }
  [[nodiscard]] MessageKind kind() const { return stream_.got_binary() ? MessageKind::Binary : MessageKind::Text; }
  [[nodiscard]] asio::io_context& context() const { return shard_->context; }

 private:
  [[nodiscard]] const WsLimits& limits() const { return shard_->limits.websocket; }
  asio::awaitable<void> linger();
  void make_room();
  Closed end(const error_code& error);
  void arm_next_check();
  void ping();
  [[nodiscard]] bool idle_too_long() const;

  std::shared_ptr<ServerShard> shard_;
  ConnectionSlot slot_;
  milliseconds idle_timeout_;
  std::shared_ptr<Outbound> outbound_;
  websocket::stream<OutboundStream, false> stream_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
  milliseconds last_message_{0};
  milliseconds next_ping_{0};
  int unanswered_pings_ = 0;
  bool peer_may_still_send_ = false;  // it broke the protocol: it does not know yet that this is the end
  std::optional<Closed> closed_by_us_;
  std::optional<Closed> ended_;
};

asio::awaitable<bool> Connection::accept(std::string key, std::string subprotocol) {
  stream_.set_option(websocket::stream_base::decorator([&subprotocol](websocket::response_type& response) {
    response.set(http::field::server, "parley");
    if (!subprotocol.empty()) response.set(http::field::sec_websocket_protocol, subprotocol);
  }));
  const auto request = checked_request(key);
  const auto [error] = co_await stream_.async_accept(request, kTuple);
  stream_.set_option(websocket::stream_base::decorator([](websocket::response_type&) {}));
  if (error) co_return false;
  last_message_ = shard_->wheel.now();
  // Sockets that came together are not pinged together.
  const milliseconds interval = limits().ping_interval;
  const auto spread = static_cast<std::uint64_t>(interval.count() / 4 + 1);
  next_ping_ = last_message_ + interval - milliseconds(runtime::random_below(spread));
  arm_next_check();
  if (shard_->stopping) stop();
  co_return true;
}

asio::awaitable<std::expected<std::string_view, Closed>> Connection::read() {
  if (ended_) co_return std::unexpected(*ended_);
  if (capacity_ > kKeptBuffer) {
    buffer_.reset();
    capacity_ = 0;
  }
  do {
    size_ = 0;
    do {
      make_room();
      const auto free = asio::buffer(buffer_.get() + size_, capacity_ - size_);
      const auto [error, bytes] = co_await stream_.async_read_some(free, kTuple);
      if (error) co_return std::unexpected(end(error));
      size_ += bytes;
      if (stream_.got_binary() && !limits().accept_binary) close(1003, "text only");
      if (closed_by_us_) size_ = 0;  // what still comes is read for the peer's close alone
    } while (!stream_.is_message_done());
  } while (closed_by_us_);
  last_message_ = shard_->wheel.now();
  co_return std::string_view(buffer_.get(), size_);
}

void Connection::make_room() {
  if (size_ < capacity_) return;
  const std::size_t larger = std::max(kSmallBuffer, capacity_ * 2);
  auto moved = std::make_unique_for_overwrite<char[]>(larger);
  std::copy_n(buffer_.get(), size_, moved.get());
  buffer_ = std::move(moved);
  capacity_ = larger;
}

Closed Connection::end(const error_code& error) {
  const Closed closed = closed_by_us_ ? *closed_by_us_ : Closed{close_code(error, stream_.reason().code)};
  ended_ = closed;
  peer_may_still_send_ =
      error.category() == error_code(websocket::error::closed).category() && error != websocket::error::closed;
  buffer_.reset();
  capacity_ = 0;
  shard_->wheel.arm(*this, limits().close_timeout);
  return closed;
}

void Connection::send(SharedFrame frame) {
  if (closing() || outbound_->send(std::move(frame))) return;
  outbound_->drop_data();
  close(4408, "slow consumer; resume");
}

void Connection::close(std::uint16_t code, std::string_view reason) {
  if (closing()) return;
  closed_by_us_ = Closed{code};
  outbound_->send_close(close_frame(code, reason));
  shard_->wheel.arm(*this, limits().close_timeout);
}

void Connection::stop() { close(1012, "restarting; retry_ms=" + std::to_string(100 + runtime::random_below(4901))); }

void Connection::abort() {
  error_code ignored;
  outbound_->socket().close(ignored);
}

bool Connection::idle_too_long() const {
  return idle_timeout_.count() > 0 && shard_->wheel.now() >= last_message_ + idle_timeout_;
}

void Connection::on_deadline() {
  if (closing()) {
    abort();
  } else if (idle_too_long()) {
    close(1001, "idle");
  } else {
    ping();
    arm_next_check();
  }
}

void Connection::ping() {
  if (limits().ping_interval.count() == 0 || shard_->wheel.now() < next_ping_) return;
  if (unanswered_pings_ >= 2) {
    abort();
    return;
  }
  ++unanswered_pings_;
  outbound_->send_control(control_frame(kOpPing, {}));
  next_ping_ = shard_->wheel.now() + limits().ping_interval;
}

void Connection::arm_next_check() {
  const milliseconds now = shard_->wheel.now();
  auto next = milliseconds::max();
  if (limits().ping_interval.count() > 0) next = next_ping_ - now;
  if (idle_timeout_.count() > 0) next = std::min(next, last_message_ + idle_timeout_ - now);
  if (next != milliseconds::max()) shard_->wheel.arm(*this, std::max(next, milliseconds(0)));
}

asio::awaitable<void> Connection::wind_down(std::shared_ptr<Connection> self) {
  self->close(1000, {});
  while (co_await self->read()) {
  }
  TcpSocket& socket = self->outbound_->socket();
  self->outbound_->flush();
  while (socket.is_open() && !self->outbound_->drained()) {
    const auto [error] = co_await socket.async_wait(TcpSocket::wait_write, kTuple);
    if (error) break;
  }
  if (self->peer_may_still_send_) co_await self->linger();
  self->abort();
}

// Closing with unread bytes would reset the connection, and the peer might lose what was sent to it last.
asio::awaitable<void> Connection::linger() {
  TcpSocket& socket = outbound_->socket();
  error_code ignored;
  socket.shutdown(TcpSocket::shutdown_send, ignored);
  std::array<char, 512> rest{};
  for (bool more = true; more;) {
    const auto [error, bytes] = co_await socket.async_read_some(asio::buffer(rest), kTuple);
    more = !error;
  }
}

// What the session holds. When it lets go, the connection winds down by itself.
class SessionSocket final : public WebSocket {
 public:
  explicit SessionSocket(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}
  ~SessionSocket() override {
    auto& context = connection_->context();
    if (context.stopped()) return;
    asio::post(context, [connection = std::move(connection_)]() mutable {
      auto& shard = connection->context();
      asio::co_spawn(shard, Connection::wind_down(std::move(connection)), asio::detached);
    });
  }
  SessionSocket(const SessionSocket&) = delete;
  SessionSocket& operator=(const SessionSocket&) = delete;

  asio::awaitable<std::expected<std::string_view, Closed>> read() override { return connection_->read(); }
  [[nodiscard]] MessageKind kind() const override { return connection_->kind(); }
  void send(SharedFrame frame) override { connection_->send(std::move(frame)); }
  void close(std::uint16_t code, std::string_view reason) override { connection_->close(code, reason); }
  [[nodiscard]] bool closing() const override { return connection_->closing(); }
  [[nodiscard]] std::size_t queued_bytes() const override { return connection_->outbound().bytes(); }
  [[nodiscard]] bool batches() const override { return connection_->outbound().batches(); }

 private:
  std::shared_ptr<Connection> connection_;
};

// An open socket keeps nothing of its handshake: what stands in this frame, ten thousand idle ones have ten thousand times.
asio::awaitable<void> run(std::shared_ptr<Connection> connection, std::unique_ptr<Handshake> handshake) {
  if (!co_await connection->accept(std::move(handshake->key), std::move(handshake->upgrade.subprotocol))) co_return;
  const auto session = std::move(handshake->upgrade.session);
  handshake.reset();
  try {
    co_await session(std::make_unique<SessionSocket>(connection));
  } catch (const std::exception& error) {
    spdlog::error("a WebSocket session failed: {}", error.what());
    connection->close(1011, "the server failed");
  }
}

}  // namespace

asio::awaitable<void> run_websocket(std::shared_ptr<ServerShard> shard, TcpSocket socket, ConnectionSlot slot,
                                    Handshake handshake) {
  auto connection = std::make_shared<Connection>(std::move(shard), std::move(socket), std::move(slot),
                                                 std::move(handshake.early), handshake.upgrade);
  return run(std::move(connection), std::make_unique<Handshake>(std::move(handshake)));
}

}  // namespace parley::net
