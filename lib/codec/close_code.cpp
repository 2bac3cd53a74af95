#include "codec/close_code.hpp"

#include <cstdlib>

namespace parley::codec {

std::string_view reason(CloseCode code) {
  switch (code) {
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

bool may_come_back(CloseCode code) {
  switch (code) {
    case CloseCode::Restarting:
    case CloseCode::TokenExpired:
    case CloseCode::SlowConsumer:
    case CloseCode::RateLimited:
      return true;
    case CloseCode::UnsupportedData:
    case CloseCode::InvalidUtf8:
    case CloseCode::TooBig:
    case CloseCode::BadFrames:
    case CloseCode::ProtocolViolation:
      return false;
  }
  std::abort();
}

}  // namespace parley::codec
