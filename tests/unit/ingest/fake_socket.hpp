// A WebSocket without a network: it notes what the hub sends.
#pragma once

#include <optional>
#include <vector>

#include "net/websocket.hpp"

namespace parley::ingest {

class FakeSocket final : public net::WebSocket {
 public:
  boost::asio::awaitable<std::expected<std::string_view, net::Closed>> read() override {
    co_return std::unexpected(net::Closed{closed.value_or(1006)});
  }
  void send(net::SharedFrame frame) override {
    if (!closed) sent.emplace_back(frame->text());
  }
  void close(std::uint16_t code, std::string_view) override {
    if (!closed) closed = code;
  }
  [[nodiscard]] bool closing() const override { return closed.has_value(); }
  [[nodiscard]] std::size_t queued_bytes() const override { return queued; }
  [[nodiscard]] bool batches() const override { return false; }

  std::vector<std::string> sent;
  std::size_t queued = 10;
  std::optional<std::uint16_t> closed;
};

}  // namespace parley::ingest
