// From the words of a line to what a client asks for. The verbs are in README.md.
#pragma once

#include <optional>

#include "core/command.hpp"
#include "tests/scenario/names.hpp"
#include "tests/scenario/words.hpp"

namespace parley::scenario {

// None: there is no such verb. Arguments that are missing or wrong are told by words.error().
std::optional<core::Payload> payload_of(const core::UserId& user, Words& words, Names& names);

}  // namespace parley::scenario
