// One line of a script, taken apart: words, "quoted texts", and options that are name=value. Whoever takes a word that is
// missing or of another form gets an empty one, and the line's error says so. Values; one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::scenario {

class Words {
 public:
  explicit Words(std::string_view line);

  // The next word or text.
  std::string word();
  // The next word, if there is one more.
  std::optional<std::string> another();
  std::uint64_t number();
  // Options are found wherever they stand.
  std::optional<std::string> option(const std::string& name);
  std::optional<std::uint64_t> number_option(const std::string& name);
  // a,b,c
  std::vector<std::string> list_option(const std::string& name);

  void fail(std::string why);
  // Call it when all is taken: empty, or what is wrong with the line.
  std::string error();

 private:
  std::uint64_t as_number(const std::string& text);

  std::deque<std::string> words_;
  std::map<std::string, std::string> options_;
  std::string error_;
};

}  // namespace parley::scenario
