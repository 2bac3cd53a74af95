// Slack clone's frames, made of frames and of the public contract's messages.
//
// Concurrency: pure functions, any thread.
#pragma once

#include "dialect/json.hpp"

namespace parley::ingest::dialects::slack_clone {

using dialect::Json;

// What is kept of a direct message's frame beside its text: all of it, so that the receiver gets it as it was sent.
Json kept(Json frame);
// As it was sent; of one that was sent otherwise, as a client would have.
Json direct_frame(const Json& message, std::string_view receiver);
Json channel_frame(const Json& message, std::string_view workspace);

}  // namespace parley::ingest::dialects::slack_clone
