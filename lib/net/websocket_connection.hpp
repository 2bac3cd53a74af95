// A connection from the moment its upgrade is granted: the handshake's answer, the session, and the end.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "net/outbound.hpp"
#include "net/server_shard.hpp"

namespace parley::net {

struct Handshake {
  std::string key;    // Sec-WebSocket-Key, as sent
  std::string early;  // what came right behind the request
  Upgrade upgrade;
};

// Answers the handshake and runs the session to its end. The connection may outlive it by its closing handshake.
boost::asio::awaitable<void> run_websocket(std::shared_ptr<ServerShard> shard, TcpSocket socket, ConnectionSlot slot,
                                           Handshake handshake);

}  // namespace parley::net
