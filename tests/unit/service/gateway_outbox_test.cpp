#include "service/gateway_outbox.hpp"

#include <gtest/gtest.h>

#include "service/gateway_codec.hpp"
#include "tests/unit/service/samples.hpp"

namespace parley::service {
namespace {

constexpr std::size_t kPlenty = 1 << 20;

std::vector<std::uint64_t> offsets(const pb::ToGateway& frame) {
  std::vector<std::uint64_t> found;
  for (const auto& item : frame.items()) found.push_back(item.push().offset());
  return found;
}

TEST(GatewayOutbox, BatchesOfOnePartitionLeaveInOneFrameInTheirOrder) {
  GatewayOutbox outbox;
  outbox.push({.partition = 3, .items = {push(1), push(2)}});
  outbox.push({.partition = 3, .items = {push(3)}});

  pb::ToGateway frame;
  outbox.take(kPlenty, frame);

  EXPECT_EQ(frame.partition(), 3U);
  EXPECT_EQ(offsets(frame), (std::vector<std::uint64_t>{1, 2, 3}));
  EXPECT_TRUE(outbox.empty());
}

TEST(GatewayOutbox, PartitionsTakeTurns) {
  GatewayOutbox outbox;
  outbox.push({.partition = 1, .items = {push(1), push(2)}});
  outbox.push({.partition = 2, .items = {push(10)}});

  std::vector<std::uint32_t> partitions;
  while (!outbox.empty()) {
    pb::ToGateway frame;
    outbox.take(1, frame);  // one item at a time
    EXPECT_EQ(frame.items_size(), 1);
    partitions.push_back(frame.partition());
  }

  EXPECT_EQ(partitions, (std::vector<std::uint32_t>{1, 2, 1}));
}

TEST(GatewayOutbox, AFrameEndsAboutWhereItIsTold) {
  GatewayOutbox outbox;
  const std::size_t each = weight(GatewayItem{push(0, std::string(1000, 'x'))});
  for (std::uint64_t i = 0; i < 10; ++i) outbox.push({.partition = 1, .items = {push(i, std::string(1000, 'x'))}});

  pb::ToGateway frame;
  EXPECT_EQ(outbox.take(each * 3, frame), each * 3);
  EXPECT_EQ(offsets(frame), (std::vector<std::uint64_t>{0, 1, 2}));
}

TEST(GatewayOutbox, WhatIsTakenWeighsWhatWasPushed) {
  GatewayOutbox outbox;
  const GatewayBatch batch{.partition = 1, .items = {push(1), attached(), accepted()}};
  outbox.push(batch);

  pb::ToGateway frame;
  EXPECT_EQ(outbox.take(kPlenty, frame), weight(batch));
}

TEST(GatewayOutbox, AnEmptyBatchIsNothingToSend) {
  GatewayOutbox outbox;
  outbox.push({.partition = 1, .items = {}});
  EXPECT_TRUE(outbox.empty());
}

TEST(GatewayOutbox, OnlyTypingMayBeDropped) {
  EXPECT_TRUE(may_be_dropped({.partition = 1, .items = {typing(), typing()}}));
  EXPECT_FALSE(may_be_dropped({.partition = 1, .items = {typing(), push(1)}}));
  EXPECT_FALSE(may_be_dropped({.partition = kOfNoPartition, .items = {presence()}}));
}

TEST(GatewayOutbox, ALongTextWeighsItsLength) {
  EXPECT_GE(weight(GatewayItem{push(1, std::string(16'000, 'x'))}), weight(GatewayItem{push(1, "")}) + 16'000);
}

}  // namespace
}  // namespace parley::service
