#include "service/grpc_server.hpp"

#include <gtest/gtest.h>

#include "service/grpc_gateway_server.hpp"
#include "tests/unit/service/recording_broadcast.hpp"

namespace parley::service {
namespace {

class GrpcServerTest : public testing::Test {
 protected:
  RecordingBroadcast broadcast;
  GatewayService service{broadcast};
};

TEST_F(GrpcServerTest, AnyFreePortIsTold) {
  GrpcServer server({});
  const auto port = server.start("127.0.0.1:0", {&service});
  ASSERT_TRUE(port.has_value()) << port.error();
  EXPECT_NE(*port, 0);
}

TEST_F(GrpcServerTest, WithoutASecretItListensOnLoopbackAlone) {
  for (const auto* listen : {"0.0.0.0:0", "[::]:0", "192.0.2.1:0", "example.org:0"}) {
    GrpcServer server({});
    const auto port = server.start(listen, {&service});
    ASSERT_FALSE(port.has_value()) << listen;
    EXPECT_NE(port.error().find("shared secret"), std::string::npos) << port.error();
  }
}

TEST_F(GrpcServerTest, LoopbackHasSeveralNames) {
  for (const auto* listen : {"127.0.0.1:0", "127.3.2.1:0", "localhost:0"}) {
    GatewayService one(broadcast);
    GrpcServer server({});
    EXPECT_TRUE(server.start(listen, {&one}).has_value()) << listen;
  }
}

TEST_F(GrpcServerTest, WhatIsNoAddressIsRefused) {
  for (const auto* listen : {"", "nonsense", "127.0.0.1", "127.0.0.1:", "::1:80", ":80"}) {
    GrpcServer server({});
    const auto port = server.start(listen, {&service});
    ASSERT_FALSE(port.has_value()) << listen;
    EXPECT_NE(port.error().find("HOST:PORT"), std::string::npos) << port.error();
  }
}

TEST_F(GrpcServerTest, AnAddressThatIsTakenIsRefused) {
  GrpcServer first({});
  const auto port = first.start("127.0.0.1:0", {&service});
  ASSERT_TRUE(port.has_value());

  GatewayService other(broadcast);
  GrpcServer second({});
  const auto again = second.start("127.0.0.1:" + std::to_string(*port), {&other});
  ASSERT_FALSE(again.has_value());
  EXPECT_NE(again.error().find("can't listen"), std::string::npos);
}

TEST_F(GrpcServerTest, StoppingTwiceIsHarmless) {
  GrpcServer server({});
  ASSERT_TRUE(server.start("127.0.0.1:0", {&service}).has_value());
  server.stop(std::chrono::seconds(1));
  server.stop(std::chrono::seconds(1));
}

}  // namespace
}  // namespace parley::service
