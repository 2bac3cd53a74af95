// Where a request comes from: its peer or, where that is a proxy that is trusted, who the proxy says it is.
//
// Concurrency: constant; any thread.
#pragma once

#include <array>
#include <expected>
#include <string>
#include <vector>

#include "net/http.hpp"

namespace parley::net {

class TrustedProxies {
 public:
  TrustedProxies() = default;  // none
  // Of addresses and networks: "127.0.0.1", "10.0.0.0/8", "::1", "fd00::/8". The error is a sentence.
  static std::expected<TrustedProxies, std::string> parse(const std::vector<std::string>& list);

  // The last hop of X-Forwarded-For that is not a trusted proxy itself. A peer that is not trusted may write there what he
  // likes: he is taken for himself; so is a proxy that names nobody, or no address. An IPv6 address is told by its first 64
  // bits ("2001:db8:1:2::/64"), which are what one customer of a network has to himself.
  [[nodiscard]] std::string client_of(const HttpRequest& request) const;

 private:
  using Bytes = std::array<unsigned char, 16>;  // IPv4 as mapped into IPv6
  struct Network {
    Bytes bytes{};
    unsigned bits = 0;
    [[nodiscard]] bool has(const Bytes& address) const;
  };
  static std::optional<Bytes> parse_address(std::string_view text);
  static std::optional<Network> parse_network(std::string_view text);
  static std::string name_of(const Bytes& address);
  [[nodiscard]] bool trusts(const Bytes& address) const;

  std::vector<Network> networks_;
};

}  // namespace parley::net
