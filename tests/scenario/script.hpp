// Runs a script line by line and writes it anew, each line followed by what came of it.
//
// Concurrency: one thread; the clock is the script's own. Errors: a line that can't be understood is followed by "  ? why",
// and counted.
#pragma once

#include <string>
#include <string_view>

#include "tests/scenario/names.hpp"
#include "tests/unit/core/world.hpp"

namespace parley::scenario {

class Script {
 public:
  // One line of input: a command, a word to the clock, a question, a comment. Lines that begin with a space are the answers
  // of an earlier run: not to be given.
  void run(std::string_view line);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] int errors() const { return errors_; }

 private:
  void answer(const std::string& line) { text_ += line + "\n"; }
  void fail(const std::string& why);
  void command(const core::UserId& user, std::string_view words);
  void set_clock(std::string_view time);
  void move_clock(std::string_view duration);
  void show(std::string_view name);

  core::World world_;
  Names names_;
  core::TimeMs now_;
  std::uint64_t commands_ = 0;
  std::string text_;
  int errors_ = 0;
};

}  // namespace parley::scenario
