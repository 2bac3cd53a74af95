// WebSocket frames as a server sends them: not masked, never fragmented.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "net/websocket.hpp"

namespace parley::net {

inline constexpr std::uint8_t kOpText = 1;
inline constexpr std::uint8_t kOpClose = 8;
inline constexpr std::uint8_t kOpPing = 9;

// Is it the first byte of a whole close frame?
inline bool starts_close_frame(char first) { return static_cast<std::uint8_t>(first) == (0x80 | kOpClose); }

void append_frame_header(std::uint8_t opcode, std::size_t length, std::string& out);
std::string control_frame(std::uint8_t opcode, std::string_view payload);  // REQUIRES: at most 125 bytes
std::string close_frame(std::uint16_t code, std::string_view reason);      // a reason that is too long is cut at a character

// The messages that hold these frames. With `batch` as many texts share a message, a line each, as fit in kMaxBatchBytes.
void append_messages(std::span<const SharedFrame> frames, bool batch, std::string& out);

}  // namespace parley::net
