#include "dialect/dialect.hpp"

#include <algorithm>
#include <cctype>

namespace parley::dialect {

namespace {

constexpr std::string_view kScheme = "bearer ";

bool is_bearer(std::string_view header) {
  return header.size() > kScheme.size() && std::ranges::equal(header.substr(0, kScheme.size()), kScheme, [](char a, char b) {
           return std::tolower(static_cast<unsigned char>(a)) == b;
         });
}

}  // namespace

std::optional<std::string> bearer(const net::HttpRequest& request) {
  const auto* header = request.header("Authorization");
  if (header == nullptr || !is_bearer(*header)) return std::nullopt;
  return header->substr(kScheme.size());
}

std::optional<std::string> raw_or_bearer(const net::HttpRequest& request) {
  const auto* header = request.header("Authorization");
  if (header == nullptr || header->empty()) return std::nullopt;
  return is_bearer(*header) ? header->substr(kScheme.size()) : *header;
}

net::HttpResponse json_answer(unsigned status, const Json& body) {
  return {.status = status, .headers = {{"Content-Type", "application/json"}}, .body = text_of(body)};
}

net::HttpResponse text_answer(unsigned status, std::string_view text) {
  return {.status = status, .headers = {{"Content-Type", "text/plain; charset=utf-8"}}, .body = std::string(text)};
}

}  // namespace parley::dialect
