// A WebSocket client for tests that sees every frame and may break every rule.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tests/unit/net/tcp_client.hpp"

namespace parley::net {

inline constexpr int kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10;

struct ReceivedFrame {
  int opcode = 0;
  bool final = true;
  std::string payload;

  [[nodiscard]] int close_code() const {
    if (opcode != kClose || payload.size() < 2) return 0;
    return static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]);
  }
  [[nodiscard]] std::string close_reason() const { return payload.size() < 2 ? "" : payload.substr(2); }
};

inline std::string handshake(std::string_view target, std::string_view more = "") {
  return "GET " + std::string(target) +
         " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
         std::string(more) + "\r\n";
}

// As a client sends it: masked, with a mask of zeros.
inline std::string client_frame(int opcode, std::string_view payload, bool final = true) {
  std::string frame(1, static_cast<char>(opcode | (final ? 0x80 : 0)));
  const std::size_t size = payload.size();
  if (size < 126) {
    frame += static_cast<char>(0x80 | size);
  } else if (size < 65536) {
    frame += static_cast<char>(0x80 | 126);
    frame += static_cast<char>(size >> 8);
    frame += static_cast<char>(size & 0xff);
  } else {
    frame += static_cast<char>(0x80 | 127);
    for (int shift = 56; shift >= 0; shift -= 8) frame += static_cast<char>(size >> shift & 0xff);
  }
  return frame.append(4, '\0').append(payload);
}

inline std::string close_payload(int code) { return {static_cast<char>(code >> 8), static_cast<char>(code & 0xff)}; }

class WsClient : public TcpClient {
 public:
  // `early`: sent together with the handshake.
  WsClient(const std::string& address, std::string_view target, std::string_view early = "", int receive_buffer = 0)
      : TcpClient(address, receive_buffer) {
    send(handshake(target) + std::string(early));
    head_ = take_until("\r\n\r\n");
    EXPECT_TRUE(head_.starts_with("HTTP/1.1 101")) << head_;
  }

  [[nodiscard]] const std::string& head() const { return head_; }
  bool send_text(std::string_view text) { return send(client_frame(kText, text)); }

  // None: the connection ended, or in the middle of a frame.
  std::optional<ReceivedFrame> read_frame() {
    const std::string start = take(2);
    if (start.size() < 2) return std::nullopt;
    EXPECT_EQ(start[1] & 0x80, 0) << "a server's frame is not masked";
    EXPECT_EQ(start[0] & 0x70, 0) << "no extension was agreed on";
    ReceivedFrame frame{start[0] & 0x0f, (start[0] & 0x80) != 0, {}};
    const auto short_size = static_cast<std::size_t>(start[1] & 0x7f);
    const std::size_t size = short_size < 126 ? short_size : take_size(short_size == 126 ? 2 : 8);
    frame.payload = take(size);
    if (frame.payload.size() < size) return std::nullopt;
    return frame;
  }
  // The next one that is no ping or pong.
  std::optional<ReceivedFrame> read_message() {
    auto frame = read_frame();
    while (frame && frame->opcode > kClose) frame = read_frame();
    return frame;
  }
  std::string read_text() {
    const auto frame = read_message();
    EXPECT_TRUE(frame && frame->opcode == kText);
    return frame ? frame->payload : "";
  }
  // The code of the close frame that comes next, which is answered; 0: none came.
  int read_close() {
    auto frame = read_message();
    while (frame && frame->opcode != kClose) frame = read_message();
    if (!frame) return 0;
    send(client_frame(kClose, frame->payload));
    return frame->close_code();
  }

 private:
  std::size_t take_size(std::size_t bytes) {
    std::size_t size = 0;
    for (const char c : take(bytes)) size = size << 8 | static_cast<unsigned char>(c);
    return size;
  }

  std::string head_;
};

}  // namespace parley::net
