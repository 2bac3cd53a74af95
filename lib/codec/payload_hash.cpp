#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "codec/command_codec.hpp"
#include "codec/seal.hpp"

namespace parley::codec {
namespace {

// The canonical encoding: the type's name, then every field behind its length as 8 bytes big-endian. A number is 8 bytes; a
// field that is left out is one that has the length 2^64-1 and no bytes; a list is its count, then its elements. Fields that a
// type did not always have come last, and only if they are given: without them the hash is what it was.
class Canonical {
 public:
  Canonical& add(std::string_view text) {
    number(text.size());
    bytes_.append(text);
    return *this;
  }
  template <class Tag>
  Canonical& add(const core::Id<Tag>& id) {
    return add(id.bytes());
  }
  template <class Tag>
  Canonical& add(const core::Number<Tag>& n) {
    number(8);
    number(n.value);
    return *this;
  }
  Canonical& add(const core::UserId& user) { return add(user.text); }
  Canonical& add(core::TimeMs time) {
    number(8);
    number(static_cast<std::uint64_t>(time.value));
    return *this;
  }
  Canonical& add(core::Role role) { return add_byte(static_cast<char>(role)); }
  Canonical& add(core::ChannelKind kind) { return add_byte(static_cast<char>(kind)); }
  Canonical& add(core::CursorKind kind) { return add_byte(static_cast<char>(kind)); }
  Canonical& add(bool flag) { return add_byte(static_cast<char>(flag)); }
  template <class T>
  Canonical& add(const std::optional<T>& value) {
    if (value) return add(*value);
    number(~std::uint64_t{0});
    return *this;
  }
  template <class T>
  Canonical& add(const std::vector<T>& list) {
    number(list.size());
    for (const auto& element : list) add(element);
    return *this;
  }

  // `key`: of what only its holder may recognize; null: plain.
  [[nodiscard]] core::PayloadHash hash(const BodyKey* key) const {
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(bytes_.data());
    std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest;
    const auto* const done = key == nullptr ? SHA256(bytes, bytes_.size(), digest.data())
                                            : HMAC(EVP_sha256(), key->hash.data(), static_cast<int>(key->hash.size()), bytes,
                                                   bytes_.size(), digest.data(), nullptr);
    if (done == nullptr) std::abort();
    core::PayloadHash hash;
    std::copy_n(digest.begin(), hash.size(), hash.begin());
    return hash;
  }

 private:
  Canonical& add_byte(char byte) { return add(std::string_view(&byte, 1)); }
  void number(std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8) bytes_.push_back(static_cast<char>(value >> shift & 0xFF));
  }

  std::string bytes_;
};

struct Fields {
  Canonical& out;

  void operator()(const core::SetProfile& p) const { out.add(p.name).add(p.avatar_url); }
  void operator()(const core::CreateWorkspace& p) const { out.add(p.workspace).add(p.name); }
  void operator()(const core::UpdateWorkspace& p) const { out.add(p.workspace).add(p.name).add(p.if_version); }
  void operator()(const core::DeleteWorkspace& p) const { out.add(p.workspace); }
  void operator()(const core::SetWorkspaceMember& p) const { out.add(p.workspace).add(p.user).add(p.role); }
  void operator()(const core::RemoveWorkspaceMember& p) const { out.add(p.workspace).add(p.user); }
  void operator()(const core::CreateChannel& p) const {
    out.add(p.channel).add(p.kind).add(p.workspace).add(p.name).add(p.topic).add(p.members);
    if (!p.metadata.empty() || p.open) out.add(p.metadata);
    if (p.open) out.add(p.open);
  }
  void operator()(const core::OpenDirect& p) const { out.add(p.channel).add(p.other); }
  void operator()(const core::UpdateChannel& p) const {
    out.add(p.channel).add(p.name).add(p.topic).add(p.archived).add(p.if_version);
    if (p.metadata) out.add(*p.metadata);
  }
  void operator()(const core::DeleteChannel& p) const { out.add(p.channel); }
  void operator()(const core::SetChannelMember& p) const { out.add(p.channel).add(p.user).add(p.role); }
  void operator()(const core::RemoveChannelMember& p) const { out.add(p.channel).add(p.user); }
  void operator()(const core::PostMessage& p) const {
    out.add(p.channel).add(p.text).add(p.reply_to).add(p.attachments).add(p.metadata);
  }
  void operator()(const core::EditMessage& p) const { out.add(p.channel).add(p.seq).add(p.text).add(p.if_version); }
  void operator()(const core::RetractMessage& p) const { out.add(p.channel).add(p.seq); }
  void operator()(const core::HideMessage& p) const { out.add(p.channel).add(p.seq); }
  void operator()(const core::HideUpTo& p) const { out.add(p.channel).add(p.seq); }
  void operator()(const core::SetReaction& p) const { out.add(p.channel).add(p.seq).add(p.emoji).add(p.on); }
  void operator()(const core::SetPin& p) const { out.add(p.channel).add(p.seq).add(p.on); }
  void operator()(const core::SetBan& p) const { out.add(p.channel).add(p.user).add(p.on).add(p.reason).add(p.until); }
  void operator()(const core::OpenRoom& p) const { out.add(p.channel).add(p.name); }
  void operator()(const core::EraseUser& p) const {
    out.add(p.user).add(core::Number<struct KeyTag>{p.keys_before}).add(core::Number<struct SlotTag>{p.slot});
  }
  void operator()(const core::CreateAccount& p) const { out.add(p.name).add(p.role).add(p.password_hash); }
  void operator()(const core::ReserveName& p) const { out.add(p.name.space).add(p.name.name); }
  void operator()(const core::ReleaseName& p) const { out.add(p.name.space).add(p.name.name); }
  void operator()(const core::MoveCursor& p) const { out.add(p.channel).add(p.seq).add(p.kind); }
};

}  // namespace

void set_payload_hash(core::Command& command, const BodyKey* key) {
  Canonical canonical;
  canonical.add(event_type(command));
  std::visit(Fields{canonical}, command.payload);
  command.payload_hash = canonical.hash(key);
}

}  // namespace parley::codec
