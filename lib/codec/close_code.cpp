#include "codec/close_code.hpp"

#include <cstdlib>

namespace parley::codec {

std::string_view reason(CloseCode code) {
  switch (code) {
    case CloseCode::Idle:
      return "idle";
    case CloseCode::Restarting:
      return "restarting";
    case CloseCode::UnsupportedData:
      return "text messages only";
    case CloseCode::InvalidUtf8:
      return "invalid UTF-8";
    case CloseCode::TooBig:
      return "message too big";
    case CloseCode::BadFrames:
      return "bad frames";
    case CloseCode::TokenExpired:
      return "token expired";
    case CloseCode::SlowConsumer:
      return "slow consumer";
    case CloseCode::ProtocolViolation:
      return "protocol violation";
    case CloseCode::RateLimited:
      return "rate limited";
  }
  std::abort();
}

}  // namespace parley::codec
