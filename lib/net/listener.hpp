// The socket that listens: accepts connections straight onto their shards, round robin.
//
// Concurrency: runs on the first shard; stop() from any thread. Limits: over max_connections a connection is answered with 429;
// when the process is out of descriptors, accepting pauses instead of spinning.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "net/outbound.hpp"
#include "net/server_shard.hpp"

namespace parley::net {

class Listener : public std::enable_shared_from_this<Listener> {
 public:
  using Shards = std::vector<std::shared_ptr<ServerShard>>;

  // Bound, not yet accepting. The error says why it can't be.
  static std::expected<std::shared_ptr<Listener>, std::string> bind(Shards shards, std::shared_ptr<ConnectionCount> count,
                                                                    const std::string& listen);
  Listener(Shards shards, std::shared_ptr<ConnectionCount> count);

  void start();
  void stop();
  [[nodiscard]] std::string address() const;

 private:
  static boost::asio::awaitable<void> accept_all(std::shared_ptr<Listener> self);
  void admit(TcpSocket socket, const std::shared_ptr<ServerShard>& shard);
  boost::asio::awaitable<void> pause();

  const Shards shards_;
  const std::shared_ptr<ConnectionCount> count_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
};

}  // namespace parley::net
