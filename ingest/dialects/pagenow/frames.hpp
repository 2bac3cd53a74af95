// What PageNow's sockets are told.
#pragma once

#include "dialect/json.hpp"
#include "dialect/pagenow/refusal.hpp"

namespace parley::ingest::dialects::pagenow {

using dialect::Json;

// `message`: as the public contract has it.
Json new_message(const Json& message);
Json messages_read(const std::string& conversation, const std::string& user);
Json refused(const dialect::pagenow::Refusal& refusal);

// What a post keeps beside its text, in the message's metadata: the id by which its sender's client knows it.
Json kept(const Json& temp_message_id);

}  // namespace parley::ingest::dialects::pagenow
