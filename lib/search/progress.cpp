#include "search/progress.hpp"

#include <charconv>

namespace parley::search {

// "123 flags built_to": the flags are p (purge), b (building) and - (always there); built_to is bytes.
std::string text_of(const Progress& progress) {
  return std::to_string(progress.next_offset) + " -" + (progress.purge ? "p" : "") + (progress.building ? "b" : "") + " " +
         progress.built_to;
}

std::optional<Progress> parse_progress(std::string_view text) {
  Progress progress;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), progress.next_offset);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  const auto space = text.find(' ', 1);
  if (!text.starts_with(" -") || space == std::string_view::npos) return std::nullopt;
  const auto flags = text.substr(0, space);
  progress.purge = flags.contains('p');
  progress.building = flags.contains('b');
  progress.built_to = text.substr(space + 1);
  return progress;
}

}  // namespace parley::search
