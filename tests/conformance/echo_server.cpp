// Sends every message back as it came, through lib/net. Says where on its first line of output, and runs until a signal.
#include <cstdio>

#include "net/server.hpp"
#include "runtime/log.hpp"
#include "runtime/signals.hpp"

namespace {

namespace net = parley::net;
namespace asio = boost::asio;

asio::awaitable<void> echo(std::unique_ptr<net::WebSocket> socket) {
  while (const auto message = co_await socket->read()) {
    socket->send(std::make_shared<const net::Frame>(*message, socket->kind()));
  }
}

class EchoHandler : public net::Handler {
 public:
  asio::awaitable<net::HttpResponse> handle(net::HttpRequest /*request*/) override { co_return net::HttpResponse{404, {}, {}}; }
  asio::awaitable<net::Taken> upgrade(const net::HttpRequest& /*request*/) override { co_return net::Upgrade{"", false, echo}; }
  net::HttpResponse refuse(unsigned status, std::string_view detail) override { return {status, {}, std::string(detail)}; }
};

}  // namespace

int main() {
  parley::runtime::StopSignal stop;
  parley::runtime::Shards shards(1);
  shards.start();
  EchoHandler handler;
  net::ServerLimits limits;
  limits.websocket.accept_binary = true;
  limits.websocket.max_message_bytes = 16 << 20;
  limits.websocket.max_queued_bytes = 64 << 20;
  const auto server = net::Server::start(shards, "127.0.0.1:0", limits, {&handler});
  if (!server) {
    std::fprintf(stderr, "%s\n", server.error().c_str());
    return 1;
  }
  std::printf("%s\n", (*server)->address().c_str());
  std::fflush(stdout);
  stop.wait();
  (*server)->stop(std::chrono::milliseconds(1000));
  shards.stop();
}
