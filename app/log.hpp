// The log that the options name, opened and checked.
#pragma once

#include <expected>
#include <memory>
#include <string>

#include "app/options.hpp"
#include "fold/control.hpp"
#include "keys/key_store.hpp"

namespace parley::app {

struct OpenLog {
  std::unique_ptr<eventlog::EventLog> log;
  codec::Control control;
};
// Who writes a new log's first record: the process that appends at once, one that only reads when nobody else has for long.
enum class Begins : std::uint8_t { AtOnce, LeavesIt };
// `group`: the consumer group whose progress is reported to Kafka; empty: none. The error is a sentence.
std::expected<OpenLog, std::string> open_log(const Options& options, const std::string& group, Begins begins);
// Beside whoever writes it; never makes one, and takes as many partitions as it has.
std::expected<OpenLog, std::string> open_log_to_read(const Options& options);

// The keys that the log's bodies are sealed with. What was in the log when this is called can be opened with them. Who writes
// begins a new log's; of one that has commands they must be there, unless the options say otherwise.
std::expected<std::unique_ptr<keys::KeyStore>, std::string> open_keys(const Options& options, const OpenLog& log,
                                                                      keys::Access access);

}  // namespace parley::app
