#include "net/client_address.hpp"

#include <gtest/gtest.h>

namespace parley::net {
namespace {

std::string client(const std::vector<std::string>& proxies, std::string peer, const std::vector<std::string>& forwarded = {}) {
  HttpRequest request{.method = "GET", .target = "/", .remote = std::move(peer)};
  for (const auto& hops : forwarded) request.headers.emplace_back("x-forwarded-for", hops);
  return TrustedProxies::parse(proxies).value().client_of(request);
}

TEST(ClientAddress, IsThePeersWhereNoProxyIsTrusted) {
  EXPECT_EQ(client({}, "192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(client({}, "192.0.2.7", {"198.51.100.1"}), "192.0.2.7");
  EXPECT_EQ(client({"10.0.0.1"}, "192.0.2.7", {"198.51.100.1"}), "192.0.2.7");
}

TEST(ClientAddress, IsTheLastHopBeforeATrustedProxy) {
  EXPECT_EQ(client({"10.0.0.1"}, "10.0.0.1", {"198.51.100.1"}), "198.51.100.1");
  EXPECT_EQ(client({"10.0.0.1"}, "10.0.0.1", {"203.0.113.9, 198.51.100.1"}), "198.51.100.1") << "the first may be invented";
  EXPECT_EQ(client({"10.0.0.1"}, "10.0.0.1", {"203.0.113.9", "198.51.100.1"}), "198.51.100.1");
  EXPECT_EQ(client({"10.0.0.0/8"}, "10.9.9.9", {"198.51.100.1 , 10.1.2.3,\t10.3.2.1"}), "198.51.100.1");
  EXPECT_EQ(client({"10.0.0.0/8"}, "10.9.9.9", {"10.1.2.3, 10.3.2.1"}), "10.1.2.3") << "all of it is within";
}

TEST(ClientAddress, IsTheProxysWhereItNamesNobody) {
  for (const auto& hops : std::vector<std::vector<std::string>>{
           {}, {""}, {","}, {"unknown"}, {"198.51.100.1, nonsense"}, {"1.2.3"}, {"198.51.100.1:80"}})
    EXPECT_EQ(client({"10.0.0.1"}, "10.0.0.1", hops), "10.0.0.1");
}

TEST(ClientAddress, OfIPv6IsTheNetworkOfOneCustomer) {
  EXPECT_EQ(client({}, "2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(client({}, "2001:db8:1:2::9"), client({}, "2001:db8:1:2:ffff::"));
  EXPECT_NE(client({}, "2001:db8:1:2::9"), client({}, "2001:db8:1:3::9"));
  EXPECT_EQ(client({"::1"}, "::1", {"2001:DB8::5"}), "2001:db8::/64");
}

TEST(ClientAddress, OfIPv4IsTheSameHoweverItIsWritten) {
  EXPECT_EQ(client({}, "::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(client({"10.0.0.0/8"}, "::ffff:10.1.1.1", {"::ffff:198.51.100.1"}), "198.51.100.1");
}

TEST(ClientAddress, NetworksAreTrustedToTheBit) {
  EXPECT_EQ(client({"10.0.0.128/25"}, "10.0.0.128", {"198.51.100.1"}), "198.51.100.1");
  EXPECT_EQ(client({"10.0.0.128/25"}, "10.0.0.127", {"198.51.100.1"}), "10.0.0.127");
  EXPECT_EQ(client({"0.0.0.0/0"}, "203.0.113.1", {"198.51.100.1"}), "198.51.100.1");
  EXPECT_EQ(client({"0.0.0.0/0"}, "2001:db8::1", {"198.51.100.1"}), "2001:db8::/64");
  EXPECT_EQ(client({"fd00::/9"}, "fd7f::1", {"198.51.100.1"}), "198.51.100.1");
  EXPECT_EQ(client({"fd00::/9"}, "fd80::1", {"198.51.100.1"}), "fd80::/64");
}

TEST(ClientAddress, WhatIsNoNetworkIsRefusedByName) {
  for (const auto* text :
       {"", "edge", "10.0.0.1/33", "10.0.0.1/", "10.0.0.1/x", "10.0.0.1/-1", "10.0.0/8", "::1/129", "10.0.0.1/8/8"}) {
    const auto parsed = TrustedProxies::parse({"127.0.0.1", text});
    ASSERT_FALSE(parsed) << text;
    EXPECT_NE(parsed.error().find(std::string("'") + text + "'"), std::string::npos);
  }
}

}  // namespace
}  // namespace parley::net
