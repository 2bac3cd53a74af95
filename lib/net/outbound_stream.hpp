// The stream under Beast's WebSocket: reads come from the socket, writes join the connection's outbound queue whole, so that a
// pong or a close of Beast's never cuts into a frame of ours.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/system/error_code.hpp>
#include <memory>
#include <string>

#include "net/outbound.hpp"
#include "net/ws_frame.hpp"

namespace parley::net {

class OutboundStream {
 public:
  using executor_type = TcpSocket::executor_type;

  // `early`: what the peer sent right behind its handshake; read first.
  OutboundStream(std::shared_ptr<Outbound> outbound, std::string early)
      : outbound_(std::move(outbound)), early_(std::move(early)) {}

  executor_type get_executor() { return outbound_->socket().get_executor(); }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [this](auto&& handler, const Buffers& into) {
          if (early_.empty()) {
            outbound_->socket().async_read_some(into, std::forward<decltype(handler)>(handler));
          } else {
            complete(std::forward<decltype(handler)>(handler), take_early(into));
          }
        },
        token, buffers);
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [this](auto&& handler, const Buffers& from) { complete(std::forward<decltype(handler)>(handler), queue(from)); }, token,
        buffers);
  }

 private:
  template <class Handler>
  void complete(Handler&& handler, std::size_t bytes) {
    boost::asio::post(get_executor(),
                      boost::beast::bind_front_handler(std::forward<Handler>(handler), boost::system::error_code(), bytes));
  }

  template <class Buffers>
  std::size_t take_early(const Buffers& into) {
    const std::size_t taken = boost::asio::buffer_copy(into, boost::asio::buffer(early_));
    early_.erase(0, taken);
    if (early_.empty()) early_.shrink_to_fit();
    return taken;
  }

  // Beast hands over one whole frame, or the answer to the handshake, at a time.
  template <class Buffers>
  std::size_t queue(const Buffers& from) {
    std::string bytes(boost::asio::buffer_size(from), '\0');
    boost::asio::buffer_copy(boost::asio::buffer(bytes), from);
    if (!bytes.empty() && starts_close_frame(bytes.front())) {
      outbound_->send_close(bytes);
    } else {
      outbound_->send_control(bytes);
    }
    return bytes.size();
  }

  std::shared_ptr<Outbound> outbound_;
  std::string early_;
};

// Beast is done with the stream; what is still queued goes out, and the WebSocket ends the connection.
template <class Handler>
void async_teardown(boost::beast::role_type /*role*/, OutboundStream& stream, Handler&& handler) {
  boost::asio::post(stream.get_executor(),
                    boost::beast::bind_front_handler(std::forward<Handler>(handler), boost::system::error_code()));
}
inline void beast_close_socket(OutboundStream& /*stream*/) {}  // Beast's own time-outs are off

}  // namespace parley::net
