// A message as room chat broadcasts it.
#pragma once

#include "dialect/json.hpp"

namespace parley::ingest::dialects::room_chat {

using dialect::Json;

// `message`: as the public contract has it.
Json broadcast(const Json& message, const std::string& room);
// What a post keeps beside its text, in the message's metadata.
Json kept(const Json& frame);

}  // namespace parley::ingest::dialects::room_chat
