// What the lists of members and of channels have in common.
#pragma once

#include <string>

#include "codec/invalid_input.hpp"
#include "parley/internal/v1/read_model.pb.h"

namespace parley::query_api {

std::string members_json(const parley::internal::v1::MembersAnswer& answer);
// A channel as its reader sees it, with `joined`; false when the answer is damaged.
bool append_channel_answer(std::string& out, const parley::internal::v1::ChannelAnswer& answer);
// {"channels":[…]} of such; false when one of them is damaged.
bool append_channels(std::string& out, const parley::internal::v1::ChannelsAnswer& answer);
// The answer to `as_of`, of which workspaces keep nothing.
codec::InvalidInput no_past();

}  // namespace parley::query_api
