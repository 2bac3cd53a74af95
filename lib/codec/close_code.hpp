// Why the server closes a WebSocket: numbers that clients act on.
#pragma once

#include <cstdint>
#include <string_view>

namespace parley::codec {

enum class CloseCode : std::uint16_t {
  Idle = 1001,        // it sent nothing of its own for too long (--idle-timeout)
  Restarting = 1012,  // come back after the delay that the reason says
  UnsupportedData = 1003,
  InvalidUtf8 = 1007,
  TooBig = 1009,
  BadFrames = 4400,     // ten in a row that were no JSON objects
  TokenExpired = 4401,  // come back with a new token
  SlowConsumer = 4408,  // come back and resume: nothing is lost
  ProtocolViolation = 4409,
  RateLimited = 4429,  // come back later
};

inline constexpr CloseCode kCloseCodes[] = {CloseCode::Idle,         CloseCode::Restarting,   CloseCode::UnsupportedData,
                                            CloseCode::InvalidUtf8,  CloseCode::TooBig,       CloseCode::BadFrames,
                                            CloseCode::TokenExpired, CloseCode::SlowConsumer, CloseCode::ProtocolViolation,
                                            CloseCode::RateLimited};

std::string_view reason(CloseCode code);

}  // namespace parley::codec
