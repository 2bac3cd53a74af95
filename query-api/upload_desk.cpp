#include "query-api/upload_desk.hpp"

#include <algorithm>
#include <array>

#include "codec/json_writer.hpp"
#include "query-api/upload_name.hpp"
#include "runtime/random.hpp"

namespace parley::query_api {

namespace {

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::size_t kRandomBytes = 16;

std::string random_text() {
  std::array<std::byte, kRandomBytes> bytes{};
  runtime::fill_secret(bytes);
  std::string text;
  for (const auto byte : bytes) {
    text += kDigits[std::to_integer<unsigned>(byte) >> 4U];
    text += kDigits[std::to_integer<unsigned>(byte) & 15U];
  }
  return text;
}

bool allows(std::string_view pattern, std::string_view type) {
  if (pattern == "*/*") return true;
  if (pattern.ends_with("/*")) return type.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == type;
}

constexpr const char* kHelp = "Links to uploads that were given out, once a call";

}  // namespace

std::optional<UploadKey> UploadKey::parse(std::string_view channel, std::string_view random, std::string_view name) {
  const auto id = core::ChannelId::parse(channel);
  if (!id || id->text() != channel) return std::nullopt;
  if (random.size() != 2 * kRandomBytes || random.find_first_not_of(kDigits) != std::string_view::npos) return std::nullopt;
  if (safe_name(name) != name) return std::nullopt;
  return UploadKey{*id, std::string(random), std::string(name)};
}

UploadDesk::UploadDesk(s3::Bucket bucket, UploadLimits limits, const runtime::Clock& clock, runtime::Metrics& metrics)
    : bucket_(std::move(bucket)),
      limits_(std::move(limits)),
      clock_(clock),
      put_links_(metrics.counter("parley_upload_links_total", kHelp, {{"method", "put"}})),
      get_links_(metrics.counter("parley_upload_links_total", kHelp, {{"method", "get"}})) {}

codec::Parsed<codec::UploadRequest> UploadDesk::parse(std::string_view body) const {
  auto request = codec::parse_upload(body, limits_.max_bytes);
  if (request && std::ranges::none_of(limits_.types, [&](const auto& type) { return allows(type, request->content_type); }))
    return std::unexpected(codec::InvalidInput{
        codec::Problem::InvalidArgument, "content_type: is not allowed here", {{"content_type", "is not allowed here"}}});
  return request;
}

std::string UploadDesk::put(const codec::UploadRequest& request) {
  put_links_.add();
  const auto now = clock_.now_ms();
  const auto key = UploadKey{request.channel, random_text(), safe_name(request.name)}.text();
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object().key("key").string(key);
  json.key("method").string("PUT").key("url").string(bucket_.put_link(key, request.content_type, request.size, now));
  json.key("headers").begin_object();
  json.text_key("Content-Type").string(request.content_type);
  json.text_key("Content-Length").string(std::to_string(request.size));
  json.end_object().key("expires_at").time({bucket_.expiry_ms(now)}).end_object();
  return body;
}

std::string UploadDesk::get(const UploadKey& key) {
  get_links_.add();
  const auto now = clock_.now_ms();
  std::string body;
  codec::JsonWriter(body)
      .begin_object()
      .key("url")
      .string(bucket_.get_link(key.text(), attachment_disposition(key.name), now))
      .key("expires_at")
      .time({bucket_.expiry_ms(now)})
      .end_object();
  return body;
}

}  // namespace parley::query_api
