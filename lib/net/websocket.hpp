// One accepted WebSocket (RFC 6455), and the frames that go out on many.
//
// Operation: send() queues a shared frame and returns; what waits for a socket goes out in as few writes as possible when its
// shard's Outbox flushes (by itself at the end of the loop's turn, or when the hub says so). With `batch` several texts share
// one WebSocket message, a line each, up to kMaxBatchBytes.
// Concurrency: everything on the socket's shard. Ownership: the session owns the WebSocket; frames are shared and immutable.
// Limits: see WsLimits. A queue over its bound drops what waits and closes with 4408: the client resumes and loses nothing.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace parley::net {

inline constexpr std::size_t kMaxBatchBytes = 64 << 10;

enum class MessageKind : std::uint8_t { Text = 1, Binary = 2 };  // RFC 6455's opcodes

// A text for clients, with the header of the WebSocket message that holds it alone in front (server frames are not masked, so
// one encoding serves every socket). A binary one is for sockets without `batch`.
class Frame {
 public:
  explicit Frame(std::string_view text, MessageKind kind = MessageKind::Text);
  [[nodiscard]] std::string_view message() const { return bytes_; }  // header and text
  [[nodiscard]] std::string_view text() const { return std::string_view(bytes_).substr(header_); }

 private:
  std::string bytes_;
  std::size_t header_ = 0;
};
using SharedFrame = std::shared_ptr<const Frame>;
inline SharedFrame make_frame(std::string_view text) { return std::make_shared<const Frame>(text); }

struct WsLimits {
  std::size_t max_message_bytes = 64 << 10;        // from a client; beyond: 1009
  std::size_t max_queued_bytes = 1 << 20;          // to a client, of several frames; beyond: 4408
  std::chrono::milliseconds ping_interval{25000};  // two unanswered: gone; 0: no pings
  std::chrono::milliseconds idle_timeout{0};       // sends nothing of its own for so long: closed with 1001; 0: never
  std::chrono::milliseconds close_timeout{5000};   // for the closing handshake and what is left in the queue
  bool accept_binary = false;                      // otherwise a binary message closes with 1003
};

struct Closed {
  std::uint16_t code = 1006;  // the peer's or ours; 1005: the peer gave none; 1006: the connection broke
};

class WebSocket {
 public:
  virtual ~WebSocket() = default;
  // The next text message; the view is valid until the next read(). A binary message closes with 1003, bad UTF-8 with 1007.
  virtual boost::asio::awaitable<std::expected<std::string_view, Closed>> read() = 0;
  // Of the message that read() returned last.
  [[nodiscard]] virtual MessageKind kind() const { return MessageKind::Text; }
  virtual void send(SharedFrame frame) = 0;
  // Lets what is queued go out, then closes; reads end with Closed. A second call does nothing.
  virtual void close(std::uint16_t code, std::string_view reason) = 0;
  [[nodiscard]] virtual bool closing() const = 0;
  [[nodiscard]] virtual std::size_t queued_bytes() const = 0;
  [[nodiscard]] virtual bool batches() const = 0;
};

// Of one shard: the sockets that have something to send.
class Outbox {
 public:
  virtual ~Outbox() = default;
  // Writes to every socket that has something waiting: one system call each, and one encoding for all those that wait for
  // the same frames.
  virtual void flush() = 0;
};

}  // namespace parley::net
