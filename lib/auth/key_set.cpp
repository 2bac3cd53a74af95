#include "auth/key_set.hpp"

#include <algorithm>

#include "auth/base64url.hpp"
#include "auth/json_object.hpp"

namespace parley::auth {

namespace {

using Json = nlohmann::json;

bool is(const Json& key, const char* name, std::string_view text) {
  const auto it = key.find(name);
  return it != key.end() && it->is_string() && it->get_ref<const std::string&>() == text;
}

bool is_or_is_not_said(const Json& key, const char* name, std::string_view text) {
  return !key.contains(name) || is(key, name, text);
}

// What stands there in base64url; empty: nothing sound.
std::string bytes_of(const Json& key, const char* name) {
  const auto it = key.find(name);
  if (it == key.end() || !it->is_string()) return {};
  return decode_base64url(it->get_ref<const std::string&>()).value_or("");
}

bool may_verify(const Json& key) {
  if (!is_or_is_not_said(key, "use", "sig")) return false;
  const auto ops = key.find("key_ops");
  if (ops == key.end()) return true;
  return ops->is_array() && std::ranges::find(*ops, Json("verify")) != ops->end();
}

std::optional<PublicKey> key_of(const Json& key) {
  if (!key.is_object() || key.contains("d") || !may_verify(key)) return std::nullopt;
  if (key.contains("kid") && !key["kid"].is_string()) return std::nullopt;
  if (is(key, "kty", "RSA") && is_or_is_not_said(key, "alg", "RS256"))
    return PublicKey::rsa(bytes_of(key, "n"), bytes_of(key, "e"));
  if (is(key, "kty", "EC") && is(key, "crv", "P-256") && is_or_is_not_said(key, "alg", "ES256"))
    return PublicKey::p256(bytes_of(key, "x"), bytes_of(key, "y"));
  return std::nullopt;
}

}  // namespace

void KeySet::add(std::optional<std::string> kid, PublicKey key) {
  const Name name{key.algorithm(), std::move(kid)};
  const auto [it, fresh] = keys_.try_emplace(name, std::move(key));
  if (fresh) {
    ++size_;
    return;
  }
  passed_over_ += it->second ? 2 : 1;
  size_ -= it->second ? 1 : 0;
  it->second.reset();
}

std::expected<KeySet, std::string> KeySet::parse(std::string_view document) {
  const auto json = parse_object(document);
  if (!json) return std::unexpected("what came is no JSON object");
  const auto keys = json->find("keys");
  if (keys == json->end() || !keys->is_array()) return std::unexpected("what came has no list of keys");
  KeySet set;
  for (const auto& one : *keys) {
    auto key = key_of(one);
    if (!key) {
      ++set.passed_over_;
      continue;
    }
    const auto kid = one.find("kid");
    set.add(kid == one.end() ? std::nullopt : std::optional(kid->get<std::string>()), std::move(*key));
  }
  if (set.size_ == 0) return std::unexpected("what came has no key that can be used");
  return set;
}

const PublicKey* KeySet::find(Algorithm algorithm, const std::optional<std::string>& kid) const {
  if (kid) {
    const auto it = keys_.find({algorithm, kid});
    return it == keys_.end() || !it->second ? nullptr : &*it->second;
  }
  const auto first = keys_.lower_bound({algorithm, std::nullopt});
  if (first == keys_.end() || first->first.first != algorithm || !first->second) return nullptr;
  const auto next = std::next(first);
  return next == keys_.end() || next->first.first != algorithm ? &*first->second : nullptr;
}

}  // namespace parley::auth
