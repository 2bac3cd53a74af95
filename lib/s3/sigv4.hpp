// AWS Signature Version 4, as far as S3 needs it: what is signed, with which key, and the query of a presigned URL.
//
// Concurrency: pure functions, any thread. Ownership: values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::s3 {

struct Credentials {
  std::string key_id;
  std::string secret;
};

using Pairs = std::vector<std::pair<std::string, std::string>>;

// What a signature covers.
struct Signable {
  std::string method;
  std::string path;  // percent-encoded, beginning with '/'
  Pairs query;       // not encoded
  Pairs headers;     // names in lower case
  std::string payload_hash = "UNSIGNED-PAYLOAD";
};

// Everything but unreserved characters (RFC 3986) as %XX; `keep_slashes` for paths.
std::string uri_encode(std::string_view text, bool keep_slashes = false);
// "20130524T000000Z"
std::string amz_date(std::int64_t now_ms);

std::string canonical_request(const Signable& request);
std::string signature(const Credentials& credentials, const std::string& region, const std::string& amz_date,
                      const std::string& canonical_request);
// The query of the URL with which the request may be sent, by whoever has it, until it expires.
std::string presigned_query(Signable request, const Credentials& credentials, const std::string& region, std::int64_t now_ms,
                            std::uint32_t expires_s);

}  // namespace parley::s3
