#include "api/path_pattern.hpp"

#include <algorithm>

#include "net/http.hpp"

namespace parley::api {

namespace {

// The next segment of a path that begins with '/'; takes it and its slash off.
std::string_view next_segment(std::string_view& path) {
  path.remove_prefix(1);
  const auto end = std::min(path.find('/'), path.size());
  const auto segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
}

}  // namespace

bool fits(std::string_view pattern, std::string_view path) {
  while (!pattern.empty() && !path.empty()) {
    const auto wanted = next_segment(pattern);
    const auto given = next_segment(path);
    if (wanted.front() == '{' ? given.empty() : wanted != given) return false;
  }
  return pattern.empty() && path.empty();
}

std::optional<std::vector<std::string>> params_of(std::string_view pattern, std::string_view path) {
  std::vector<std::string> params;
  while (!pattern.empty()) {
    const auto wanted = next_segment(pattern);
    const auto given = next_segment(path);
    if (wanted.front() != '{') continue;
    auto decoded = net::percent_decode(given);
    if (!decoded) return std::nullopt;
    params.push_back(std::move(*decoded));
  }
  return params;
}

}  // namespace parley::api
