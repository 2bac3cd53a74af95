// One TCP connection that speaks HTTP/1.1: requests one after another, each answered in one write, until it is closed or
// becomes a WebSocket.
#pragma once

#include <memory>

#include "net/outbound.hpp"
#include "net/server_shard.hpp"

namespace parley::net {

enum class Admission : std::uint8_t { Welcome, TooMany };  // TooMany: answered with 429 and closed

// Runs it on its shard, which may be another than the caller's.
void start_http_connection(std::shared_ptr<ServerShard> shard, TcpSocket socket, ConnectionSlot slot, Admission admission);

}  // namespace parley::net
