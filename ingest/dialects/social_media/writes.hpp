// What each of social media's writes does.
//
// Concurrency: the door's shard. Ownership: the call outlives the coroutine.
#pragma once

#include "dialect/dialect.hpp"

namespace parley::ingest::dialects::social_media {

using dialect::Answering;
using dialect::Call;

Answering create_token(Call& call);
Answering create_user(Call& call);

Answering create_channel(Call& call);
Answering delete_channel(Call& call);
Answering join(Call& call);
Answering leave(Call& call);       // the channel of the body
Answering leave_this(Call& call);  // the channel of the path

Answering post_chat(Call& call);
Answering remove_chats(Call& call);
Answering retract_chats(Call& call);

}  // namespace parley::ingest::dialects::social_media
