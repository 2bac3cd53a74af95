// A channel as a conversation: who has a direct one needs no title; of others it is in their metadata, where it is longer than
// a name may be.
#pragma once

#include "dialect/json.hpp"

namespace parley::dialect::pagenow {

// `channel`: as the public contract has it.
bool is_group(const Json& channel);
// One that was renamed since has the title that its name is.
std::string title_of(const Json& channel);
// Whether the caller is in it, who may see it.
bool is_joined(const Json& channel);

// The metadata of a conversation with that title.
Json metadata_with(const std::string& title);
// What a channel can be called for that title; empty: nothing.
std::string name_for(std::string_view title);

}  // namespace parley::dialect::pagenow
