#include "net/http_connection.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <cerrno>
#include <optional>

#include "net/request_target.hpp"
#include "net/websocket_connection.hpp"
#include "runtime/log.hpp"

namespace parley::net {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using std::chrono::milliseconds;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kReadBytes = 4096;  // for a head
constexpr std::size_t kBodyReadBytes = 64 << 10;
constexpr std::size_t kKeptBytes = 4096;  // that an idle connection keeps
constexpr milliseconds kLinger{2000};     // for a peer to see our last answer while it still sends
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

// Why there is no request. Status 0: no one is there to be told.
struct NoRequest {
  unsigned status = 0;
  std::string detail;
};

// A request with what has to be known of it to answer it.
struct Incoming {
  HttpRequest request;
  ResponseOptions options;
  bool wants_body = true;
  bool wants_socket = false;
};

std::string to_string(boost::beast::string_view text) { return {text.data(), text.size()}; }

// Of a body that ends with its chunks: the parser has refused any other that has a coding.
bool has_unknown_coding(const http::fields& head) {
  const auto codings = head.count(http::field::transfer_encoding);
  return codings > 1 || (codings == 1 && !boost::beast::iequals(head[http::field::transfer_encoding], "chunked"));
}

NoRequest no_request(const error_code& error) {
  if (error == http::error::header_limit) return {.status = 431, .detail = "the request's head is too large"};
  if (error == http::error::body_limit) return {.status = 413, .detail = "the request's body is too large"};
  return {.status = 400, .detail = "not HTTP: " + error.message()};
}

class HttpConnection final : public OpenConnection, public TimerWheel::Entry {
 public:
  HttpConnection(std::shared_ptr<ServerShard> shard, TcpSocket socket, ConnectionSlot slot)
      : shard_(std::move(shard)), slot_(std::move(slot)), socket_(std::move(socket)) {
    shard_->connections.push_back(*this);
    error_code error;
    const auto peer = socket_.remote_endpoint(error);
    if (!error) remote_ = peer.address().to_string();
  }
  ~HttpConnection() = default;
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  static asio::awaitable<void> run(std::unique_ptr<HttpConnection> self, Admission admission);

  void stop() override {
    if (between_requests_) abort();
  }
  void abort() override {
    error_code ignored;
    socket_.close(ignored);
  }
  void on_deadline() override { abort(); }

 private:
  using Parser = http::request_parser<http::string_body>;

  [[nodiscard]] const ServerLimits& limits() const { return shard_->limits; }
  // Requests, until there is no next one. The upgrade that was granted, if that is why.
  asio::awaitable<std::optional<Handshake>> serve();
  asio::awaitable<std::expected<Incoming, NoRequest>> read_request();
  asio::awaitable<std::expected<void, NoRequest>> read_head();
  [[nodiscard]] std::expected<Incoming, NoRequest> take_head() const;
  asio::awaitable<std::expected<void, NoRequest>> read_body();
  asio::awaitable<bool> fill(std::size_t bytes);
  error_code parse();
  asio::awaitable<bool> answer_expectation();
  asio::awaitable<HttpResponse> handle(HttpRequest request);
  asio::awaitable<std::expected<Handshake, HttpResponse>> upgrade(HttpRequest request);
  HttpResponse refuse(unsigned status, std::string_view detail);
  asio::awaitable<bool> write(HttpResponse response, ResponseOptions options, bool with_body);
  asio::awaitable<bool> write_all(std::string_view head, std::string_view body);
  asio::awaitable<void> refuse_and_close(NoRequest why);
  asio::awaitable<void> linger();

  std::shared_ptr<ServerShard> shard_;
  ConnectionSlot slot_;
  TcpSocket socket_;
  std::string remote_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::string head_;
  bool between_requests_ = true;
};

asio::awaitable<void> HttpConnection::run(std::unique_ptr<HttpConnection> self, Admission admission) {
  if (self->remote_.empty()) co_return;  // it was reset already, and what it asks for would count for nobody
  if (admission == Admission::TooMany) {
    co_await self->refuse_and_close({.status = 429, .detail = "too many connections"});
    co_return;
  }
  auto handshake = co_await self->serve();
  if (!handshake) co_return;
  const auto executor = self->socket_.get_executor();
  asio::co_spawn(executor, run_websocket(self->shard_, std::move(self->socket_), std::move(self->slot_), std::move(*handshake)),
                 asio::detached);
}

asio::awaitable<std::optional<Handshake>> HttpConnection::serve() {
  shard_->wheel.arm(*this, limits().header_timeout);
  for (;;) {
    auto read = co_await read_request();
    shard_->wheel.disarm(*this);
    if (!read) {
      co_await refuse_and_close(std::move(read.error()));
      co_return std::nullopt;
    }
    auto& [request, options, wants_body, wants_socket] = *read;
    HttpResponse response;
    if (wants_socket) {
      auto granted = co_await upgrade(std::move(request));
      if (granted) co_return std::move(*granted);
      response = std::move(granted.error());
    } else {
      response = co_await handle(std::move(request));
    }
    options.keep_alive = options.keep_alive && !shard_->stopping;
    if (!co_await write(std::move(response), options, wants_body)) co_return std::nullopt;
    if (!options.keep_alive) {
      co_await linger();
      co_return std::nullopt;
    }
    shard_->wheel.arm(*this, limits().keep_alive_timeout);
  }
}

asio::awaitable<std::expected<Incoming, NoRequest>> HttpConnection::read_request() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(limits().max_header_bytes));
  parser_->body_limit(limits().max_body_bytes);
  auto head = co_await read_head();
  if (!head) co_return std::unexpected(std::move(head.error()));
  auto incoming = take_head();
  if (!incoming || parser_->is_done()) co_return incoming;
  auto body = co_await read_body();
  if (!body) co_return std::unexpected(std::move(body.error()));
  incoming->request.body = std::move(parser_->get().body());
  co_return incoming;
}

asio::awaitable<std::expected<void, NoRequest>> HttpConnection::read_head() {
  if (buffer_.size() == 0) {
    if (buffer_.capacity() > kKeptBytes) buffer_.shrink_to_fit();
    between_requests_ = true;
    const bool there = !shard_->stopping && co_await fill(kReadBytes);
    between_requests_ = false;
    if (!there) co_return std::unexpected(NoRequest{});
  }
  shard_->wheel.arm(*this, limits().header_timeout);
  for (;;) {
    const error_code error = parse();
    if (error && error != http::error::need_more) co_return std::unexpected(no_request(error));
    if (parser_->is_header_done()) break;
    if (!co_await fill(kReadBytes)) co_return std::unexpected(NoRequest{});
  }
  co_return std::expected<void, NoRequest>();
}

// REQUIRES: before the body is read. The parser puts the fields behind it, trailers, among those of the head.
std::expected<Incoming, NoRequest> HttpConnection::take_head() const {
  const auto& message = parser_->get();
  if (message.version() == 11 && message.count(http::field::host) != 1) {
    return std::unexpected(NoRequest{.status = 400, .detail = "a request names exactly one host"});
  }
  if (has_unknown_coding(message)) {
    return std::unexpected(NoRequest{.status = 501, .detail = "of transfer codings only chunked is known"});
  }
  Incoming incoming{.request = {},
                    .options = {.keep_alive = parser_->keep_alive(), .http_1_0 = message.version() == 10},
                    .wants_body = message.method() != http::verb::head,
                    .wants_socket = boost::beast::websocket::is_upgrade(message)};
  auto& request = incoming.request;
  request.method = incoming.wants_body ? to_string(message.method_string()) : "GET";
  request.target = to_string(message.target());
  request.headers.reserve(static_cast<std::size_t>(std::distance(message.begin(), message.end())));
  for (const auto& field : message) request.headers.emplace_back(to_string(field.name_string()), to_string(field.value()));
  request.remote = remote_;
  if (!to_origin_form(request)) {
    return std::unexpected(NoRequest{.status = 400, .detail = "the request's target names no host, or a user"});
  }
  return incoming;
}

asio::awaitable<std::expected<void, NoRequest>> HttpConnection::read_body() {
  shard_->wheel.arm(*this, limits().body_timeout);
  if (!co_await answer_expectation()) co_return std::unexpected(NoRequest{});
  while (!parser_->is_done()) {
    const error_code error = buffer_.size() == 0 ? http::error::need_more : parse();
    if (error == http::error::need_more) {
      if (!co_await fill(kBodyReadBytes)) co_return std::unexpected(NoRequest{});
    } else if (error) {
      co_return std::unexpected(no_request(error));
    }
  }
  co_return std::expected<void, NoRequest>();
}

asio::awaitable<bool> HttpConnection::fill(std::size_t bytes) {
  const auto [error, got] = co_await socket_.async_read_some(buffer_.prepare(bytes), kTuple);
  buffer_.commit(got);
  co_return !error;
}

error_code HttpConnection::parse() {
  error_code error;
  buffer_.consume(parser_->put(buffer_.data(), error));
  return error;
}

asio::awaitable<bool> HttpConnection::answer_expectation() {
  const auto& message = parser_->get();
  const bool expects = message.version() == 11 && boost::beast::iequals(message[http::field::expect], "100-continue");
  if (!expects || buffer_.size() > 0) co_return true;
  co_return co_await write_all(kContinue, {});
}

asio::awaitable<HttpResponse> HttpConnection::handle(HttpRequest request) {
  try {
    co_return co_await shard_->handler.handle(std::move(request));
  } catch (const std::exception& error) {
    spdlog::error("a request's handler failed: {}", error.what());
  }
  co_return refuse(500, "the server failed");
}

asio::awaitable<std::expected<Handshake, HttpResponse>> HttpConnection::upgrade(HttpRequest request) {
  const std::string* key = request.header("Sec-WebSocket-Key");
  const std::string* version = request.header("Sec-WebSocket-Version");
  if (version == nullptr || *version != "13") {
    auto response = refuse(426, "the WebSocket version is 13");
    response.headers.emplace_back("Sec-WebSocket-Version", "13");
    co_return std::unexpected(std::move(response));
  }
  if (key == nullptr || key->size() != 24) co_return std::unexpected(refuse(400, "Sec-WebSocket-Key is 16 bytes in Base64"));
  try {
    auto granted = co_await shard_->handler.upgrade(request);
    if (!granted) co_return std::unexpected(std::move(granted.error()));
    if (granted->prepare) co_await granted->prepare();
    co_return Handshake{.key = *key, .early = boost::beast::buffers_to_string(buffer_.data()), .upgrade = std::move(*granted)};
  } catch (const std::exception& error) {
    spdlog::error("an upgrade's handler failed: {}", error.what());
  }
  co_return std::unexpected(refuse(500, "the server failed"));
}

HttpResponse HttpConnection::refuse(unsigned status, std::string_view detail) {
  try {
    return shard_->handler.refuse(status, detail);
  } catch (const std::exception& error) {
    spdlog::error("a refusal failed: {}", error.what());
  }
  return {.status = status};
}

asio::awaitable<bool> HttpConnection::write(HttpResponse response, ResponseOptions options, bool with_body) {
  write_response_head(response, options, shard_->date.now(), head_);
  shard_->wheel.arm(*this, limits().write_timeout);
  const bool may_have_body = with_body && response.status != 204 && response.status != 304;
  co_return co_await write_all(head_, may_have_body ? std::string_view(response.body) : std::string_view());
}

// Head and body in one system call, if the kernel takes them.
asio::awaitable<bool> HttpConnection::write_all(std::string_view head, std::string_view body) {
  while (!head.empty() || !body.empty()) {
    std::array<iovec, 2> parts{iovec{const_cast<char*>(head.data()), head.size()},
                               {const_cast<char*>(body.data()), body.size()}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    const ssize_t n = ::sendmsg(socket_.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) co_return false;
    if (n < 0) {
      const auto [error] = co_await socket_.async_wait(TcpSocket::wait_write, kTuple);
      if (error) co_return false;
      continue;
    }
    const auto sent = static_cast<std::size_t>(n);
    const std::size_t of_head = std::min(sent, head.size());
    head.remove_prefix(of_head);
    body.remove_prefix(sent - of_head);
  }
  co_return true;
}

asio::awaitable<void> HttpConnection::refuse_and_close(NoRequest why) {
  if (why.status == 0) co_return;
  auto response = refuse(why.status, why.detail);
  if (co_await write(std::move(response), {.keep_alive = false}, true)) co_await linger();
}

// Closing with unread bytes would reset the connection, and the peer might lose our answer.
asio::awaitable<void> HttpConnection::linger() {
  shard_->wheel.arm(*this, kLinger);
  error_code ignored;
  socket_.shutdown(TcpSocket::shutdown_send, ignored);
  buffer_.clear();
  while (co_await fill(kReadBytes)) buffer_.clear();
}

}  // namespace

void start_http_connection(std::shared_ptr<ServerShard> shard, TcpSocket socket, ConnectionSlot slot, Admission admission) {
  auto& context = shard->context;
  asio::post(context, [shard = std::move(shard), socket = std::move(socket), slot = std::move(slot), admission]() mutable {
    auto& own = shard->context;
    auto connection = std::make_unique<HttpConnection>(std::move(shard), std::move(socket), std::move(slot));
    asio::co_spawn(own, HttpConnection::run(std::move(connection), admission), asio::detached);
  });
}

}  // namespace parley::net
