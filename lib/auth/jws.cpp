#include "auth/jws.hpp"

#include <algorithm>
#include <array>

#include "auth/base64url.hpp"
#include "auth/json_object.hpp"

namespace parley::auth {

namespace {

using Json = nlohmann::json;
constexpr std::array kRefusedHeaders{"crit", "jwk", "jku", "x5c", "x5u"};

std::optional<Algorithm> algorithm_of(const Json& header) {
  const auto alg = header.find("alg");
  if (alg == header.end() || !alg->is_string()) return std::nullopt;
  const auto& name = alg->get_ref<const std::string&>();
  if (name == "HS256") return Algorithm::Hs256;
  if (name == "RS256") return Algorithm::Rs256;
  if (name == "ES256") return Algorithm::Es256;
  return std::nullopt;
}

}  // namespace

std::optional<Jws> parse_jws(std::string_view token) {
  if (token.size() > kMaxTokenBytes) return std::nullopt;
  const auto first = token.find('.');
  const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return std::nullopt;

  const auto header_text = decode_base64url(token.substr(0, first));
  auto signature = decode_base64url(token.substr(second + 1));
  if (!header_text || !signature) return std::nullopt;
  const auto header = parse_object(*header_text);
  if (!header || std::ranges::any_of(kRefusedHeaders, [&](const auto* name) { return header->contains(name); }))
    return std::nullopt;
  const auto algorithm = algorithm_of(*header);
  if (!algorithm) return std::nullopt;
  Jws jws{.algorithm = *algorithm,
          .kid = {},
          .signed_part = token.substr(0, second),
          .claims = token.substr(first + 1, second - first - 1),
          .signature = std::move(*signature)};
  if (const auto kid = header->find("kid"); kid != header->end()) {
    if (!kid->is_string()) return std::nullopt;
    jws.kid = kid->get<std::string>();
  }
  return jws;
}

}  // namespace parley::auth
