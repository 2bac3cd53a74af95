// The listener: HTTP/1.1 and WebSocket upgrades on one port, connections spread over the shards round robin. A connection
// lives and dies on one shard.
//
// Concurrency: start() and stop() from the main thread; a Handler's methods run on its shard. Ownership: the handlers and
// shards must outlive the server. Limits: ServerLimits; every wait has a deadline.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/http.hpp"
#include "net/websocket.hpp"
#include "runtime/shards.hpp"

namespace parley::net {

struct ServerLimits {
  std::size_t max_header_bytes = 16 << 10;              // beyond: 431
  std::size_t max_body_bytes = 1 << 20;                 // beyond: 413
  std::size_t max_connections = 20000;                  // beyond: 429 and closed
  std::chrono::milliseconds header_timeout{10000};      // for a whole request head, then closed
  std::chrono::milliseconds body_timeout{30000};        // for the body
  std::chrono::milliseconds write_timeout{30000};       // for the peer to take a response
  std::chrono::milliseconds keep_alive_timeout{75000};  // between requests
  WsLimits websocket;
};

// How an upgrade is answered: take it, with this subprotocol (empty: none was offered), or refuse it.
struct Upgrade {
  std::string subprotocol;
  bool batch = false;
  std::function<boost::asio::awaitable<void>(std::unique_ptr<WebSocket>)> session;  // runs until the socket is done with
  std::chrono::milliseconds idle_timeout{0};                   // of this socket, when the server's own limit is off
  std::function<boost::asio::awaitable<void>()> prepare = {};  // waited for before the peer is told that it is taken
};

using Taken = std::expected<Upgrade, HttpResponse>;  // or why not

class Handler {
 public:
  virtual ~Handler() = default;
  virtual boost::asio::awaitable<HttpResponse> handle(HttpRequest request) = 0;
  // A request that asks for a WebSocket, and outlives the wait for the answer. Authentication is done before a byte of the
  // upgrade is sent.
  virtual boost::asio::awaitable<Taken> upgrade(const HttpRequest& request) = 0;
  // A request that could not be read or served: 400, 413, 426, 429, 431, 501; 500: an exception got away. `detail` says why.
  virtual HttpResponse refuse(unsigned status, std::string_view detail) = 0;
};

class Server {
 public:
  // One handler for each shard. `listen` is HOST:PORT; port 0 picks a free one. The error says why it can't be listened on.
  static std::expected<std::unique_ptr<Server>, std::string> start(runtime::Shards& shards, const std::string& listen,
                                                                   const ServerLimits& limits, std::vector<Handler*> handlers);
  virtual ~Server() = default;
  [[nodiscard]] virtual std::string address() const = 0;  // HOST:PORT as bound
  [[nodiscard]] virtual std::size_t connections() const = 0;
  [[nodiscard]] virtual Outbox& outbox(std::size_t shard) = 0;
  // No new connections; open WebSockets are closed with 1012 and a random reconnect delay hint in the reason
  // ("restarting; retry_ms=1234"), running requests are answered. Returns when all are gone or the deadline has passed; then
  // what is left is cut off.
  virtual void stop(std::chrono::milliseconds deadline) = 0;
};

}  // namespace parley::net
