#include "api/request_input.hpp"

#include "codec/client_query.hpp"

namespace parley::api {

codec::Parsed<Query> query_of(const net::HttpRequest& request) {
  auto query = net::parse_query(request.query());
  if (!query) return std::unexpected(codec::wrong_field("query", "its percent-encoding is broken"));
  return std::move(*query);
}

codec::Parsed<void> no_query(const net::HttpRequest& request) {
  const auto query = query_of(request);
  return query ? codec::parse_no_query(*query) : std::unexpected(query.error());
}

codec::Parsed<std::optional<std::string>> only_header(const net::HttpRequest& request, std::string_view name) {
  std::optional<std::string> found;
  for (const auto& [each, value] : request.headers) {
    if (!net::same_header_name(each, name)) continue;
    if (found) return std::unexpected(codec::wrong_field(name, "stands twice"));
    found = value;
  }
  return found;
}

codec::Parsed<std::string> key_of(const net::HttpRequest& request) {
  const auto header = only_header(request, "Idempotency-Key");
  if (!header) return std::unexpected(header.error());
  return *header ? codec::parse_key(**header) : codec::Parsed<std::string>{};
}

std::optional<std::string> listed_header(const net::HttpRequest& request, std::string_view name) {
  std::optional<std::string> all;
  for (const auto& [each, value] : request.headers)
    if (net::same_header_name(each, name)) all = all ? *all + "," + value : value;
  return all;
}

}  // namespace parley::api
