#include "codec/position.hpp"

#include <charconv>
#include <limits>
#include <system_error>

namespace parley::codec {
namespace {

constexpr std::string_view kPrefix = "p1-";

template <class T>
void append_number(std::string& out, T value, int base) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, value, base).ptr;
  out.append(digits, end);
}

// All of `text` as a number, in the one way that to_chars would write it.
template <class T>
std::optional<T> parse_number(std::string_view text, int base) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  for (const char c : text) {
    const bool digit = (c >= '0' && c <= '9') || (base == 16 && c >= 'a' && c <= 'f');
    if (!digit) return std::nullopt;
  }
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view take_until(std::string_view& rest, char separator) {
  const auto at = rest.find(separator);
  const auto head = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view{} : rest.substr(at + 1);
  return head;
}

std::string_view without_blanks_around(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

void Position::append_to(std::string& out) const {
  out.append(kPrefix);
  append_number(out, epoch, 16);
  out.push_back('-');
  append_number(out, partition, 10);
  out.push_back('-');
  append_number(out, next, 10);
}

std::string Position::text() const {
  std::string out;
  append_to(out);
  return out;
}

std::optional<Position> Position::parse(std::string_view text) {
  if (!text.starts_with(kPrefix)) return std::nullopt;
  auto rest = text.substr(kPrefix.size());
  const auto epoch = parse_number<std::uint64_t>(take_until(rest, '-'), 16);
  const auto partition = parse_number<std::uint32_t>(take_until(rest, '-'), 10);
  const auto next = parse_number<std::uint64_t>(rest, 10);
  if (!epoch || !partition || !next) return std::nullopt;
  return Position{*epoch, *partition, *next};
}

std::optional<std::vector<Position>> parse_positions(std::string_view text) {
  std::vector<Position> positions;
  for (std::size_t at = 0; at <= text.size();) {
    const auto comma = std::min(text.find(',', at), text.size());
    const auto element = without_blanks_around(text.substr(at, comma - at));
    at = comma + 1;
    if (element.empty()) continue;
    const auto position = Position::parse(element);
    if (!position) return std::nullopt;
    positions.push_back(*position);
  }
  return positions.empty() ? std::nullopt : std::optional(std::move(positions));
}

}  // namespace parley::codec
