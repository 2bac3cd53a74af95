#include "tests/unit/net/test_server.hpp"

#include <sstream>
#include <stdexcept>

namespace parley::net {
namespace {

namespace asio = boost::asio;

void burst(WebSocket& socket, std::size_t count, std::size_t size) {
  for (std::size_t i = 0; i < count; ++i) {
    std::string text = std::to_string(i) + ":";
    text.resize(std::max(size, text.size()), 'x');
    socket.send(make_frame(text));
  }
}

}  // namespace

asio::awaitable<HttpResponse> TestHandler::handle(HttpRequest request) {
  ++requests;
  if (request.path() == "/headers") {
    std::string lines;
    for (const auto& [name, value] : request.headers) lines += name + ": " + value + "\n";
    co_return HttpResponse{200, {}, std::move(lines)};
  }
  if (request.path() == "/throw") throw std::runtime_error("as asked");
  if (request.path() == "/big") co_return HttpResponse{200, {}, std::string(8 << 20, 'b')};
  if (request.path() == "/empty") co_return HttpResponse{204, {}, {}};
  if (request.path() == "/wait") {
    ++waiting;
    boost::system::error_code ignored;
    co_await gate_->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  co_return HttpResponse{
      200, {{"X-Path", std::string(request.path())}}, request.method + " " + request.target + "\n" + request.body};
}

asio::awaitable<Taken> TestHandler::upgrade(const HttpRequest& request) {
  if (request.path() == "/refused") co_return std::unexpected(HttpResponse{401, {}, "who are you?"});
  if (request.path() == "/throw") throw std::runtime_error("as asked");
  const bool batch = request.path() == "/batch";
  co_return Upgrade{batch ? "parley.v1.batch" : "", batch,
                    [this](std::unique_ptr<WebSocket> socket) { return session(this, std::move(socket)); }};
}

HttpResponse TestHandler::refuse(unsigned status, std::string_view detail) {
  return {status, {{"Content-Type", "application/problem+json"}}, "{\"detail\":\"" + std::string(detail) + "\"}"};
}

asio::awaitable<void> TestHandler::session(TestHandler* self, std::unique_ptr<WebSocket> socket) {
  self->sockets_.push_back(socket.get());
  ++self->sessions;
  const auto leave = [self, raw = socket.get()](void*) {
    std::erase(self->sockets_, raw);
    --self->sessions;
  };
  const std::unique_ptr<void, decltype(leave)> member(self, leave);
  for (;;) {
    const auto message = co_await socket->read();
    if (!message) {
      self->last_closed = message.error().code;
      co_return;
    }
    if (!self->on_command(*socket, *message)) co_return;
  }
}

bool TestHandler::on_command(WebSocket& socket, std::string_view command) {
  std::istringstream words{std::string(command)};
  std::string verb;
  words >> verb;
  if (verb == "leave") return false;
  if (verb == "throw") throw std::runtime_error("as asked");
  if (verb == "burst") {
    std::size_t count = 0;
    std::size_t size = 0;
    words >> count >> size;
    burst(socket, count, size);
  } else if (verb == "close") {
    int code = 0;
    words >> code;
    socket.close(static_cast<std::uint16_t>(code), "as asked");
  } else if (verb == "all") {
    publish(make_frame(command.substr(4)));
  } else {
    socket.send(make_frame(command));
  }
  return true;
}

void TestHandler::publish(const SharedFrame& frame) {
  for (WebSocket* socket : sockets_) socket->send(frame);
}

TestServer::TestServer(const ServerLimits& limits) {
  handler_.use(shards_[0]);
  auto started = Server::start(shards_, "127.0.0.1:0", limits, {&handler_});
  EXPECT_TRUE(started) << (started ? "" : started.error());
  server_ = std::move(*started);
  shards_.start();
}

TestServer::~TestServer() {
  server_->stop(std::chrono::milliseconds(0));
  shards_.stop();
}

void TestServer::on_shard(const std::function<void()>& action) {
  std::promise<void> done;
  asio::post(shards_[0], [&] {
    action();
    done.set_value();
  });
  done.get_future().wait();
}

}  // namespace parley::net
