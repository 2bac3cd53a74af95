// A log in memory, for tests and the simulation. Same contract as the others, nothing survives it.
#pragma once

#include "eventlog/event_log.hpp"

namespace parley::eventlog {

std::unique_ptr<EventLog> make_memory_log(std::uint32_t partitions);

}  // namespace parley::eventlog
