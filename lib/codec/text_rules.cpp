#include "codec/text_rules.hpp"

#include <algorithm>

#include "codec/json_reader.hpp"
#include "codec/limits.hpp"
#include "core/ids.hpp"

namespace parley::codec {
namespace {

bool has_at_most(std::size_t characters, std::string_view text) {
  // The longest character has 4 bytes: this bounds the count's work.
  return text.size() <= 4 * characters && core::count_characters(text) <= characters;
}

// A host, and nothing that has to be escaped in a URL.
bool is_web_address(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!url.starts_with(scheme)) continue;
    const auto rest = url.substr(scheme.size());
    const bool clean =
        std::ranges::none_of(rest, [](char c) { return c == ' ' || c == '"' || c == '<' || c == '>' || c == '\\'; });
    return clean && rest.find_first_of("/?#") != 0 && !rest.empty() && !core::has_control_characters(rest);
  }
  return false;
}

}  // namespace

std::string_view wrong_with_text(std::string_view text) {
  static_assert(kMaxTextBytes == 16384);
  return text.empty() || text.size() > kMaxTextBytes ? "must have 1 to 16384 bytes" : "";
}

std::string_view wrong_with_name(std::string_view text) {
  static_assert(kMaxNameCharacters == 200);
  if (text.empty() || !has_at_most(kMaxNameCharacters, text)) return "must have 1 to 200 characters";
  return core::has_control_characters(text) ? "must not have control characters" : "";
}

std::string_view wrong_with_room_name(std::string_view text) {
  static_assert(kMaxRoomNameCharacters == 128);
  if (text.empty() || !has_at_most(kMaxRoomNameCharacters, text)) return "must have 1 to 128 characters";
  return core::has_control_characters(text) ? "must not have control characters" : "";
}

std::string_view wrong_with_namespace(std::string_view text) {
  static_assert(kMaxNamespaceCharacters == 64);
  if (text.empty() || text.size() > kMaxNamespaceCharacters) return "must have 1 to 64 characters";
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
  };
  return std::ranges::all_of(text, is_allowed) ? "" : "must have none but a-z, 0-9, _, . and -";
}

std::string_view wrong_with_topic(std::string_view text) {
  static_assert(kMaxTopicCharacters == 1000);
  return has_at_most(kMaxTopicCharacters, text) ? "" : "must have at most 1000 characters";
}

std::string_view wrong_with_avatar_url(std::string_view text) {
  static_assert(kMaxAvatarUrlBytes == 2048);
  if (text.size() > kMaxAvatarUrlBytes) return "must have at most 2048 bytes";
  return is_web_address(text) ? "" : "must be an http or https address";
}

std::string_view wrong_with_key(std::string_view text) {
  static_assert(kMaxKeyCharacters == 128);
  return text.empty() || !has_at_most(kMaxKeyCharacters, text) ? "must have 1 to 128 characters" : "";
}

// What counts as one emoji changes with every Unicode, and sites have names of their own (":party:").
std::string_view wrong_with_emoji(std::string_view text) {
  static_assert(kMaxEmojiBytes == 64);
  if (text.empty() || text.size() > kMaxEmojiBytes) return "must have 1 to 64 bytes";
  return core::has_control_characters(text) ? "must not have control characters" : "";
}

std::string_view wrong_with_reason(std::string_view text) {
  static_assert(kMaxReasonCharacters == 1000);
  return has_at_most(kMaxReasonCharacters, text) ? "" : "must have at most 1000 characters";
}

std::string_view wrong_with_attachments(std::string_view compact_json) {
  static_assert(kMaxAttachmentsBytes == 16384 && kMaxAttachments == 20);
  if (compact_json.size() > kMaxAttachmentsBytes) return "must have at most 16384 bytes";
  const auto elements = read_json_array(compact_json);
  if (!elements) return "must be an array";
  const auto is_object = [](const JsonValue& v) { return v.kind == JsonValue::Kind::Object; };
  return elements->size() <= kMaxAttachments && std::ranges::all_of(*elements, is_object) ? "" : "must be at most 20 objects";
}

std::string_view wrong_with_metadata(std::string_view compact_json) {
  static_assert(kMaxMetadataBytes == 4096);
  return compact_json.size() <= kMaxMetadataBytes ? "" : "must have at most 4096 bytes";
}

}  // namespace parley::codec
