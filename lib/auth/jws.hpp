// A signed token taken apart (RFC 7515, compact form), before anything of it is believed.
//
// Refused here: what has not three parts of strict base64url; another algorithm than the three, `none` too; a `crit` header; a
// header that brings a key of its own or says where one is to be had (`jwk`, `jku`, `x5c`, `x5u`); a name that stands twice.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::auth {

inline constexpr std::size_t kMaxTokenBytes = 8 << 10;

enum class Algorithm : std::uint8_t { Hs256, Rs256, Es256 };

struct Jws {
  Algorithm algorithm;
  std::optional<std::string> kid;
  std::string_view signed_part;  // header and claims, as they are signed; of the token
  std::string_view claims;       // still encoded; of the token
  std::string signature;
};

// The token must outlive what is returned.
std::optional<Jws> parse_jws(std::string_view token);

}  // namespace parley::auth
