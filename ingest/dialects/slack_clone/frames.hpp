// Slack clone's frames, made of frames and of the public contract's messages.
//
// Concurrency: pure functions, any thread.
#pragma once

#include "dialect/json.hpp"

namespace parley::ingest::dialects::slack_clone {

using dialect::Json;

// Whether a frame with that action is a direct message.
bool is_direct(std::string_view action);
// What is kept of a direct message's frame beside its text: all of it, so that the receiver gets it as it was sent.
Json kept(Json frame);
// As it was sent; of one that was sent otherwise, as a client would have. Who says it to whom is the message's to say.
Json direct_frame(const Json& message, std::string_view receiver);
Json channel_frame(const Json& message, std::string_view workspace);

}  // namespace parley::ingest::dialects::slack_clone
