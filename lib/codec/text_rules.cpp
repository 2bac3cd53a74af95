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

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

constexpr std::string_view kInLocalPart = "!#$%&'*+-=?^_`{|}~";

// Parts of allowed characters with a dot between each two, none empty.
template <class IsAllowed>
bool is_dotted(std::string_view text, IsAllowed is_allowed) {
  if (text.empty() || text.front() == '.' || text.back() == '.' || text.contains("..")) return false;
  return std::ranges::all_of(text, [&](char c) { return c == '.' || is_allowed(c); });
}

bool has_label_with_outer_dash(std::string_view host) {
  return host.starts_with('-') || host.ends_with('-') || host.contains(".-") || host.contains("-.");
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

std::string_view wrong_with_role(std::string_view text) {
  static_assert(kMaxRoleCharacters == 32);
  if (text.empty() || text.size() > kMaxRoleCharacters) return "must have 1 to 32 characters";
  return std::ranges::all_of(text, [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; }) ? ""
                                                                                              : "must have none but A-Z and _";
}

std::string_view wrong_with_password_hash(std::string_view text) {
  constexpr std::string_view kArgon2id = "$argon2id$";
  const bool printable = std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
  return text.starts_with(kArgon2id) && text.size() <= kMaxPasswordHashBytes && printable ? "" : "must be a hash by Argon2id";
}

std::string_view wrong_with_password(std::string_view text) {
  static_assert(kMinPasswordBytes == 8 && kMaxPasswordBytes == 1024);
  return text.size() < kMinPasswordBytes || text.size() > kMaxPasswordBytes ? "must have 8 to 1024 bytes" : "";
}

// The addr-spec of RFC 5322 without comments, quotes, literals and white space, in ASCII; without '/', which no user id has.
std::string_view wrong_with_email(std::string_view text) {
  constexpr std::size_t kMostLocal = 64;
  static_assert(core::UserId::kMaxCharacters == 128);
  if (text.size() > core::UserId::kMaxCharacters) return "must have at most 128 characters";
  const auto at = text.rfind('@');
  const auto local = text.substr(0, std::min(at, text.size()));
  const bool sound = at != std::string_view::npos && local.size() <= kMostLocal &&
                     is_dotted(local, [](char c) { return is_letter_or_digit(c) || kInLocalPart.contains(c); }) &&
                     is_dotted(text.substr(at + 1), [](char c) { return is_letter_or_digit(c) || c == '-'; });
  return sound && !has_label_with_outer_dash(text.substr(at + 1)) ? "" : "must be an e-mail address";
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
