#include "limit/rate.hpp"

#include <charconv>

namespace parley::limit {

namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stopped != end || value < 1 || value > Rate::kMost) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Rate> Rate::parse(std::string_view text) {
  if (text == "off") return Rate{};
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto per_second = number(text.substr(0, slash));
  const auto burst = number(text.substr(slash + 1));
  if (!per_second || !burst) return std::nullopt;
  return Rate{*per_second, *burst};
}

}  // namespace parley::limit
