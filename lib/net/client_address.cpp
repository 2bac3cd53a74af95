#include "net/client_address.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>

namespace parley::net {

namespace {

constexpr unsigned kMappedBits = 96;  // in front of an IPv4 address that is written as IPv6

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The hops of all X-Forwarded-For headers, the last first.
std::vector<std::string_view> hops_of(const HttpRequest& request) {
  std::vector<std::string_view> hops;
  for (const auto& [name, value] : request.headers) {
    if (!same_header_name(name, "X-Forwarded-For")) continue;
    for (std::string_view rest = value;;) {
      const auto comma = rest.find(',');
      hops.push_back(trimmed(rest.substr(0, comma)));
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  std::ranges::reverse(hops);
  return hops;
}

}  // namespace

std::optional<TrustedProxies::Bytes> TrustedProxies::parse_address(std::string_view text) {
  namespace ip = boost::asio::ip;
  boost::system::error_code error;
  const auto address = ip::make_address(std::string(text), error);
  if (error) return std::nullopt;
  return address.is_v6() ? address.to_v6().to_bytes() : ip::make_address_v6(ip::v4_mapped, address.to_v4()).to_bytes();
}

std::optional<TrustedProxies::Network> TrustedProxies::parse_network(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  const bool is_v4 = text.find(':') == std::string_view::npos;
  const unsigned most = is_v4 ? 32 : 128;
  unsigned bits = most;
  if (slash != std::string_view::npos) {
    const auto length = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
    if (error != std::errc{} || end != length.data() + length.size() || bits > most) return std::nullopt;
  }
  return Network{*address, is_v4 ? bits + kMappedBits : bits};
}

bool TrustedProxies::Network::has(const Bytes& address) const {
  const auto whole = bits / 8;
  if (!std::equal(bytes.begin(), bytes.begin() + whole, address.begin())) return false;
  const auto rest = bits % 8;
  return rest == 0 || ((bytes[whole] ^ address[whole]) >> (8 - rest)) == 0;
}

std::expected<TrustedProxies, std::string> TrustedProxies::parse(const std::vector<std::string>& list) {
  TrustedProxies proxies;
  for (const auto& text : list) {
    const auto network = parse_network(text);
    if (!network) return std::unexpected("'" + text + "' is neither an address nor a network (10.0.0.0/8)");
    proxies.networks_.push_back(*network);
  }
  return proxies;
}

bool TrustedProxies::trusts(const Bytes& address) const {
  return std::ranges::any_of(networks_, [&](const auto& network) { return network.has(address); });
}

std::string TrustedProxies::name_of(const Bytes& address) {
  namespace ip = boost::asio::ip;
  const ip::address_v6 whole(address);
  if (whole.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, whole).to_string();
  auto customer = address;
  std::fill(customer.begin() + 8, customer.end(), 0);
  return ip::address_v6(customer).to_string() + "/64";
}

std::string TrustedProxies::client_of(const HttpRequest& request) const {
  const auto peer = parse_address(request.remote);
  if (!peer) return request.remote;
  auto client = *peer;
  if (trusts(client))
    for (const auto hop : hops_of(request)) {
      const auto address = parse_address(hop);
      if (!address) break;
      client = *address;
      if (!trusts(client)) break;
    }
  return name_of(client);
}

}  // namespace parley::net
