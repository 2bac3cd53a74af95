#include "query-api/upload_desk.hpp"

#include <algorithm>
#include <array>

#include "codec/json_writer.hpp"
#include "codec/rfc3339.hpp"
#include "query-api/upload_name.hpp"
#include "runtime/random.hpp"

namespace parley::query_api {

namespace {

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::size_t kRandomBytes = 16;

constexpr std::uint32_t kOwnLinkS = 3600;  // how long a link for an upload of one's own is good

using Random = std::array<std::byte, kRandomBytes>;
Random random_bytes() {
  Random bytes{};
  runtime::fill_secret(bytes);
  return bytes;
}

std::string text_of(const Random& bytes) {
  std::string text;
  for (const auto byte : bytes) {
    text += kDigits[std::to_integer<unsigned>(byte) >> 4U];
    text += kDigits[std::to_integer<unsigned>(byte) & 15U];
  }
  return text;
}

// A UUID of version 4.
std::string random_uuid() {
  auto bytes = random_bytes();
  bytes[6] = (bytes[6] & std::byte{0x0f}) | std::byte{0x40};
  bytes[8] = (bytes[8] & std::byte{0x3f}) | std::byte{0x80};
  auto text = text_of(bytes);
  for (const std::size_t at : {8, 13, 18, 23}) text.insert(at, "-");
  return text;
}

// What a file's name ends with, dot and all; empty: with nothing that tells what it is.
std::string ending_of(const std::string& safe_name) {
  constexpr std::size_t kMaxBytes = 16;
  const auto dot = safe_name.rfind('.');
  if (dot == std::string::npos || dot + 1 == safe_name.size() || safe_name.size() - dot > kMaxBytes + 1) return {};
  const auto is_plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  return std::all_of(safe_name.begin() + static_cast<std::ptrdiff_t>(dot) + 1, safe_name.end(), is_plain)
             ? safe_name.substr(dot)
             : std::string{};
}

// temp/usrs/NUMBER/files/YYYY/MM/DD/UUID.ENDING
std::string own_key(const core::UserId& user, const std::string& name, std::int64_t now_ms) {
  const auto day = codec::time_text({now_ms}).substr(0, 10);
  return "temp/usrs/" + std::to_string(core::number_of(user).value) + "/files/" + day.substr(0, 4) + "/" + day.substr(5, 2) +
         "/" + day.substr(8, 2) + "/" + random_uuid() + ending_of(safe_name(name));
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

std::string UploadDesk::put(const codec::UploadRequest& request, const core::UserId& user) {
  put_links_.add();
  const auto now = clock_.now_ms();
  const auto key = request.channel ? UploadKey{*request.channel, text_of(random_bytes()), safe_name(request.name)}.text()
                                   : own_key(user, request.name, now);
  const s3::Bucket::Terms terms{request.content_type, request.size, request.channel ? 0 : kOwnLinkS};
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object().key("key").string(key);
  json.key("method").string("PUT").key("url").string(bucket_.put_link(key, terms, now));
  json.key("headers").begin_object();
  if (!request.content_type.empty()) json.text_key("Content-Type").string(request.content_type);
  if (request.size != 0) json.text_key("Content-Length").string(std::to_string(request.size));
  json.end_object().key("expires_at").time({bucket_.expiry_ms(now, terms.expires_s)}).end_object();
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
