// Links to put files behind.
#include <algorithm>

#include "core/ids.hpp"
#include "dialect/social_media/form.hpp"
#include "query-api/dialects/social_media/reads.hpp"

namespace parley::query_api::dialects::social_media {

using namespace dialect::social_media;
using dialect::Json;

namespace {

constexpr std::size_t kMaxExtension = 16;

bool is_extension(std::string_view text) {
  const auto is_plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= kMaxExtension && std::ranges::all_of(text, is_plain);
}

// With a dot in front or without; none given: a file without.
std::vector<std::string> names_of(Form& form) {
  std::vector<std::string> names;
  for (auto extension : form.texts("fileExtensions")) {
    if (extension.starts_with('.')) extension.erase(0, 1);
    if (is_extension(extension))
      names.push_back("file." + extension);
    else
      form.wrong("fileExtensions", "must have 1 to 16 letters and digits each");
  }
  if (names.empty()) names.emplace_back("file");
  return names;
}

}  // namespace

Answering sign_urls(Call& call) {
  Form form(call, Form::Of::Body);
  const auto user = form.number("userId");
  const auto names = names_of(form);
  if (auto refusal = form.refusal()) co_return std::move(*refusal);
  if (user != core::number_of(call.native.user()).value)
    co_return failed(call, Failure::PermissionDenied, "userId is not the token's");
  Json urls = Json::array();
  for (const auto& name : names) {
    const auto upload = co_await call.native.post("/v1/uploads", {{"name", name}});
    if (upload.status != 201) co_return refused(call, upload);
    urls.push_back({{"key", "/" + dialect::text_in(upload.body, "key")}, {"url", upload.body["url"]}});
  }
  co_return dialect::json_answer(201, {{"userId", user}, {"signedUrls", std::move(urls)}});
}

}  // namespace parley::query_api::dialects::social_media
