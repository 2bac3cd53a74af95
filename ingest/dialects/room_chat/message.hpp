// A message as room chat broadcasts it.
#pragma once

#include "dialect/json.hpp"

namespace parley::ingest::dialects::room_chat {

using dialect::Json;

// `message`: as the public contract has it. `changed_at_ms`: of the change that is told; 0: what the message says of it.
Json broadcast(const Json& message, const std::string& room, std::int64_t changed_at_ms);
// What a post keeps beside its text, in the message's metadata.
Json kept(const Json& frame);

}  // namespace parley::ingest::dialects::room_chat
