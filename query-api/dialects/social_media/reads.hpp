// What each of social media's reads gives.
//
// Concurrency: the door's shard. Ownership: the call outlives the coroutine.
#pragma once

#include "dialect/dialect.hpp"

namespace parley::query_api::dialects::social_media {

using dialect::Answering;
using dialect::Call;

Answering get_me(Call& call);
Answering get_user(Call& call);
Answering get_channel(Call& call);

Answering get_chat(Call& call);
Answering list_chats(Call& call);
Answering search_chats(Call& call);

Answering sign_urls(Call& call);  // nothing is written: the links are for the storage

}  // namespace parley::query_api::dialects::social_media
