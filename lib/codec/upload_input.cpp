#include "codec/upload_input.hpp"

#include <algorithm>

#include "codec/client_fields.hpp"

namespace parley::codec {
namespace {

constexpr std::size_t kMaxMediaTypeName = 127;  // RFC 6838, section 4.2

bool is_media_type_name(std::string_view name) {
  const auto is_plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const auto fits = [&](char c) { return is_plain(c) || std::string_view("!#$&-^_.+").find(c) != std::string_view::npos; };
  return !name.empty() && name.size() <= kMaxMediaTypeName && is_plain(name.front()) && std::ranges::all_of(name, fits);
}

std::string_view wrong_with_upload_name(std::string_view text) {
  static_assert(kMaxUploadNameBytes == 1024);
  return text.empty() || text.size() > kMaxUploadNameBytes ? "must have 1 to 1024 bytes" : "";
}

std::string_view wrong_with_media_type(std::string_view text) {
  return is_media_type(text) ? "" : "must be a type/subtype in lower case, without parameters";
}

}  // namespace

bool is_media_type(std::string_view text) {
  const auto slash = text.find('/');
  return slash != std::string_view::npos && is_media_type_name(text.substr(0, slash)) &&
         is_media_type_name(text.substr(slash + 1));
}

Parsed<UploadRequest> parse_upload(std::string_view body, std::uint64_t max_size) {
  auto fields = ClientFields::read(body);
  if (!fields) return std::unexpected(std::move(fields.error()));
  UploadRequest request;
  if (fields->has("channel_id")) {
    if (!fields->has("size")) fields->wrong("size", "is missing");
    request.channel = fields->channel("channel_id");
    request.content_type = fields->text("content_type", wrong_with_media_type);
  } else {
    request.content_type = fields->optional_text("content_type", wrong_with_media_type).value_or("");
  }
  request.name = fields->text("name", wrong_with_upload_name);
  request.size = fields->optional_integer("size", 1, max_size).value_or(0);
  return fields->finish(std::move(request));
}

}  // namespace parley::codec
