// A process that appends to an embedded log and tells what was acked, until it is killed: this test program in another role.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "eventlog/event_log.hpp"

namespace parley::contract {

// A record that the writer was told is durable.
struct Acked {
  eventlog::Partition partition;
  eventlog::Offset offset;
  std::uint64_t number;
};

inline constexpr const char* kWriterRole = "--append-until-killed";
// What main() does in this role; returns only if the log can't be opened.
int append_until_killed(const std::filesystem::path& dir, std::uint64_t first_number);

// Starts the process, kills it with SIGKILL in the middle of its work once it has told of `acks`, and returns all it told.
std::vector<Acked> run_and_kill_writer(const std::filesystem::path& dir, std::uint64_t first_number, std::size_t acks);

}  // namespace parley::contract
