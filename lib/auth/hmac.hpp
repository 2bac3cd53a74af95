// HMAC with SHA-256 (RFC 2104): 32 bytes.
#pragma once

#include <string>
#include <string_view>

namespace parley::auth {

std::string hmac_sha256(std::string_view secret, std::string_view text);

}  // namespace parley::auth
