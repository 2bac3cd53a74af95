// The native form of an export: a JSON object a line, described in docs/import.md.
//
// Concurrency: one thread. Limits: those of a line (line_file.hpp), and of what clients may write (codec/limits.hpp).
#pragma once

#include <functional>

#include "migrate/line_file.hpp"
#include "migrate/sink.hpp"

namespace parley::migrate {

// Total: every text is an entry (without `where`) or the first thing that is wrong with it, for people.
std::expected<Entry, std::string> read_jsonl_line(std::string_view line);

class Jsonl {
 public:
  explicit Jsonl(LineFile file) : file_(std::move(file)) {}
  // All of it, in order; `progress` is told now and then how many bytes were read, and says whether to go on. False: the sink
  // can't go on, or it was told to stop.
  bool run(Sink& sink, const std::function<bool(std::uint64_t bytes)>& progress);

 private:
  LineFile file_;
};

}  // namespace parley::migrate
