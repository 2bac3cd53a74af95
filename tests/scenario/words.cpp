#include "tests/scenario/words.hpp"

#include <charconv>

namespace parley::scenario {
namespace {

// Takes one word off the front, up to a space that is not between quotes; the quotes are left out.
std::string take(std::string_view& line) {
  std::string word;
  bool quoted = false;
  std::size_t at = 0;
  for (; at < line.size() && (quoted || line[at] != ' '); ++at) {
    if (line[at] == '"') {
      quoted = !quoted;
    } else {
      word.push_back(line[at]);
    }
  }
  line.remove_prefix(at);
  return word;
}

}  // namespace

Words::Words(std::string_view line) {
  while (true) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (line.empty()) return;
    const bool is_text = line.front() == '"';
    auto word = take(line);
    const auto equals = is_text ? std::string::npos : word.find('=');
    if (equals == std::string::npos) {
      words_.push_back(std::move(word));
    } else {
      options_.insert_or_assign(word.substr(0, equals), word.substr(equals + 1));
    }
  }
}

std::string Words::word() {
  auto word = another();
  if (!word) fail("a word is missing");
  return word.value_or("");
}

std::optional<std::string> Words::another() {
  if (words_.empty()) return std::nullopt;
  auto word = std::move(words_.front());
  words_.pop_front();
  return word;
}

std::uint64_t Words::number() { return as_number(word()); }

std::optional<std::string> Words::option(const std::string& name) {
  auto node = options_.extract(name);
  return node ? std::optional{std::move(node.mapped())} : std::nullopt;
}

std::optional<std::uint64_t> Words::number_option(const std::string& name) {
  const auto text = option(name);
  return text ? std::optional{as_number(*text)} : std::nullopt;
}

std::vector<std::string> Words::list_option(const std::string& name) {
  std::vector<std::string> items;
  std::string rest = option(name).value_or("");
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    items.push_back(rest.substr(0, comma));
    rest.erase(0, comma + 1);
  }
  return items;
}

void Words::fail(std::string why) {
  if (error_.empty()) error_ = std::move(why);
}

std::string Words::error() {
  if (!words_.empty()) fail("too many words: " + words_.front());
  if (!options_.empty()) fail("no such option: " + options_.begin()->first);
  return error_;
}

std::uint64_t Words::as_number(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) fail("not a number: " + text);
  return number;
}

}  // namespace parley::scenario
