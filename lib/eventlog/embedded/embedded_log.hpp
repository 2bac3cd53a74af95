// The embedded log: one RocksDB, a column family for each partition (keys arrive in order, so compaction moves files and
// never rewrites them), key = offset as 8 bytes big-endian. One writer thread takes all that is queued, writes it as one
// synced WriteBatch (group commit) and only then calls the completions.
//
// Concurrency, Limits: see event_log.hpp. A bounded tail of what was written last is kept in memory for consumers, so that
// one who keeps up never reads from RocksDB.
#pragma once

#include <filesystem>
#include <string>

#include "eventlog/event_log.hpp"

namespace parley::eventlog {

struct EmbeddedOptions {
  std::filesystem::path dir;
  std::uint32_t partitions =
      4;  // of a new log; an old one keeps its own and refuses another number. 0: whatever the old one has
  std::size_t max_queued_bytes = 64 << 20;    // handed over and not written yet
  std::size_t tail_bytes = 16 << 20;          // kept in memory for consumers, over all partitions
  std::size_t write_buffer_bytes = 32 << 20;  // of a partition
  bool read_only = false;                     // beside a running writer: what is there now, no appends
};

// Opens it, or makes it. The error says in a sentence what is wrong (in use, unusable directory, other partition count …).
std::expected<std::unique_ptr<EventLog>, std::string> open_embedded_log(const EmbeddedOptions& options);

}  // namespace parley::eventlog
