#include "net/outbound.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <optional>

#include "net/outbox.hpp"
#include "tests/unit/net/tcp_client.hpp"

namespace parley::net {
namespace {

namespace asio = boost::asio;

// Two sockets of one shard, and their peers.
class OutboundTest : public ::testing::Test {
 protected:
  std::shared_ptr<Outbound> accept() {
    return std::make_shared<Outbound>(TcpSocket(acceptor_.accept(context_)), outbox_, Outbound::Options{.max_bytes = 1 << 20});
  }
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }

  asio::io_context context_;
  std::shared_ptr<ShardOutbox> outbox_ = std::make_shared<ShardOutbox>(context_);
  asio::ip::tcp::acceptor acceptor_{context_, {asio::ip::address_v4::loopback(), 0}};
  TcpClient peer_{address()};
  std::shared_ptr<Outbound> one_ = accept();
  TcpClient other_peer_{address()};
  std::shared_ptr<Outbound> other_ = accept();
};

// The memory of frames that are gone is used again: what was composed of the first must not be taken for the second.
TEST_F(OutboundTest, WhatOneSocketWasSentByItselfIsNotSentToAnother) {
  std::array<std::optional<Frame>, 2> memory;
  const auto send = [&](Outbound& outbound, std::string_view text) {
    for (auto& frame : memory) {
      frame.emplace(text);
      EXPECT_TRUE(outbound.send({&*frame, [](const Frame*) {}}));
    }
  };
  const auto twice = [](std::string_view text) {
    const std::string message(Frame(text).message());
    return message + message;
  };
  send(*one_, "for one alone");
  one_->flush();
  send(*other_, "for the other");
  outbox_->flush();
  EXPECT_EQ(peer_.take(twice("for one alone").size()), twice("for one alone"));
  EXPECT_EQ(other_peer_.take(twice("for the other").size()), twice("for the other"));
}

}  // namespace
}  // namespace parley::net
