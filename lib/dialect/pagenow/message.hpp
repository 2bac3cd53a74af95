// A message as PageNow tells it, over HTTP and WebSocket.
#pragma once

#include "dialect/json.hpp"

namespace parley::dialect::pagenow {

// `message`: as the public contract has it. Its id is made of its channel's and its seq, so it is the same wherever it is told.
std::string message_id(const Json& message);
std::string sent_at(const Json& message);

}  // namespace parley::dialect::pagenow
