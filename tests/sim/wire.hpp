// The network between a client and its session: two queues, of which the one to the client is bounded.
//
// Concurrency: one thread. Ownership: shared by the client and the socket that the session owns.
#pragma once

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <optional>
#include <utility>

#include "codec/close_code.hpp"
#include "net/websocket.hpp"

namespace parley::sim {

struct Wire {
  // `now` counts the run's steps.
  Wire(std::size_t max_queued, const std::uint64_t& now) : max_queued_bytes(max_queued), time(now) {}

  // --- the client's end
  void say(std::string text) {
    up.push_back(std::move(text));
    wake();
  }
  void hang_up() {
    hung_up = true;
    wake();
  }
  // The next text; none: nothing has come yet, or nothing comes any more.
  std::optional<std::string> hear() {
    if (down.empty()) return std::nullopt;
    auto text = std::move(down.front());
    down.pop_front();
    queued_bytes -= text.size();
    return text;
  }
  [[nodiscard]] bool over() const { return hung_up || (closed && down.empty()); }

  void wake() const {
    if (reader != nullptr) reader->cancel();
  }

  std::size_t max_queued_bytes;
  const std::uint64_t& time;
  std::deque<std::string> up;
  std::deque<std::string> down;
  std::size_t queued_bytes = 0;
  std::optional<std::uint64_t> hello_at;  // the first that is sent is hello
  std::optional<std::uint16_t> closed;    // by the session's side
  bool hung_up = false;                   // by the client
  boost::asio::steady_timer* reader = nullptr;
};

class WireSocket final : public net::WebSocket {
 public:
  using Text = std::expected<std::string_view, net::Closed>;
  explicit WireSocket(std::shared_ptr<Wire> wire) : wire_(std::move(wire)) {}
  // With the process, if not before.
  ~WireSocket() override {
    wire_->reader = nullptr;
    if (!wire_->closed) wire_->closed = 1006;
  }
  WireSocket(const WireSocket&) = delete;
  WireSocket& operator=(const WireSocket&) = delete;

  boost::asio::awaitable<Text> read() override {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    while (wire_->up.empty() && !closing() && !wire_->hung_up) {
      timer.expires_at(boost::asio::steady_timer::time_point::max());
      wire_->reader = &timer;
      boost::system::error_code error;
      co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, error));
      wire_->reader = nullptr;
    }
    if (closing() || wire_->hung_up) co_return std::unexpected(net::Closed{wire_->closed.value_or(1006)});
    text_ = std::move(wire_->up.front());
    wire_->up.pop_front();
    co_return text_;
  }
  void send(net::SharedFrame frame) override {
    if (closing()) return;
    if (!wire_->hello_at) wire_->hello_at = wire_->time;
    if (wire_->queued_bytes + frame->text().size() > wire_->max_queued_bytes && !wire_->down.empty()) {
      wire_->down.clear();
      wire_->queued_bytes = 0;
      return close(static_cast<std::uint16_t>(codec::CloseCode::SlowConsumer), {});
    }
    wire_->down.emplace_back(frame->text());
    wire_->queued_bytes += frame->text().size();
  }
  void close(std::uint16_t code, std::string_view) override {
    if (closing()) return;
    wire_->closed = code;
    wire_->wake();
  }
  [[nodiscard]] bool closing() const override { return wire_->closed.has_value(); }
  [[nodiscard]] std::size_t queued_bytes() const override { return wire_->queued_bytes; }
  [[nodiscard]] bool batches() const override { return false; }

 private:
  std::shared_ptr<Wire> wire_;
  std::string text_;
};

}  // namespace parley::sim
