// Users, channels and chats as social media's clients see them.
//
// Concurrency: pure functions, any thread.
#pragma once

#include <map>

#include "dialect/json.hpp"

namespace parley::dialect::social_media {

inline constexpr std::string_view kOurs = "social_media";  // in a channel's metadata: {"type","avatarPath"}

// Of the public contract's JSON.
Json user_view(const Json& user, const Json& account);  // no account: null
Json channel_view(const Json& channel);

// When a message reached somebody first, and when somebody read it first; null: not yet.
struct Stages {
  Json delivered_at;
  Json read_at;
};
using StagesBySeq = std::map<std::uint64_t, Stages>;
Json chat_view(const Json& message, std::uint64_t channel, const Stages& stages);

std::uint64_t seq_of(const Json& message);

}  // namespace parley::dialect::social_media
