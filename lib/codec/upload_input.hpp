// The body of POST /v1/uploads. Strict in the same way as client_input.hpp.
//
// Concurrency: pure functions, any thread. Limits: kMaxUploadNameBytes; the caller bounds the body.
#pragma once

#include "codec/client_input.hpp"

namespace parley::codec {

inline constexpr std::size_t kMaxUploadNameBytes = 1024;

struct UploadRequest {
  std::optional<core::ChannelId> channel;  // none: it is the user's own
  std::string name;                        // as it was at the client's: any text
  std::string content_type;                // empty: any; of his own alone
  std::uint64_t size = 0;                  // 0: any; of his own alone
};
// `max_size`: of an object.
Parsed<UploadRequest> parse_upload(std::string_view body, std::uint64_t max_size);

// Is it "type/subtype" (RFC 6838), in lower case and without parameters?
bool is_media_type(std::string_view text);

}  // namespace parley::codec
