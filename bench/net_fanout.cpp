// What lib/net alone costs: rooms in memory, nothing stored, in the smallest protocol a chat could have. "J<room>" joins
// (answered "j"), "S<id> <room> <payload>" sends "P<payload>" to all in the room and is answered "A<id>"; `GET /…` answers with
// the same 8 KiB each time.
//
//   net_fanout [HOST:PORT]     one shard; pin it to a core and count its CPU time
#include <algorithm>
#include <cstdio>
#include <string>
#include <unordered_map>
#include <vector>

#include "net/server.hpp"
#include "runtime/signals.hpp"

namespace {

namespace net = parley::net;
namespace asio = boost::asio;

class Rooms {
 public:
  void join(const std::string& room, net::WebSocket& socket) { rooms_[room].push_back(&socket); }
  void leave(net::WebSocket& socket) {
    for (auto& [name, sockets] : rooms_) std::erase(sockets, &socket);
  }
  void publish(const std::string& room, const net::SharedFrame& frame) {
    for (net::WebSocket* socket : rooms_[room]) socket->send(frame);
  }

 private:
  std::unordered_map<std::string, std::vector<net::WebSocket*>> rooms_;
};

void on_message(Rooms& rooms, net::WebSocket& socket, std::string_view message) {
  if (message.starts_with('J')) {
    rooms.join(std::string(message.substr(1)), socket);
    socket.send(net::make_frame("j"));
  } else if (message.starts_with('S')) {
    const auto id = message.substr(1, message.find(' ') - 1);
    const auto rest = message.substr(id.size() + 2);
    const auto room = rest.substr(0, rest.find(' '));
    rooms.publish(std::string(room), net::make_frame("P" + std::string(rest.substr(room.size() + 1))));
    socket.send(net::make_frame("A" + std::string(id)));
  }
}

asio::awaitable<void> session(Rooms* rooms, std::unique_ptr<net::WebSocket> socket) {
  while (const auto message = co_await socket->read()) on_message(*rooms, *socket, *message);
  rooms->leave(*socket);
}

class PlainHandler : public net::Handler {
 public:
  asio::awaitable<net::HttpResponse> handle(net::HttpRequest /*request*/) override {
    co_return net::HttpResponse{200, {{"Content-Type", "application/json"}}, std::string(8192, 'x')};
  }
  asio::awaitable<net::Taken> upgrade(const net::HttpRequest& /*request*/) override {
    co_return net::Upgrade{"", false,
                           [this](std::unique_ptr<net::WebSocket> socket) { return session(&rooms_, std::move(socket)); }};
  }
  net::HttpResponse refuse(unsigned status, std::string_view detail) override { return {status, {}, std::string(detail)}; }

 private:
  Rooms rooms_;
};

}  // namespace

int main(int argc, char** argv) {
  parley::runtime::StopSignal stop;
  parley::runtime::Shards shards(1);
  PlainHandler handler;
  const auto server = net::Server::start(shards, argc > 1 ? argv[1] : "127.0.0.1:0", {}, {&handler});
  if (!server) {
    std::fprintf(stderr, "%s\n", server.error().c_str());
    return 1;
  }
  shards.start();
  std::printf("%s\n", (*server)->address().c_str());
  std::fflush(stdout);
  stop.wait();
  (*server)->stop(std::chrono::milliseconds(1000));
  shards.stop();
}
