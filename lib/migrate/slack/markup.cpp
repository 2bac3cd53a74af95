#include "migrate/slack/markup.hpp"

namespace parley::migrate::slack {
namespace {

void append_unescaped(std::string& out, std::string_view text) {
  struct Escape {
    std::string_view name;
    char character;
  };
  static constexpr Escape kEscapes[] = {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}};
  for (std::size_t at = 0; at < text.size();) {
    const auto next = text.find('&', at);
    out.append(text.substr(at, next - at));
    if (next == std::string_view::npos) return;
    at = next;
    const auto rest = text.substr(at);
    const auto* found = std::begin(kEscapes);
    while (found != std::end(kEscapes) && !rest.starts_with(found->name)) ++found;
    const bool is_one = found != std::end(kEscapes);
    out.push_back(is_one ? found->character : '&');
    at += is_one ? found->name.size() : 1;
  }
}

// "@name" or "#name", whatever the label begins with.
void append_named(std::string& out, char sign, std::string_view name) {
  if (!name.starts_with(sign)) out.push_back(sign);
  append_unescaped(out, name);
}

// What stands between < and >, as id and label.
void append_reference(std::string& out, std::string_view what, std::string_view label, const Names& names) {
  const auto id = what.substr(1);
  switch (what.front()) {
    case '@': {
      const auto user = names.user(id);
      if (!user.empty()) return void(out.append("<@").append(user).append(">"));
      return append_named(out, '@', label.empty() ? id : label);
    }
    case '#': {
      const auto channel = label.empty() ? names.channel(id) : std::string(label);
      return append_named(out, '#', channel.empty() ? id : std::string_view(channel));
    }
    case '!': {
      if (id.starts_with("date^")) return append_unescaped(out, label.empty() ? id : label);
      const auto name = id.substr(0, id.find('^'));  // here, channel, everyone; subteam^S1
      return append_named(out, '@', label.empty() ? name : label);
    }
    default:
      break;
  }
  const auto address = what.starts_with("mailto:") || what.starts_with("tel:") ? what.substr(what.find(':') + 1) : what;
  if (label.empty() || label == address || label == what) return append_unescaped(out, address);
  append_unescaped(out, label);
  out.append(" (");
  append_unescaped(out, address);
  out.append(")");
}

}  // namespace

std::string plain_text(std::string_view text, const Names& names) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto open = text.find('<', at);
    append_unescaped(out, text.substr(at, open - at));
    if (open == std::string_view::npos) break;
    const auto close = text.find_first_of("<>", open + 1);
    if (close == std::string_view::npos || text[close] == '<' || close == open + 1) {
      out.push_back('<');
      at = open + 1;
      continue;
    }
    const auto inside = text.substr(open + 1, close - open - 1);
    const auto bar = inside.find('|');
    const auto label = bar == std::string_view::npos ? std::string_view() : inside.substr(bar + 1);
    if (bar == 0)
      out.append("<").append(inside).append(">");
    else
      append_reference(out, inside.substr(0, bar), label, names);
    at = close + 1;
  }
  return out;
}

}  // namespace parley::migrate::slack
