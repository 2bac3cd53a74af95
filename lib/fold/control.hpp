// A log's first record: written once, checked at every start.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "codec/command_codec.hpp"
#include "eventlog/event_log.hpp"

namespace parley::fold {

// Reads the log's first record; writes it when the log is empty (`wanted` says what, its epoch 0 stands for a new random one),
// after leaving it to other processes for `patience`. Of two that write at once, the first one's record counts. An error is a
// sentence: another format, another partition count than the log has, rules that this program does not know, no
// window for keys, something in its place that is no control record, no answer in time.
std::expected<codec::Control, std::string> ensure_control(eventlog::EventLog& log, codec::Control wanted,
                                                          std::chrono::milliseconds deadline,
                                                          std::chrono::milliseconds patience = {});
// The same without ever writing: an empty log is an error.
std::expected<codec::Control, std::string> read_control(eventlog::EventLog& log, std::chrono::milliseconds deadline);
// Is there anything in it but control records? (Several may have been written at once.)
std::expected<bool, std::string> is_begun(eventlog::EventLog& log, std::chrono::milliseconds deadline);

}  // namespace parley::fold
