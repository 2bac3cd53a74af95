// Changes, outcomes and views as lines that a person reads.
#pragma once

#include <string>

#include "core/apply.hpp"
#include "tests/scenario/names.hpp"

namespace parley::scenario {

// + message_posted general v3 by bob: #1 "hi"
std::string line_of(const core::Change& change, const Names& names);
// > accepted version=3, or ! forbidden: why
std::string line_of(const core::Decision& decision);
// | what a channel or workspace is like now; empty: there is none
std::string view_of(const core::State& state, const core::ChannelId& id);
std::string view_of(const core::State& state, const core::WorkspaceId& id);

}  // namespace parley::scenario
