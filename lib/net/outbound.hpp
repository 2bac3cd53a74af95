// A WebSocket's TCP connection with what waits to be sent on it, in the order in which it goes out: the rest of the last write,
// control frames of Beast's and ours, data frames, the close frame. Nothing cuts into a frame, and nothing follows a close.
//
// Operation: the shard's Outbox has it write what the kernel takes; the rest goes on by itself when the socket
// is writable, together with what has gathered meanwhile. Concurrency: its shard's. Ownership: shared by the WebSocket and a
// wait for the socket. Limits: send() refuses when more than max_bytes would wait that the kernel does not take, besides the
// write that was begun; then it is the owner's turn to close. A single frame may be of any size.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/websocket.hpp"

namespace parley::net {

class ShardOutbox;
using TcpSocket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

class Outbound : public std::enable_shared_from_this<Outbound> {
 public:
  struct Options {
    bool batch = false;
    std::size_t max_bytes = 0;  // of data frames of which nothing has gone out
  };

  Outbound(TcpSocket socket, std::shared_ptr<ShardOutbox> outbox, const Options& options);
  ~Outbound();
  Outbound(const Outbound&) = delete;
  Outbound& operator=(const Outbound&) = delete;

  // False: it would be too much, and was not queued.
  [[nodiscard]] bool send(SharedFrame frame);
  // Goes out ahead of data: a whole control frame, or the answer to the handshake. A peer that asks for more pongs than it
  // reads gets fewer.
  void send_control(std::string_view bytes);
  // The last frame. Nothing is queued after it.
  void send_close(std::string_view frame);
  void drop_data();  // all frames of which nothing has gone out

  // Of this socket alone; the Outbox flushes all that have something waiting.
  void flush();

  TcpSocket& socket() { return socket_; }
  [[nodiscard]] bool closing() const { return closing_; }
  [[nodiscard]] bool batches() const { return options_.batch; }
  [[nodiscard]] std::size_t bytes() const { return rest_.size() + control_.size() + data_bytes_ + close_.size(); }
  // Nothing waits that could still be sent.
  [[nodiscard]] bool drained() const { return bytes() == 0; }

 private:
  friend class ShardOutbox;

  [[nodiscard]] bool accepts() const { return !closing_ && !broken_; }
  [[nodiscard]] bool is_too_much(std::size_t more) const { return !data_.empty() && data_bytes_ + more > options_.max_bytes; }
  void mark();
  // As flush(), for several sockets that may share what is composed. REQUIRES: forget_composed() after the last of them.
  void write_what_waits();
  [[nodiscard]] bool has_more() const { return !control_.empty() || !data_.empty() || !close_.empty(); }
  void write_next();
  void write_data();
  void write_own(std::string& bytes);
  // What the kernel does not take becomes the rest; `owner` holds the bytes.
  void write(std::string_view bytes, const std::shared_ptr<const void>& owner);
  std::size_t try_write(std::string_view bytes);
  void wait_until_writable();
  void go_on();
  void forget_data(std::size_t frames);
  void break_off();

  TcpSocket socket_;
  const std::shared_ptr<ShardOutbox> outbox_;
  const Options options_;
  bool closing_ = false;
  bool broken_ = false;                     // the peer takes nothing any more
  std::size_t mark_ = 0;                    // its place among the outbox's dirty sockets, from 1; 0: not among them
  std::string_view rest_;                   // of the write that was begun …
  std::shared_ptr<const void> rest_owner_;  // … and what holds its bytes
  std::string control_;
  std::vector<SharedFrame> data_;
  std::size_t data_bytes_ = 0;
  std::string close_;
};

}  // namespace parley::net
