// base64url without padding (RFC 4648 §5), strict: no white space, no padding, no bits left over.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace parley::auth {

std::string base64url(std::string_view bytes);
std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace parley::auth
