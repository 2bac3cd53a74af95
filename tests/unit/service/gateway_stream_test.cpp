// What the service's end of the stream does with a peer that is no RemoteBroadcast.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "parley/internal/v1/gateway.grpc.pb.h"
#include "service/gateway_codec.hpp"
#include "service/grpc_gateway_client.hpp"
#include "tests/unit/service/broadcaster_process.hpp"
#include "tests/unit/service/eventually.hpp"
#include "tests/unit/service/recording_broadcast.hpp"
#include "tests/unit/service/recording_gateway.hpp"

namespace parley::service {
namespace {

using namespace std::chrono_literals;
constexpr GatewayId kId = 42;

// The status that a stream ends with which says only this.
grpc::Status say(std::uint16_t port, const std::vector<pb::ToBroadcaster>& messages, const std::string& presented = "swordfish",
                 bool half_close = false) {
  const auto stub = pb::Gateway::NewStub(open_channel({.target = at(port)}));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + 20s);
  if (!presented.empty()) context.AddMetadata(kSecretMetadata, presented);
  const auto stream = stub->Stream(&context);
  for (const auto& message : messages) stream->Write(message);
  if (half_close) stream->WritesDone();
  pb::ToGateway heard;
  while (stream->Read(&heard)) {
  }
  return stream->Finish();
}

pb::ToBroadcaster hello() {
  pb::ToBroadcaster message;
  message.mutable_hello()->set_gateway(kId);
  return message;
}

pb::ToBroadcaster attach(const std::string& user) {
  pb::ToBroadcaster message;
  message.mutable_attach()->set_user(user);
  return message;
}

class GatewayStreamTest : public testing::Test {
 protected:
  RecordingBroadcast broadcast;
  RecordingGateway gateway;

  // Hello has arrived.
  bool is_connected(GatewayId id = kId) {
    return eventually([&] { return broadcast.connected(id); });
  }
};

TEST_F(GatewayStreamTest, WithoutTheSecretNobodyIsHeard) {
  BroadcasterProcess server(broadcast);
  EXPECT_EQ(say(server.port(), {hello()}, "guess").error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(say(server.port(), {hello()}, "").error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_TRUE(broadcast.connects().empty());
}

TEST_F(GatewayStreamTest, HelloComesFirstAndOnce) {
  BroadcasterProcess server(broadcast);
  EXPECT_EQ(say(server.port(), {attach("ann")}).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_TRUE(broadcast.connects().empty());
  EXPECT_EQ(say(server.port(), {hello(), hello()}).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(broadcast.disconnects().size(), 1U);
}

TEST_F(GatewayStreamTest, ANameThatIsNoUserEndsTheStream) {
  BroadcasterProcess server(broadcast);
  EXPECT_EQ(say(server.port(), {hello(), attach("")}).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(say(server.port(), {hello(), attach("a/b")}).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_TRUE(broadcast.attaches().empty());
}

TEST_F(GatewayStreamTest, AnItemOfANewerProgramIsPassedOver) {
  BroadcasterProcess server(broadcast);
  EXPECT_TRUE(say(server.port(), {hello(), pb::ToBroadcaster{}, attach("ann")}, "swordfish", true).ok());
  EXPECT_EQ(broadcast.attaches().size(), 1U);
  EXPECT_EQ(broadcast.disconnects().size(), 1U);
}

TEST_F(GatewayStreamTest, OneGatewayTooManyWaitsUntilThereIsRoom) {
  BroadcasterProcess server(broadcast, {.max_gateways = 1});
  RemoteBroadcast remote(peer(server.port()));
  remote.connect(kId, gateway);
  ASSERT_TRUE(is_connected());
  RecordingGateway other;
  RemoteBroadcast waiting(peer(server.port()));
  waiting.connect(kId + 1, other);

  EXPECT_EQ(say(server.port(), {hello()}).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_FALSE(waiting.connected());
  remote.disconnect(kId);
  EXPECT_TRUE(is_connected(kId + 1));
}

}  // namespace
}  // namespace parley::service
