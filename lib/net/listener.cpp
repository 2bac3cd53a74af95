#include "net/listener.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "net/http_connection.hpp"
#include "runtime/log.hpp"

namespace parley::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kPause{100};
constexpr int kBacklog = 4096;
// Connections over the limit are told so, as long as there are not many more of them, nor more than the limit lets in: then
// they are just closed.
constexpr std::size_t kToldSo = 256;

struct HostPort {
  std::string host;
  std::string port;
};

std::expected<HostPort, std::string> split(const std::string& listen) {
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos || colon + 1 == listen.size()) return std::unexpected("not HOST:PORT: " + listen);
  std::string host = listen.substr(0, colon);
  if (host.size() > 1 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  return HostPort{.host = host, .port = listen.substr(colon + 1)};
}

std::expected<tcp::endpoint, std::string> resolve(asio::io_context& context, const std::string& listen) {
  const auto parts = split(listen);
  if (!parts) return std::unexpected(parts.error());
  error_code error;
  const auto found = tcp::resolver(context).resolve(parts->host, parts->port, tcp::resolver::passive, error);
  if (error || found.empty()) return std::unexpected("can't listen on " + listen + ": " + error.message());
  return found.begin()->endpoint();
}

error_code open_and_bind(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(kBacklog, error);
  return error;
}

}  // namespace

Listener::Listener(Shards shards, std::shared_ptr<ConnectionCount> count)
    : shards_(std::move(shards)),
      count_(std::move(count)),
      acceptor_(shards_.front()->context),
      pause_(shards_.front()->context) {}

std::expected<std::shared_ptr<Listener>, std::string> Listener::bind(Shards shards, std::shared_ptr<ConnectionCount> count,
                                                                     const std::string& listen) {
  auto listener = std::make_shared<Listener>(std::move(shards), std::move(count));
  const auto endpoint = resolve(listener->shards_.front()->context, listen);
  if (!endpoint) return std::unexpected(endpoint.error());
  const error_code error = open_and_bind(listener->acceptor_, *endpoint);
  if (error) return std::unexpected("can't listen on " + listen + ": " + error.message());
  return listener;
}

void Listener::start() { asio::co_spawn(shards_.front()->context, accept_all(shared_from_this()), asio::detached); }

void Listener::stop() {
  asio::post(shards_.front()->context, [self = shared_from_this()] {
    error_code ignored;
    self->acceptor_.close(ignored);
    self->pause_.cancel();
  });
}

std::string Listener::address() const {
  error_code error;
  const auto endpoint = acceptor_.local_endpoint(error);
  const std::string host = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(endpoint.port());
}

asio::awaitable<void> Listener::accept_all(std::shared_ptr<Listener> self) {
  bool told = false;  // once for a time of trouble, not ten times a second
  for (std::size_t next = 0; self->acceptor_.is_open(); next = (next + 1) % self->shards_.size()) {
    const auto& shard = self->shards_[next];
    auto [error, socket] = co_await self->acceptor_.async_accept(shard->context, kTuple);
    if (!error) {
      self->admit(std::move(socket), shard);
      told = false;
    } else if (error != asio::error::connection_aborted && self->acceptor_.is_open()) {
      if (!std::exchange(told, true)) spdlog::warn("can't accept connections: {}", error.message());
      co_await self->pause();
    }
  }
}

void Listener::admit(TcpSocket socket, const std::shared_ptr<ServerShard>& shard) {
  const std::size_t most = shard->limits.max_connections;
  if (count_->value() >= most + std::min(most, kToldSo)) return;
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  const auto admission = count_->value() < most ? Admission::Welcome : Admission::TooMany;
  start_http_connection(shard, std::move(socket), ConnectionSlot(count_), admission);
}

// Out of descriptors or of memory: the connection stays in the backlog, and to try again at once would spin.
asio::awaitable<void> Listener::pause() {
  pause_.expires_after(kPause);
  co_await pause_.async_wait(kTuple);
}

}  // namespace parley::net
