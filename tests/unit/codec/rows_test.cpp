#include "codec/rows.hpp"

#include <gtest/gtest.h>

#include "codec/row_proto.hpp"
#include "tests/unit/codec/generate.hpp"

namespace parley::codec {
namespace {

constexpr int kRounds = 500;
// A cursor's result is not among them: the outcome's seq is the same, and that is kept.
constexpr std::size_t kOutcomes = std::variant_size_v<core::Result> - 1;
const std::string kBroken = "\x0a\xff";

TEST(Rows, EveryUserIsReadBack) {
  Generator any(20);
  for (int i = 0; i < kRounds; ++i) {
    const auto profile = any.profile();
    ASSERT_EQ(decode_user(encode_user(profile)), profile);
  }
}

TEST(Rows, EveryWorkspaceIsReadBack) {
  Generator any(21);
  for (int i = 0; i < kRounds; ++i) {
    const auto head = any.workspace();
    ASSERT_EQ(decode_workspace(head.id, encode_workspace(head)), head);
    const core::WorkspaceMember member{any.role(), any.time()};
    ASSERT_EQ(decode_workspace_member(encode_workspace_member(member)), member);
  }
}

TEST(Rows, EveryChannelIsReadBack) {
  Generator any(22);
  for (int i = 0; i < kRounds; ++i) {
    const auto head = any.channel();
    ASSERT_EQ(decode_channel(head.id, encode_channel(head)), head);
    const auto member = any.member();
    ASSERT_EQ(decode_channel_member(encode_channel_member(member)), member);
  }
}

TEST(Rows, EveryNameIsReadBack) {
  Generator any(31);
  for (int i = 0; i < kRounds; ++i) {
    const auto reservation = any.reservation();
    ASSERT_EQ(decode_name(encode_name(reservation)), reservation);
  }
}

TEST(Rows, EveryOutcomeIsReadBack) {
  Generator any(23);
  for (int i = 0; i < kRounds; ++i) {
    const auto outcome = any.outcome(static_cast<std::size_t>(i) % kOutcomes);
    const OutcomeRow row{outcome, any.number(), {any.uuid()}, any.user(), any.flip()};
    const auto read = decode_outcome(encode_outcome(row));
    ASSERT_TRUE(read);
    ASSERT_EQ(read->outcome, row.outcome);
    ASSERT_EQ(read->offset, row.offset);
    ASSERT_EQ(read->stream, row.stream);
    ASSERT_EQ(read->user, row.user);
    ASSERT_EQ(read->duplicate, row.duplicate);
  }
}

TEST(Rows, EveryKeyIsReadBack) {
  Generator any(24);
  for (int i = 0; i < kRounds; ++i) {
    core::Earlier earlier{
        .at = any.time(), .command = {any.uuid()}, .outcome = any.outcome(static_cast<std::size_t>(i) % kOutcomes)};
    for (auto& byte : earlier.payload_hash) byte = static_cast<std::uint8_t>(any.number());
    const auto read = decode_key(encode_key(earlier));
    ASSERT_TRUE(read);
    ASSERT_EQ(read->payload_hash, earlier.payload_hash);
    ASSERT_EQ(read->at, earlier.at);
    ASSERT_EQ(read->command, earlier.command);
    ASSERT_EQ(read->outcome, earlier.outcome);
  }
}

TEST(Rows, WhatIsAppliedIsReadBack) {
  const Applied applied{42, 0xFEED, {1'772'366'400'000}, 1, 86'400'000, 64};
  EXPECT_EQ(decode_applied(encode_applied(applied)), applied);
}

TEST(Rows, TheSameValueGivesTheSameBytes) {
  Generator one(25);
  Generator other(25);
  for (int i = 0; i < kRounds; ++i) {
    ASSERT_EQ(encode_channel(one.channel()), encode_channel(other.channel()));
    const auto kind = static_cast<std::size_t>(i) % kOutcomes;
    ASSERT_EQ(encode_outcome({.outcome = one.outcome(kind)}), encode_outcome({.outcome = other.outcome(kind)}));
  }
}

TEST(Rows, DamagedBytesAreNone) {
  const core::ChannelId channel;
  EXPECT_FALSE(decode_applied(kBroken));
  EXPECT_FALSE(decode_user(kBroken));
  EXPECT_FALSE(decode_workspace({}, kBroken));
  EXPECT_FALSE(decode_workspace_member(kBroken));
  EXPECT_FALSE(decode_channel(channel, kBroken));
  EXPECT_FALSE(decode_channel_member(kBroken));
  EXPECT_FALSE(decode_message(channel, {1}, kBroken));
  EXPECT_FALSE(decode_outcome(kBroken));
  EXPECT_FALSE(decode_name(kBroken));
  EXPECT_FALSE(decode_key(kBroken));
}

TEST(Rows, WhatWasTouchedIsReadBack) {
  Generator any(30);
  for (int i = 0; i < kRounds; ++i) {
    const TouchedRow touched{
        .channels = {{any.channel().id, {{{1}, 5}, {{1ULL << 52}, 1}}, false}, {any.channel().id, {}, true}},
        .purge = i % 2 == 0};
    ASSERT_EQ(decode_touched(encode_touched(touched)), touched);
  }
  EXPECT_EQ(decode_touched(kBroken), std::nullopt);
  rows::Touched uneven;
  uneven.add_channels()->set_channel(std::string(16, 'c'));
  uneven.mutable_channels(0)->add_runs(1);
  EXPECT_EQ(decode_touched(uneven.SerializeAsString()), std::nullopt);
}

TEST(Rows, WhatNoProjectionWritesIsNone) {
  rows::ChannelMember member;
  EXPECT_FALSE(from_proto(member)) << "no role";
  member.set_role(4);
  EXPECT_FALSE(from_proto(member));
  rows::Channel channel;
  channel.set_kind(6);
  EXPECT_FALSE(from_proto(core::ChannelId{}, channel));
  channel.set_kind(1);
  channel.set_workspace("short");
  EXPECT_FALSE(from_proto(core::ChannelId{}, channel));

  rows::Outcome outcome;
  outcome.set_stream(std::string(16, 's'));
  EXPECT_FALSE(from_proto(outcome)) << "no status";
  outcome.set_status(2);
  EXPECT_FALSE(from_proto(outcome)) << "rejected without a code";
  outcome.set_code(7);
  EXPECT_FALSE(from_proto(outcome));
  outcome.set_code(6);
  EXPECT_TRUE(from_proto(outcome));
  outcome.set_status(1);
  EXPECT_FALSE(from_proto(outcome)) << "accepted with a code";
  outcome.set_code(0);
  outcome.mutable_result()->mutable_message()->set_seq(1);
  EXPECT_FALSE(from_proto(outcome)) << "a message of no channel";
  outcome.mutable_result()->set_channel(std::string(16, 'c'));
  EXPECT_TRUE(from_proto(outcome));
}

}  // namespace
}  // namespace parley::codec
