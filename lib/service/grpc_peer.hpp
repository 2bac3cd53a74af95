// The way to another process of Parley: where it is, the secret that it asks for, and how soon its silence is noticed.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "service/shared_secret.hpp"

namespace grpc {
class Channel;
class ClientContext;
}  // namespace grpc

namespace parley::service {

// A peer that answers no ping for ping_after + give_up_after is dead: its streams end.
struct Keepalive {
  std::chrono::milliseconds ping_after{5000};
  std::chrono::milliseconds give_up_after{4000};
};

// The largest message that either side takes: a page of messages, a user's channels.
inline constexpr int kMaxMessageBytes = 32 * 1024 * 1024;

// The metadata that a call carries the shared secret in.
inline constexpr const char* kSecretMetadata = "parley-internal-secret";

struct Peer {
  std::string target;  // HOST:PORT
  SharedSecret secret;
  Keepalive keepalive;
};

// Connects when first used, and again whenever it has to, waiting 100 ms to 2 s between attempts. Not encrypted: the network
// between Parley's processes is taken to be private.
std::shared_ptr<grpc::Channel> open_channel(const Peer& peer);

// Lets a call pass the other side's door.
void present(const SharedSecret& secret, grpc::ClientContext& context);

}  // namespace parley::service
