#include <gtest/gtest.h>

#include <latch>
#include <thread>

#include "service/grpc_gateway_client.hpp"
#include "tests/unit/service/broadcaster_process.hpp"
#include "tests/unit/service/eventually.hpp"
#include "tests/unit/service/recording_broadcast.hpp"
#include "tests/unit/service/recording_gateway.hpp"
#include "tests/unit/service/relay.hpp"
#include "tests/unit/service/samples.hpp"

namespace parley::service {
namespace {

using namespace std::chrono_literals;
constexpr GatewayId kId = 42;

class GrpcGatewayTest : public testing::Test {
 protected:
  RecordingBroadcast broadcast;
  RecordingGateway gateway;

  // Hello has arrived.
  bool is_connected(GatewayId id = kId) {
    return eventually([&] { return broadcast.connected(id); });
  }
};

TEST_F(GrpcGatewayTest, EveryItemIsDeliveredAsItWas) {
  BroadcasterProcess server(broadcast);
  RemoteBroadcast remote(peer(server.port()));
  remote.connect(kId, gateway);
  ASSERT_TRUE(is_connected());

  const std::vector<GatewayItem> items{attached(), push(12), accepted(), rejected(), typing(), presence(), listening()};
  broadcast.deliver(kId, {.partition = 9, .items = items});

  ASSERT_TRUE(eventually([&] { return gateway.items() == items.size(); }));
  const auto batch = gateway.batches().at(0);
  EXPECT_EQ(batch.partition, 9U);
  for (std::size_t i = 0; i < items.size(); ++i) EXPECT_TRUE(same(batch.items[i], items[i])) << i;
}

TEST_F(GrpcGatewayTest, AttachesAndDetachesArriveInTheirOrder) {
  BroadcasterProcess server(broadcast);
  RemoteBroadcast remote(peer(server.port()));
  remote.connect(kId, gateway);
  ASSERT_TRUE(eventually([&] { return gateway.reattaches() == 1; }));

  for (std::uint64_t i = 0; i < 1000; ++i) remote.attach(kId, {"user-" + std::to_string(i)}, i, 3);
  remote.detach(kId, {"user-5"}, 5);

  ASSERT_TRUE(eventually([&] { return !broadcast.detaches().empty(); }));
  const auto attaches = broadcast.attaches();
  ASSERT_EQ(attaches.size(), 1000U);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    EXPECT_EQ(attaches[i], (RecordingBroadcast::Attach{kId, "user-" + std::to_string(i), i, 3}));
  }
  EXPECT_EQ(broadcast.detaches(), (std::vector<RecordingBroadcast::Detach>{{kId, "user-5", 5}}));
}

TEST_F(GrpcGatewayTest, EveryPartitionKeepsItsOrderOverAHundredThousandBatches) {
  constexpr std::uint64_t kBatches = 50'000;
  BroadcasterProcess server(broadcast, {.max_queued_bytes = std::size_t{4} << 30});
  RemoteBroadcast remote(peer(server.port()));
  remote.connect(kId, gateway);
  ASSERT_TRUE(is_connected());

  const auto fold = [&](std::uint32_t partition) {
    for (std::uint64_t i = 0; i < kBatches; ++i) broadcast.deliver(kId, {.partition = partition, .items = {push(i)}});
  };
  {
    const std::jthread one(fold, 1);
    const std::jthread two(fold, 2);
  }

  ASSERT_TRUE(eventually([&] { return gateway.items() == 2 * kBatches; }, 60s));
  std::map<std::uint32_t, std::uint64_t> next;
  for (const auto& batch : gateway.batches()) {
    for (const auto& item : batch.items) ASSERT_EQ(std::get<Push>(item).offset, next[batch.partition]++);
  }
}

TEST_F(GrpcGatewayTest, WhatGathersWhileAWriteRunsGoesOutTogether) {
  BroadcasterProcess server(broadcast);
  RemoteBroadcast remote(peer(server.port()));
  remote.connect(kId, gateway);
  ASSERT_TRUE(is_connected());

  for (std::uint64_t i = 0; i < 10'000; ++i) broadcast.deliver(kId, {.partition = 1, .items = {push(i)}});

  ASSERT_TRUE(eventually([&] { return gateway.items() == 10'000; }));
  EXPECT_LT(gateway.batches().size(), 5'000U);
}

TEST_F(GrpcGatewayTest, TypingAndWatchesArriveAsTheyWereSaid) {
  BroadcasterProcess server(broadcast);
  RemoteBroadcast remote(peer(server.port()));
  remote.connect(kId, gateway);
  ASSERT_TRUE(eventually([&] { return gateway.reattaches() == 1; }));

  remote.typing(kId, {"ann"}, room("lobby"));
  remote.watch(kId, 3, {{"bob"}, {"cid"}});
  remote.unwatch(kId, 2, {{"bob"}});

  ASSERT_TRUE(eventually([&] { return !broadcast.unwatches().empty(); }));
  EXPECT_EQ(broadcast.typings(), (std::vector<std::pair<std::string, core::ChannelId>>{{"ann", room("lobby")}}));
  EXPECT_EQ(broadcast.watches(), (std::vector<RecordingBroadcast::Watch>{{3, {"bob", "cid"}}}));
  EXPECT_EQ(broadcast.unwatches(), (std::vector<RecordingBroadcast::Watch>{{2, {"bob"}}}));
}

TEST_F(GrpcGatewayTest, AConnectionListensToARoomOnceTheStreamHasHeardOfIt) {
  BroadcasterProcess server(broadcast);
  RemoteBroadcast remote(peer(server.port()));
  remote.connect(kId, gateway);
  ASSERT_TRUE(eventually([&] { return gateway.reattaches() == 1; }));

  remote.listen(kId, room("lobby"), 7, 3);  // reattach() will say it, after the attach
  remote.attach(kId, {"ann"}, 7, 3);
  remote.listen(kId, room("attic"), 7, 3);
  remote.unlisten(kId, room("attic"), 7);

  ASSERT_TRUE(eventually([&] { return !broadcast.unlistens().empty(); }));
  using Listen = RecordingBroadcast::Listen;
  EXPECT_EQ(broadcast.listens(), (std::vector<Listen>{{kId, room("attic"), 7, 3}}));
  EXPECT_EQ(broadcast.unlistens(), (std::vector<Listen>{{kId, room("attic"), 7, 0}}));
}

TEST_F(GrpcGatewayTest, ToASlowReaderTypingIsDroppedAndItsStreamLives) {
  constexpr std::size_t kLimit = 1 << 20;
  BroadcasterProcess server(broadcast, {.max_queued_bytes = kLimit});
  std::latch reads_again(1);
  struct Slow final : RecordingGateway {
    explicit Slow(std::latch& l) : latch(l) {}
    void deliver(GatewayBatch batch) override {
      latch.wait();
      RecordingGateway::deliver(std::move(batch));
    }
    std::latch& latch;
  } slow(reads_again);
  RemoteBroadcast remote(peer(server.port()));
  remote.connect(kId, slow);
  ASSERT_TRUE(is_connected());

  for (int i = 0; i < 1'000'000; ++i) ASSERT_TRUE(broadcast.deliver(kId, {.partition = 1, .items = {typing()}}));
  broadcast.deliver(kId, {.partition = 1, .items = {push(7)}});
  reads_again.count_down();

  ASSERT_TRUE(eventually([&] {
    const auto batches = slow.batches();
    return !batches.empty() && std::holds_alternative<Push>(batches.back().items.back());
  }));
  EXPECT_TRUE(broadcast.disconnects().empty());
  EXPECT_LT(slow.items(), 1'000'000U);
}

TEST_F(GrpcGatewayTest, NotYetConnectedIsNoError) {
  std::uint16_t port = 0;
  {
    BroadcasterProcess gone(broadcast);
    port = gone.port();
  }
  RemoteBroadcast remote(peer(port));
  remote.connect(kId, gateway);
  remote.attach(kId, {"ann"}, 1, 0);
  EXPECT_FALSE(remote.connected());

  BroadcasterProcess server(broadcast, {}, {}, port);

  EXPECT_TRUE(eventually([&] { return remote.connected(); }));
  EXPECT_TRUE(eventually([&] { return gateway.reattaches() == 1; }));
  EXPECT_TRUE(broadcast.attaches().empty());  // reattach() is there for it
}

TEST_F(GrpcGatewayTest, WhenTheBroadcasterComesBackTheGatewayAttachesAgainAndGoesOn) {
  auto server = std::make_unique<BroadcasterProcess>(broadcast);
  const auto port = server->port();
  RemoteBroadcast remote(peer(port));
  gateway.on_reattach = [&] { remote.attach(kId, {"ann"}, 1, 0); };
  remote.connect(kId, gateway);
  ASSERT_TRUE(eventually([&] { return broadcast.attaches().size() == 1; }));

  server->stop();
  EXPECT_EQ(broadcast.disconnects(), (std::vector<GatewayId>{kId}));
  EXPECT_TRUE(eventually([&] { return !remote.connected(); }));
  server = std::make_unique<BroadcasterProcess>(broadcast, GatewayServiceOptions{}, Keepalive{}, port);

  ASSERT_TRUE(eventually([&] { return broadcast.attaches().size() == 2; }));
  EXPECT_EQ(gateway.reattaches(), 2U);
  EXPECT_EQ(broadcast.connects(), (std::vector<GatewayId>{kId, kId}));
  broadcast.deliver(kId, {.partition = 1, .items = {push(1)}});
  EXPECT_TRUE(eventually([&] { return gateway.items() == 1; }));
}

TEST_F(GrpcGatewayTest, WhatTheBroadcasterHasSaidWhenItStopsIsHeardToTheEnd) {
  BroadcasterProcess server(broadcast);
  RemoteBroadcast remote(peer(server.port()));
  remote.connect(kId, gateway);
  ASSERT_TRUE(is_connected());
  constexpr std::size_t kBatches = 2'000;
  for (std::size_t i = 0; i < kBatches; ++i)
    broadcast.deliver(kId, {.partition = 1, .items = {push(i, std::string(500, 'x'))}});
  server.stop();
  EXPECT_TRUE(eventually([&] { return gateway.items() == kBatches; })) << gateway.items();
}

TEST_F(GrpcGatewayTest, ADetachOfWhatOnlyAnEarlierStreamKnewIsNotSent) {
  BroadcasterProcess server(broadcast);
  RemoteBroadcast remote(peer(server.port()));
  remote.connect(kId, gateway);
  ASSERT_TRUE(eventually([&] { return gateway.reattaches() == 1; }));

  remote.attach(kId, {"ann"}, 2, 0);  // attached again in time; 1 was closed before it could be
  remote.detach(kId, {"ann"}, 1);
  remote.detach(kId, {"ann"}, 2);

  ASSERT_TRUE(eventually([&] { return !broadcast.detaches().empty(); }));
  EXPECT_EQ(broadcast.detaches(), (std::vector<RecordingBroadcast::Detach>{{kId, "ann", 2}}));
}

TEST_F(GrpcGatewayTest, AConnectionThatIsAttachedTwiceCountsOnce) {
  BroadcasterProcess server(broadcast);
  RemoteBroadcast remote(peer(server.port()));
  remote.connect(kId, gateway);
  ASSERT_TRUE(eventually([&] { return gateway.reattaches() == 1; }));

  remote.attach(kId, {"ann"}, 1, 0);
  remote.attach(kId, {"ann"}, 1, 0);

  ASSERT_TRUE(eventually([&] { return !broadcast.detaches().empty(); }));
  EXPECT_EQ(broadcast.attaches().size(), 2U);
  EXPECT_EQ(broadcast.detaches(), (std::vector<RecordingBroadcast::Detach>{{kId, "ann", 1}}));
}

TEST_F(GrpcGatewayTest, ABroadcasterThatForgotAGatewayMakesItAttachAgain) {
  BroadcasterProcess server(broadcast);
  RemoteBroadcast remote(peer(server.port()));
  remote.connect(kId, gateway);
  ASSERT_TRUE(is_connected());

  broadcast.forget(kId);

  EXPECT_TRUE(eventually([&] { return gateway.reattaches() == 2; }));
}

TEST_F(GrpcGatewayTest, ADisconnectedGatewayHearsNothingMore) {
  BroadcasterProcess server(broadcast);
  RemoteBroadcast remote(peer(server.port()));
  remote.connect(kId, gateway);
  ASSERT_TRUE(is_connected());
  std::jthread fold([&] {
    for (std::uint64_t i = 0; broadcast.deliver(kId, {.partition = 1, .items = {push(i)}}); ++i) {
    }
  });
  ASSERT_TRUE(eventually([&] { return gateway.items() > 100; }));

  remote.disconnect(kId);
  const auto heard = gateway.items();
  fold.join();

  EXPECT_EQ(gateway.items(), heard);
  EXPECT_EQ(broadcast.disconnects(), (std::vector<GatewayId>{kId}));
  EXPECT_FALSE(remote.connected());
}

TEST_F(GrpcGatewayTest, AnotherGatewayMayConnectAfterADisconnect) {
  BroadcasterProcess server(broadcast);
  RemoteBroadcast remote(peer(server.port()));
  remote.connect(kId, gateway);
  ASSERT_TRUE(is_connected());
  remote.disconnect(kId);
  RecordingGateway other;

  remote.connect(kId + 1, other);

  EXPECT_TRUE(is_connected(kId + 1));
  remote.disconnect(kId + 1);
}

TEST_F(GrpcGatewayTest, AGatewayThatConnectsAgainTakesThePlaceOfItsOlderStream) {
  BroadcasterProcess server(broadcast);
  RemoteBroadcast old_one(peer(server.port()), {.first_retry = 1h, .longest_retry = 1h});
  old_one.connect(kId, gateway);
  ASSERT_TRUE(is_connected());
  RecordingGateway newer;
  RemoteBroadcast new_one(peer(server.port()));

  new_one.connect(kId, newer);

  ASSERT_TRUE(eventually([&] { return broadcast.connects().size() == 2; }));
  EXPECT_TRUE(eventually([&] { return !old_one.connected(); }));
  EXPECT_EQ(broadcast.disconnects().size(), 1U);
  broadcast.deliver(kId, {.partition = 1, .items = {push(1)}});
  EXPECT_TRUE(eventually([&] { return newer.items() == 1; }));
  EXPECT_EQ(gateway.items(), 0U);
}

TEST_F(GrpcGatewayTest, ASlowReaderLosesItsStreamAndNothingWaitsForIt) {
  constexpr std::size_t kLimit = 4 << 20;
  constexpr std::size_t kText = 16'000;
  BroadcasterProcess server(broadcast, {.max_queued_bytes = kLimit});
  std::latch reads_again(1);
  struct Slow final : RecordingGateway {
    explicit Slow(std::latch& l) : latch(l) {}
    void deliver(GatewayBatch) override { latch.wait(); }
    std::latch& latch;
  } slow(reads_again);
  RemoteBroadcast remote(peer(server.port()));
  remote.connect(kId, slow);
  ASSERT_TRUE(is_connected());

  std::size_t delivered = 0;
  const auto cut = eventually(
      [&] { return !broadcast.deliver(kId, {.partition = 1, .items = {push(delivered++, std::string(kText, 'x'))}}); });

  EXPECT_TRUE(cut);
  EXPECT_LT(delivered * kText, kLimit + (32 << 20));  // what the network holds comes on top
  EXPECT_EQ(broadcast.disconnects().size(), 1U);
  reads_again.count_down();
  EXPECT_TRUE(eventually([&] { return slow.reattaches() == 2; }));
}

TEST_F(GrpcGatewayTest, TooManyAttachesAtOnceBeginTheStreamAnew) {
  BroadcasterProcess server(broadcast);
  RemoteBroadcast remote(peer(server.port()), {.max_queued_bytes = 10'000});
  remote.connect(kId, gateway);
  ASSERT_TRUE(is_connected());

  EXPECT_TRUE(eventually([&] {
    for (std::uint64_t i = 0; i < 1000; ++i) remote.attach(kId, {"ann"}, i, 0);
    return gateway.reattaches() > 1;
  }));
}

TEST_F(GrpcGatewayTest, APeerThatFallsSilentIsNoticedByBoth) {
  const Keepalive quick{.ping_after = 200ms, .give_up_after = 200ms};
  BroadcasterProcess server(broadcast, {}, quick);
  Relay relay(server.port());
  RemoteBroadcast remote(peer(relay.port(), quick));
  remote.connect(kId, gateway);
  ASSERT_TRUE(is_connected());

  relay.fall_silent();

  EXPECT_TRUE(eventually([&] { return !remote.connected(); }, 10s));
  EXPECT_TRUE(eventually([&] { return broadcast.disconnects().size() == 1; }, 10s));
}

}  // namespace
}  // namespace parley::service
