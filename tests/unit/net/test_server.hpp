// A server of one shard on a free port, with a handler that does what its tests ask for.
#pragma once

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "net/server.hpp"
#include "tests/unit/net/tcp_client.hpp"

namespace parley::net {

// HTTP: /echo answers with method, target and body; /headers with the headers, a line each; /throw throws; /big answers with 8
// MiB; /empty with 204; /wait waits for release(). WebSocket: /refused is refused; any other path speaks the commands of
// on_command(); /batch batches.
class TestHandler : public Handler {
 public:
  boost::asio::awaitable<HttpResponse> handle(HttpRequest request) override;
  boost::asio::awaitable<Taken> upgrade(const HttpRequest& request) override;
  HttpResponse refuse(unsigned status, std::string_view detail) override;

  // On the shard.
  void use(boost::asio::io_context& shard) { gate_ = std::make_unique<boost::asio::steady_timer>(shard, kPatience); }
  void release() { gate_->cancel(); }
  void publish(const SharedFrame& frame);

  std::atomic<int> requests{0};
  std::atomic<int> waiting{0};
  std::atomic<int> last_closed{0};       // the code with which a session's reading ended last
  std::atomic<std::size_t> sessions{0};  // that run

 private:
  static boost::asio::awaitable<void> session(TestHandler* self, std::unique_ptr<WebSocket> socket);
  // "burst COUNT SIZE": so many frames at once, numbered; "close CODE REASON"; "all TEXT": to every session; "leave": the
  // session ends; "throw"; anything else comes back.
  bool on_command(WebSocket& socket, std::string_view command);

  std::unique_ptr<boost::asio::steady_timer> gate_;
  std::vector<WebSocket*> sockets_;
};

class TestServer {
 public:
  explicit TestServer(const ServerLimits& limits = {});
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  [[nodiscard]] std::string address() const { return server_->address(); }
  Server& server() { return *server_; }
  TestHandler& handler() { return handler_; }
  void on_shard(const std::function<void()>& action);  // and waits for it

 private:
  runtime::Shards shards_{1};
  TestHandler handler_;
  std::unique_ptr<Server> server_;
};

}  // namespace parley::net
