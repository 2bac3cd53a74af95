#include "s3/bucket.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>

namespace parley::s3 {

namespace {

struct Endpoint {
  std::string scheme;
  std::string host;
};

bool is_host_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("-._:[]").find(c) != std::string_view::npos;
}

std::expected<Endpoint, std::string> parse_endpoint(std::string_view text) {
  const auto wrong =
      std::unexpected("the S3 endpoint '" + std::string(text) + "' is not http(s)://HOST or http(s)://HOST:PORT");
  const auto end = text.find("://");
  if (end == std::string_view::npos) return wrong;
  Endpoint endpoint{std::string(text.substr(0, end)), std::string(text.substr(end + 3))};
  if (endpoint.host.ends_with('/')) endpoint.host.pop_back();
  const bool is_https = endpoint.scheme == "https";
  if ((!is_https && endpoint.scheme != "http") || endpoint.host.empty() ||
      !std::ranges::all_of(endpoint.host, is_host_character))
    return wrong;
  // A client does not send the scheme's own port, and what it sends is what is signed.
  const std::string_view own_port = is_https ? ":443" : ":80";
  if (endpoint.host.ends_with(own_port)) endpoint.host.resize(endpoint.host.size() - own_port.size());
  return endpoint;
}

// As AWS names its buckets.
bool is_bucket(std::string_view name) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
  return name.size() >= 3 && name.size() <= 63 && std::ranges::all_of(name, fits) && name.find("..") == std::string_view::npos;
}

std::string trimmed(std::string line) {
  const auto is_space = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  while (!line.empty() && is_space(line.back())) line.pop_back();
  line.erase(line.begin(), std::ranges::find_if_not(line, is_space));
  return line;
}

}  // namespace

std::expected<Bucket, std::string> Bucket::make(BucketOptions options) {
  auto endpoint = parse_endpoint(options.endpoint);
  if (!endpoint) return std::unexpected(endpoint.error());
  if (!is_bucket(options.bucket)) return std::unexpected("'" + options.bucket + "' is no name of an S3 bucket");
  Bucket bucket(std::move(options));
  bucket.scheme_ = std::move(endpoint->scheme);
  bucket.host_ = bucket.options_.virtual_host ? bucket.options_.bucket + "." + endpoint->host : endpoint->host;
  return bucket;
}

std::string Bucket::put_link(const std::string& key, const Terms& terms, std::int64_t now_ms) const {
  Signable request{.method = "PUT"};
  if (!terms.content_type.empty()) request.headers.emplace_back("content-type", terms.content_type);
  if (terms.size != 0) request.headers.emplace_back("content-length", std::to_string(terms.size));
  return link(std::move(request), key, now_ms, lifetime_s(terms.expires_s));
}

std::string Bucket::get_link(const std::string& key, const std::string& disposition, std::int64_t now_ms) const {
  return link({.method = "GET", .query = {{"response-content-disposition", disposition}}}, key, now_ms, lifetime_s(0));
}

std::string Bucket::link(Signable request, const std::string& key, std::int64_t now_ms, std::uint32_t expires_s) const {
  request.path = (options_.virtual_host ? "/" : "/" + options_.bucket + "/") + uri_encode(key, true);
  request.headers.emplace_back("host", host_);
  auto url = scheme_ + "://" + host_ + request.path;
  return url + "?" + presigned_query(std::move(request), options_.credentials, options_.region, now_ms, expires_s);
}

std::expected<Credentials, std::string> load_credentials(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) return std::unexpected("can't read the S3 credentials in " + file.string());
  Credentials credentials;
  std::getline(in, credentials.key_id);
  std::getline(in, credentials.secret);
  credentials = {trimmed(std::move(credentials.key_id)), trimmed(std::move(credentials.secret))};
  if (credentials.key_id.empty() || credentials.secret.empty())
    return std::unexpected("the S3 credentials in " + file.string() +
                           " are not a line with the key's id and one with its secret");
  return credentials;
}

}  // namespace parley::s3
