#include "dialect/pagenow/conversation.hpp"

#include "codec/limits.hpp"
#include "core/ids.hpp"
#include "dialect/pagenow/pagenow.hpp"

namespace parley::dialect::pagenow {

namespace {

constexpr std::string_view kTitle = "title";

// Of the character that begins so, in UTF-8.
std::size_t length_of(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

}  // namespace

bool is_group(const Json& channel) { return text_in(channel, "kind") != "direct"; }

std::string title_of(const Json& channel) {
  if (!is_group(channel)) return {};
  auto name = text_in(channel, "name");
  const auto metadata = channel.value("metadata", Json::object());
  const auto ours = metadata.find(kName);
  if (ours == metadata.end() || !has_text(*ours, kTitle)) return name;
  auto title = text_in(*ours, kTitle);
  return name_for(title) == name ? title : name;
}

bool is_joined(const Json& channel) { return channel.value("joined", false); }

Json metadata_with(const std::string& title) {
  Json ours = Json::object();
  ours[kTitle] = title;
  Json metadata = Json::object();
  metadata[kName] = std::move(ours);
  return metadata;
}

std::string name_for(std::string_view title) {
  std::string name;
  for (std::size_t taken = 0; !title.empty() && taken < codec::kMaxNameCharacters;) {
    const auto character = title.substr(0, length_of(title.front()));
    title.remove_prefix(character.size());
    if (core::has_control_characters(character)) continue;
    name += character;
    ++taken;
  }
  return name;
}

}  // namespace parley::dialect::pagenow
