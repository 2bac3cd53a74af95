#include "app/option_file.hpp"

#include <algorithm>
#include <string_view>

namespace parley::app {

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\v\f";
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

bool is_quoted(std::string_view value) {
  return value.size() > 1 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front();
}

// Would whoever wrote it have meant a comment?
bool has_comment(std::string_view value) {
  for (auto mark = value.find('#'); mark != std::string_view::npos; mark = value.find('#', mark + 1))
    if (mark == 0 || value[mark - 1] == ' ' || value[mark - 1] == '\t') return true;
  return false;
}

std::expected<FiledOption, std::string> read_option(std::string_view text) {
  const auto equals = text.find('=');
  const auto name = trimmed(text.substr(0, equals));
  if (equals == std::string_view::npos || name.empty()) return std::unexpected("is not a `name = value`");
  auto value = trimmed(text.substr(equals + 1));
  if (is_quoted(value))
    value = value.substr(1, value.size() - 2);
  else if (has_comment(value))
    return std::unexpected("has a comment behind the value: give it a line of its own, or quote a value that has a #");
  return FiledOption{.name = std::string(name), .value = std::string(value)};
}

}  // namespace

std::expected<std::vector<FiledOption>, std::string> read_option_file(std::istream& in) {
  std::vector<FiledOption> options;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    const auto text = trimmed(line);
    if (text.empty() || text.front() == '#' || text.front() == ';') continue;
    const auto here = "line " + std::to_string(number);
    auto option = read_option(text);
    if (!option) return std::unexpected(here + " " + option.error());
    option->line = number;
    if (const auto before = std::ranges::find(options, option->name, &FiledOption::name); before != options.end())
      return std::unexpected(here + " names " + option->name + " again, after line " + std::to_string(before->line));
    options.push_back(std::move(*option));
  }
  return options;
}

}  // namespace parley::app
