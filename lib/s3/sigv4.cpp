#include "s3/sigv4.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>

namespace parley::s3 {

namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
         c == '~';
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

std::string sha256(std::string_view text) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), &size, EVP_sha256(), nullptr) != 1)
    std::abort();
  digest.resize(size);
  return digest;
}

std::string hmac(std::string_view key, std::string_view text) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
           text.size(), reinterpret_cast<unsigned char*>(digest.data()), &size) == nullptr)
    std::abort();
  digest.resize(size);
  return digest;
}

std::string canonical_query(const Pairs& query) {
  Pairs encoded;
  for (const auto& [name, value] : query) encoded.emplace_back(uri_encode(name), uri_encode(value));
  std::ranges::sort(encoded);
  std::string out;
  for (const auto& [name, value] : encoded) out.append(out.empty() ? "" : "&").append(name).append("=").append(value);
  return out;
}

Pairs sorted(Pairs headers) {
  std::ranges::sort(headers);
  return headers;
}

std::string signed_headers(const Pairs& headers) {
  std::string out;
  for (const auto& [name, value] : sorted(headers)) out.append(out.empty() ? "" : ";").append(name);
  return out;
}

std::string scope(const std::string& region, const std::string& date) {
  return date.substr(0, 8) + "/" + region + "/s3/aws4_request";
}

}  // namespace

std::string uri_encode(std::string_view text, bool keep_slashes) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c) || (keep_slashes && c == '/')) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.append({'%', kDigits[byte >> 4U], kDigits[byte & 15U]});
    }
  }
  return out;
}

std::string amz_date(std::int64_t now_ms) {
  const auto seconds = static_cast<std::time_t>(now_ms / 1000);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[17];
  std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc);
  return text;
}

std::string canonical_request(const Signable& request) {
  std::string out = request.method + "\n" + request.path + "\n" + canonical_query(request.query) + "\n";
  for (const auto& [name, value] : sorted(request.headers)) out.append(name).append(":").append(value).append("\n");
  return out + "\n" + signed_headers(request.headers) + "\n" + request.payload_hash;
}

std::string signature(const Credentials& credentials, const std::string& region, const std::string& date,
                      const std::string& canonical) {
  auto key = hmac("AWS4" + credentials.secret, date.substr(0, 8));
  for (const std::string_view part : {std::string_view(region), std::string_view("s3"), std::string_view("aws4_request")})
    key = hmac(key, part);
  const auto to_sign = std::string(kAlgorithm) + "\n" + date + "\n" + scope(region, date) + "\n" + hex(sha256(canonical));
  return hex(hmac(key, to_sign));
}

std::string presigned_query(Signable request, const Credentials& credentials, const std::string& region, std::int64_t now_ms,
                            std::uint32_t expires_s) {
  const auto date = amz_date(now_ms);
  request.query.emplace_back("X-Amz-Algorithm", kAlgorithm);
  request.query.emplace_back("X-Amz-Credential", credentials.key_id + "/" + scope(region, date));
  request.query.emplace_back("X-Amz-Date", date);
  request.query.emplace_back("X-Amz-Expires", std::to_string(expires_s));
  request.query.emplace_back("X-Amz-SignedHeaders", signed_headers(request.headers));
  return canonical_query(request.query) +
         "&X-Amz-Signature=" + signature(credentials, region, date, canonical_request(request));
}

}  // namespace parley::s3
