// How a dialect speaks over a WebSocket: what its handshake looks like, what its frames ask for, and what it says of the public
// contract's events. One table-like object for all its sockets: what differs from socket to socket is the Talk's.
//
// Concurrency: a Talk's shard. Ownership: constant; outlives every Talk.
#pragma once

#include "dialect/dialect.hpp"
#include "ingest/dialects/telling.hpp"

namespace parley::ingest::dialects {

using dialect::Json;
class Talk;

// What a handshake brought.
struct Handshake {
  net::HttpRequest request;
  std::vector<std::pair<std::string, std::string>> query;
  [[nodiscard]] std::optional<std::string> asked(std::string_view name) const {
    for (const auto& [key, value] : query)
      if (key == name) return value;
    return std::nullopt;
  }
};

class Speech {
 public:
  virtual ~Speech() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual std::string_view user_claim() const = 0;  // as dialect::Dialect's
  // Whether the handshake is one of its own. Dialects are asked in turn.
  [[nodiscard]] virtual bool is_meant(const Handshake& handshake) const = 0;
  [[nodiscard]] virtual std::optional<std::string> token_of(const Handshake& handshake) const = 0;
  // Whose pages may open it, besides those of the server's own list.
  [[nodiscard]] virtual std::span<const std::string_view> page_origins() const { return {}; }
  // Nobody is known: `why`.
  [[nodiscard]] virtual net::HttpResponse unauthenticated(std::string_view why) const = 0;
  // Only who has set his profile is one of its users; of others the handshake fails (unauthenticated).
  [[nodiscard]] virtual bool needs_profile() const { return false; }
  // A text that refuses the socket once it is open; empty: none does. Asked before the token.
  [[nodiscard]] virtual std::string refusal(const Handshake& handshake) const { return {}; }
  // Likewise of a token that is no good: `why`. Empty: the handshake fails (unauthenticated).
  [[nodiscard]] virtual std::string refusal_of_token(std::string_view why) const { return {}; }
  // Sends nothing of its own for so long: closed. 0: as the server's option says.
  [[nodiscard]] virtual std::chrono::milliseconds idle_timeout() const { return std::chrono::milliseconds(0); }

  // Once the socket hears events, and before its first frame is read. False: the Talk has been closed.
  virtual boost::asio::awaitable<bool> begin(Talk& talk, Handshake handshake) const { co_return true; }
  // A frame of the client's; the next is read when this is done.
  virtual boost::asio::awaitable<void> heard(Talk& talk, std::string_view text) const = 0;
  // An event of the public contract. False: it can't be told before more is known of its channel (Talk::channel).
  virtual bool tell(Talk& talk, Telling& telling) const = 0;
};

}  // namespace parley::ingest::dialects
