// What a client gets in without a token of its own issuer: development tokens, and tickets for browsers' WebSockets.
//
// Concurrency: any shard. Ownership: outlives the doors it serves. Limits: at most kMaxTickets unused tickets; a ticket lives
// 30 s and is good once, with the ingest process that gave it.
#pragma once

#include "api/door.hpp"
#include "runtime/expiring_map.hpp"

namespace parley::ingest {

class Tokens {
 public:
  // `development`: tokens for any name are issued under this secret.
  Tokens(auth::VerifierOptions options, bool development, const runtime::Clock& clock)
      : options_(std::move(options)), development_(development), clock_(clock), tickets_(kMaxTickets) {}
  void serve(api::Door& door);
  std::optional<auth::Identity> redeem(std::string_view ticket);

 private:
  boost::asio::awaitable<net::HttpResponse> create_dev_token(api::Call call);
  boost::asio::awaitable<net::HttpResponse> create_ticket(api::Call call);

  static constexpr std::size_t kMaxTickets = 100'000;
  auth::VerifierOptions options_;
  bool development_;
  const runtime::Clock& clock_;
  runtime::ExpiringMap<auth::Identity> tickets_;
};

}  // namespace parley::ingest
