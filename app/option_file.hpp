// A file of options: `name = value` a line, the names without their dashes. Blanks around name and value do not count, nor
// does one pair of quotes around the value. A comment is a whole line, and begins with # or ;.
#pragma once

#include <cstddef>
#include <expected>
#include <istream>
#include <string>
#include <vector>

namespace parley::app {

struct FiledOption {
  std::string name;
  std::string value;
  std::size_t line = 0;
};

// In the order of the file. The error is a sentence that begins with the line's number: no `name = value`, or a name for the
// second time.
std::expected<std::vector<FiledOption>, std::string> read_option_file(std::istream& in);

}  // namespace parley::app
