// Messages of a channel as chats, with the stages that their delivery has reached.
//
// Concurrency: the door's shard. Ownership: the call outlives the coroutine.
#pragma once

#include "dialect/social_media/places.hpp"

namespace parley::query_api::dialects::social_media {

// A JSON array, in their order. The error is the answer.
boost::asio::awaitable<std::expected<dialect::Json, net::HttpResponse>> chat_views(dialect::Call& call,
                                                                                   const dialect::Json& channel,
                                                                                   std::vector<dialect::Json> messages);

}  // namespace parley::query_api::dialects::social_media
