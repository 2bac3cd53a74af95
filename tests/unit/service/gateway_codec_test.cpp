#include "service/gateway_codec.hpp"

#include <gtest/gtest.h>

#include "tests/unit/service/samples.hpp"

namespace parley::service {
namespace {

TEST(GatewayCodec, EveryItemComesBackAsItWas) {
  const std::vector<GatewayItem> items{attached(),  push(12),    accepted(),    rejected(), typing(),  presence(),
                                       listening(), Listening{}, WordsErased{}, Attached{}, Reached{9}};
  pb::ToGateway frame;
  frame.set_partition(4);
  for (const auto& item : items) append(item, frame);

  const auto decoded = decode(frame);

  EXPECT_EQ(decoded.batch.partition, 4U);
  EXPECT_EQ(decoded.unreadable, 0U);
  ASSERT_EQ(decoded.batch.items.size(), items.size());
  for (std::size_t i = 0; i < items.size(); ++i) EXPECT_TRUE(same(decoded.batch.items[i], items[i])) << i;
}

TEST(GatewayCodec, AChangeThatNoClientHearsOfIsNotSent) {
  const core::Change profile{
      .subject = core::user_stream({"ann"}).uuid, .actor = {"ann"}, .body = core::ProfileSet{{"ann"}, {}}};
  pb::ToGateway frame;
  append(Push{.offset = 1, .change = std::make_shared<const core::Change>(profile)}, frame);
  EXPECT_EQ(frame.items_size(), 0);
}

TEST(GatewayCodec, OfNoPartitionIsPresenceAlone) {
  pb::ToGateway frame;
  frame.set_partition(kOfNoPartition);
  for (const GatewayItem& item : {GatewayItem(Reached{1}), GatewayItem(presence()), GatewayItem(attached())})
    append(item, frame);
  const auto decoded = decode(frame);
  EXPECT_EQ(decoded.unreadable, 2U);
  ASSERT_EQ(decoded.batch.items.size(), 1U);
  EXPECT_TRUE(same(decoded.batch.items[0], presence()));
}

TEST(GatewayCodec, WhatCannotBeReadIsLeftOutAndCounted) {
  pb::ToGateway frame;
  frame.add_items();                                             // of a newer program
  frame.add_items()->mutable_push()->set_offset(1);              // without a change
  frame.add_items()->mutable_attached()->add_channels("short");  // without a version, and no id
  auto* badly_named = frame.add_items()->mutable_attached();
  badly_named->add_channels("short");
  badly_named->add_versions(1);
  frame.add_items()->mutable_outcome()->set_command("short");
  frame.add_items()->mutable_typing()->set_user("ann");
  frame.add_items()->mutable_presence()->set_user("");
  frame.add_items()->mutable_listening()->set_room("short");
  append(push(2), frame);

  const auto decoded = decode(frame);

  EXPECT_EQ(decoded.unreadable, 8U);
  ASSERT_EQ(decoded.batch.items.size(), 1U);
  EXPECT_TRUE(same(decoded.batch.items[0], push(2)));
}

}  // namespace
}  // namespace parley::service
