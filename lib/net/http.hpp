// What an HTTP exchange looks like to those who answer it; Beast stays behind http_connection.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::net {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method;  // as sent: GET, PUT …; but a HEAD comes as GET, and the server leaves out the body of its answer
  std::string target;  // path and query, still percent-encoded
  Headers headers;     // in order; names as sent
  std::string body;
  std::string remote;  // the peer's address, without port; of what came over a connection never empty

  // The first header of that name, whatever its case; none: null.
  [[nodiscard]] const std::string* header(std::string_view name) const;
  [[nodiscard]] std::string_view path() const;   // still percent-encoded
  [[nodiscard]] std::string_view query() const;  // likewise, without '?'
};

struct HttpResponse {
  unsigned status = 200;
  Headers headers;  // besides Content-Length, Date, Server and Connection, which the server adds
  std::string body;
};

bool same_header_name(std::string_view a, std::string_view b);  // whatever their case

// Percent-decoding (RFC 3986); none when broken or not UTF-8. '+' stays '+'.
std::optional<std::string> percent_decode(std::string_view text);
// A query string as name/value pairs, decoded ('+' is a space); none when broken.
std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query);

}  // namespace parley::net
