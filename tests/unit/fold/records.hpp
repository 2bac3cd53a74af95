// Commands as the records of one partition's log.
#pragma once

#include <span>
#include <vector>

#include "codec/command_codec.hpp"
#include "eventlog/event_log.hpp"
#include "tests/unit/core/random_commands.hpp"

namespace parley::fold {

class Records {
 public:
  void add(const core::Command& command) { add_bytes(codec::encode(command), std::string(codec::event_type(command))); }
  void add_bytes(std::string value, std::string type = "parley.command.post_message.v1") {
    records_.push_back({.offset = records_.size(), .key = {}, .value = std::move(value), .type = std::move(type)});
  }
  void add(const codec::Control& control) { add_bytes(codec::encode(control), std::string(codec::kControlType)); }

  [[nodiscard]] std::size_t size() const { return records_.size(); }
  // Those from `first` to before `last`.
  [[nodiscard]] std::span<const eventlog::Record> slice(std::size_t first, std::size_t last) const {
    return std::span(records_).subspan(first, last - first);
  }
  [[nodiscard]] std::span<const eventlog::Record> all() const { return records_; }

 private:
  std::vector<eventlog::Record> records_;
};

// A log as it might be: sound commands and such as break rules, keys used again, and some that can't be decoded.
inline Records random_records(std::uint64_t seed, std::size_t count) {
  Records records;
  core::RandomCommands commands(seed);
  records.add(codec::Control{});
  while (records.size() < count) records.add(commands.next());
  return records;
}

}  // namespace parley::fold
