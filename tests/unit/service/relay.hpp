// A TCP relay on loopback that can fall silent without closing anything, as a network does that has lost a machine.
#pragma once

#include <array>
#include <atomic>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <thread>

namespace parley::service {

class Relay {
 public:
  explicit Relay(std::uint16_t target) : target_(target) {
    accept();
    thread_ = std::jthread([this] { context_.run(); });
  }
  ~Relay() { context_.stop(); }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  // From now on nothing passes, and whoever connects hears nothing.
  void fall_silent() { silent_ = true; }

 private:
  using Tcp = boost::asio::ip::tcp;
  struct Pipe {
    std::shared_ptr<Tcp::socket> from, to;
    std::array<char, 16384> buffer{};
  };

  static Tcp::endpoint loopback(std::uint16_t port) { return {boost::asio::ip::address_v4::loopback(), port}; }

  void accept() {
    acceptor_.async_accept([this](boost::system::error_code failed, Tcp::socket accepted) {
      if (failed) return;
      auto near = std::make_shared<Tcp::socket>(std::move(accepted));
      auto far = std::make_shared<Tcp::socket>(context_);
      boost::system::error_code refused;
      far->connect(loopback(target_), refused);
      if (!refused) {
        carry(std::make_shared<Pipe>(near, far));
        carry(std::make_shared<Pipe>(far, near));
      }
      accept();
    });
  }

  void carry(const std::shared_ptr<Pipe>& pipe) {
    pipe->from->async_read_some(boost::asio::buffer(pipe->buffer), [this, pipe](auto failed, std::size_t size) {
      if (silent_) return kept_.push_back(pipe);
      boost::system::error_code broken = failed;
      if (!broken) boost::asio::write(*pipe->to, boost::asio::buffer(pipe->buffer, size), broken);
      if (broken) return pipe->to->close(broken), void();
      carry(pipe);
    });
  }

  const std::uint16_t target_;
  boost::asio::io_context context_;
  Tcp::acceptor acceptor_{context_, loopback(0)};
  std::atomic<bool> silent_ = false;
  std::vector<std::shared_ptr<Pipe>> kept_;
  std::jthread thread_;
};

}  // namespace parley::service
