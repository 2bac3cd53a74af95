#include "net/request_target.hpp"

#include <algorithm>

namespace parley::net {
namespace {

// How much of a target in absolute form comes before its host; 0: it is not in that form.
std::size_t after_scheme(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (same_header_name(target.substr(0, scheme.size()), scheme)) return scheme.size();
  }
  return 0;
}

}  // namespace

bool to_origin_form(HttpRequest& request) {
  const std::size_t begin = after_scheme(request.target);
  if (begin == 0) return true;
  const std::size_t end = std::min(request.target.find_first_of("/?", begin), request.target.size());
  std::string host = request.target.substr(begin, end - begin);
  if (host.empty() || host.contains('@')) return false;
  request.target.erase(0, end);
  if (!request.target.starts_with('/')) request.target.insert(0, 1, '/');
  std::erase_if(request.headers, [](const auto& header) { return same_header_name(header.first, "Host"); });
  request.headers.emplace_back("Host", std::move(host));
  return true;
}

}  // namespace parley::net
