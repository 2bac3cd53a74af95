#include "codec/words.hpp"

#include "codec/json_reader.hpp"
#include "codec/text_rules.hpp"
#include "codec/wire.hpp"

namespace parley::codec {
namespace {

// Of parley.v1.Words. Written and read by hand: it is done once for every message.
enum Field : std::uint8_t { kText = 1, kAttachments = 2, kMetadata = 3, kName = 4, kAvatarUrl = 5, kPasswordHash = 6 };

struct Words {
  std::string_view text;
  std::string_view attachments;
  std::string_view metadata;
  std::string_view name;
  std::optional<std::string_view> avatar_url;
  std::string_view password_hash;
};

std::optional<Words> parse(std::string_view bytes) {
  Words words;
  WireReader in(bytes);
  while (in.next()) {
    if (in.field() == kText) in.read(words.text);
    if (in.field() == kAttachments) in.read(words.attachments);
    if (in.field() == kMetadata) in.read(words.metadata);
    if (in.field() == kName) in.read(words.name);
    if (in.field() == kPasswordHash) in.read(words.password_hash);
    if (in.field() == kAvatarUrl && in.is_bytes()) in.read(words.avatar_url.emplace());
  }
  if (!in.good()) return std::nullopt;
  return words;
}

bool is_json(std::string_view compact, JsonValue::Kind kind, TextRule rule) {
  return compact.empty() || (rule(compact).empty() && is_compact_json(compact, kind));
}

struct Write {
  WireWriter out;

  void operator()(const core::PostMessage& post) {
    out.bytes(kText, post.text);
    out.bytes(kAttachments, post.attachments);
    out.bytes(kMetadata, post.metadata);
  }
  void operator()(const core::EditMessage& edit) { out.bytes(kText, edit.text); }
  void operator()(const core::SetProfile& set) {
    out.bytes(kName, set.name);
    if (set.avatar_url) out.element(kAvatarUrl, *set.avatar_url);
  }
  void operator()(const core::CreateAccount& create) {
    out.bytes(kName, create.name);
    out.bytes(kPasswordHash, create.password_hash);
  }
  template <class Other>
  void operator()(const Other&) {}
};

struct Put {
  const Words& words;

  bool operator()(core::PostMessage& post) const {
    if (!wrong_with_text(words.text).empty() || !is_json(words.attachments, JsonValue::Kind::Array, wrong_with_attachments) ||
        !is_json(words.metadata, JsonValue::Kind::Object, wrong_with_metadata))
      return false;
    post.text = words.text;
    post.attachments = words.attachments;
    post.metadata = words.metadata;
    return true;
  }
  bool operator()(core::EditMessage& edit) const {
    if (!wrong_with_text(words.text).empty()) return false;
    edit.text = words.text;
    return true;
  }
  bool operator()(core::SetProfile& set) const {
    if (!wrong_with_name(words.name).empty()) return false;
    if (words.avatar_url && !wrong_with_avatar_url(*words.avatar_url).empty()) return false;
    set.name = words.name;
    if (words.avatar_url) set.avatar_url = std::string(*words.avatar_url);
    return true;
  }
  bool operator()(core::CreateAccount& create) const {
    if (!wrong_with_name(words.name).empty() || !wrong_with_password_hash(words.password_hash).empty()) return false;
    create.name = words.name;
    create.password_hash = words.password_hash;
    return true;
  }
  template <class Other>
  bool operator()(Other&) const {
    return false;
  }
};

struct Drop {
  void operator()(core::PostMessage& post) const {
    post.text.clear();
    post.attachments.clear();
    post.metadata.clear();
  }
  void operator()(core::EditMessage& edit) const { edit.text.clear(); }
  void operator()(core::SetProfile& set) const { set = {}; }
  void operator()(core::CreateAccount& create) const {
    create.name.clear();
    create.password_hash.clear();
  }
  template <class Other>
  void operator()(Other&) const {}
};

}  // namespace

std::string encode_words(const core::Payload& payload) {
  std::string bytes;
  std::visit(Write{WireWriter(bytes)}, payload);
  return bytes;
}

bool put_words(std::string_view bytes, core::Payload& payload) {
  const auto words = parse(bytes);
  return words && std::visit(Put{*words}, payload);
}

void drop_words(core::Payload& payload) { std::visit(Drop{}, payload); }

}  // namespace parley::codec
