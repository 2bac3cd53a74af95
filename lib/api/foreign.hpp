// Who answers at paths that are not of the public contract: another system's calls, translated (lib/dialect).
//
// Concurrency: its door's shard. Ownership: outlives its door's last request. The address's rate has been looked at when it is
// asked; who is calling, it finds out itself.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/rate_gate.hpp"
#include "net/server.hpp"
#include "runtime/trace.hpp"

namespace parley::api {

class Foreign {
 public:
  virtual ~Foreign() = default;
  // Whether the path is one of its own, for whatever method or for a socket.
  [[nodiscard]] virtual bool is_at(std::string_view path) const = 0;
  // The methods that it takes there; none: it takes only sockets.
  [[nodiscard]] virtual std::vector<std::string> methods_at(std::string_view path) const = 0;
  // The token that a request brings, wherever it is.
  [[nodiscard]] virtual std::optional<std::string> token_of(const net::HttpRequest& request) const = 0;
  // Whether a page may call whose origin is not of the server's own list. That it may read the answer, the answer says itself.
  [[nodiscard]] virtual bool allows_origin(const net::HttpRequest& request) const = 0;
  // `methods`: all that are taken at the path, by whomever. `is_listed`: the page's origin is of the server's own list.
  [[nodiscard]] virtual net::HttpResponse preflight(const net::HttpRequest& request, const std::vector<std::string>& methods,
                                                    bool is_listed) const = 0;
  // REQUIRES: methods_at() has the request's.
  virtual boost::asio::awaitable<net::HttpResponse> handle(net::HttpRequest request, runtime::TraceContext trace,
                                                           Visit& visit) = 0;
  // The request and the visit outlive the wait. If the token's key was not known, its fetch has been waited for.
  virtual boost::asio::awaitable<net::Taken> upgrade(const net::HttpRequest& request, Visit& visit) = 0;
};

}  // namespace parley::api
