#include "app/uploads.hpp"

namespace parley::app {

namespace {

std::expected<s3::Bucket, std::string> bucket_of(const UploadOptions& u, s3::Credentials credentials) {
  return s3::Bucket::make({.endpoint = u.endpoint,
                           .region = u.region,
                           .bucket = u.bucket,
                           .virtual_host = u.addressing == "virtual",
                           .credentials = std::move(credentials),
                           .expires_s = u.expires_s});
}

}  // namespace

std::expected<void, std::string> check_uploads(const UploadOptions& u) {
  if (u.endpoint.empty() && (!u.bucket.empty() || !u.credentials_file.empty()))
    return std::unexpected("for uploads the server is needed as well: --s3-endpoint");
  if (u.endpoint.empty()) return {};
  if (u.bucket.empty() || u.credentials_file.empty())
    return std::unexpected("for uploads to " + u.endpoint + " --s3-bucket and --s3-credentials-file are needed as well");
  if (const auto bucket = bucket_of(u, {}); !bucket) return std::unexpected(bucket.error());
  return {};
}

std::expected<std::unique_ptr<query_api::UploadDesk>, std::string> upload_desk(const Options& options,
                                                                               const runtime::Clock& clock,
                                                                               runtime::Metrics& metrics) {
  const auto& u = options.uploads;
  if (u.endpoint.empty()) return nullptr;
  auto credentials = s3::load_credentials(u.credentials_file);
  if (!credentials) return std::unexpected(credentials.error());
  auto bucket = bucket_of(u, std::move(*credentials));
  if (!bucket) return std::unexpected(bucket.error());
  return std::make_unique<query_api::UploadDesk>(
      std::move(*bucket), query_api::UploadLimits{.max_bytes = u.max_bytes, .types = split_list(u.types)}, clock, metrics);
}

}  // namespace parley::app
