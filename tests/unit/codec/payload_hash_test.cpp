#include <gtest/gtest.h>

#include <map>

#include "codec/command_codec.hpp"
#include "tests/unit/codec/generate.hpp"

namespace parley::codec {
namespace {

constexpr std::size_t kKinds = std::variant_size_v<core::Payload>;

core::PayloadHash hash_of(core::Payload payload) {
  core::Command command{.payload = std::move(payload)};
  set_payload_hash(command);
  return command.payload_hash;
}

std::string hex(const core::PayloadHash& hash) {
  std::string out;
  for (const auto byte : hash) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

// Hashes are kept beside keys for as long as the log says: these bytes are for ever.
TEST(PayloadHash, IsTheSameForEver) {
  const core::UserId ada{"ada"};
  const auto workspace = core::workspace_id(ada, "k");
  const auto channel = core::channel_id(workspace, ada, "k");
  EXPECT_EQ(hex(hash_of(core::PostMessage{
                .channel = channel, .text = "hello", .reply_to = {3}, .attachments = "[{}]", .metadata = R"({"a":1})"})),
            "e08ec0e943167147a09013a5fbb143df");
  EXPECT_EQ(
      hex(hash_of(core::CreateChannel{.channel = channel, .workspace = workspace, .name = "general", .members = {{"bob"}}})),
      "8d1d800a610a597c3cd7ece6013893c9");
  EXPECT_EQ(hex(hash_of(core::UpdateChannel{.channel = channel, .topic = "", .archived = true, .if_version = {{7}}})),
            "7043b7a7fb397bdd7b84fde4d25ad587");
  EXPECT_EQ(hex(hash_of(core::OpenRoom{.channel = core::room_id("lobby"), .name = "lobby"})),
            "fff3f2c0c300fc4d17613d275b26078f");
  EXPECT_EQ(hex(hash_of(core::ReserveName{{"channels", "General"}})), "27b4f334865766f62ebe9ae713ea8892");
  EXPECT_EQ(hex(hash_of(core::ReleaseName{{"channels", "General"}})), "649a6b3688f3b5cf3e8c5e205bb30a93");
}

TEST(PayloadHash, IsAnotherWithMetadataOrOpen) {
  EXPECT_NE(hash_of(core::CreateChannel{.open = true}), hash_of(core::CreateChannel{}));
  EXPECT_NE(hash_of(core::CreateChannel{.metadata = "{}", .open = true}), hash_of(core::CreateChannel{.open = true}));
  EXPECT_NE(hash_of(core::CreateChannel{.metadata = R"({"a":1})"}), hash_of(core::CreateChannel{}));
  EXPECT_NE(hash_of(core::UpdateChannel{.metadata = ""}), hash_of(core::UpdateChannel{}));
  EXPECT_NE(hash_of(core::UpdateChannel{.metadata = ""}), hash_of(core::UpdateChannel{.metadata = R"({"a":1})"}));
}

TEST(PayloadHash, SaysNothingOfTheSending) {
  Generator any(40);
  auto command = any.command(12);
  set_payload_hash(command);
  const auto before = command.payload_hash;
  command.id = {any.uuid()};
  command.user = any.user();
  command.key = "another";
  command.received_at = any.time();
  command.origin = {1, 2};
  command.traceparent = "";
  set_payload_hash(command);
  EXPECT_EQ(command.payload_hash, before);
}

TEST(PayloadHash, DiffersWithEveryPayload) {
  Generator any(41);
  std::map<core::PayloadHash, core::Payload> payloads;
  for (std::size_t i = 0; i < 100 * kKinds; ++i) {
    const auto payload = any.payload(i % kKinds);
    const auto [same, fresh] = payloads.emplace(hash_of(payload), payload);
    ASSERT_EQ(same->second, payload);
  }
  EXPECT_GT(payloads.size(), 99 * kKinds);
}

TEST(PayloadHash, TellsWhatIsLeftOutFromWhatIsEmpty) {
  EXPECT_NE(hash_of(core::UpdateChannel{}), hash_of(core::UpdateChannel{.name = ""}));
  EXPECT_NE(hash_of(core::UpdateChannel{.name = ""}), hash_of(core::UpdateChannel{.topic = ""}));
  EXPECT_NE(hash_of(core::UpdateChannel{.archived = false}), hash_of(core::UpdateChannel{}));
  EXPECT_NE(hash_of(core::SetProfile{"ab", ""}), hash_of(core::SetProfile{"a", "b"}));
  EXPECT_NE(hash_of(core::SetChannelMember{.role = core::Role::Member}), hash_of(core::SetChannelMember{}));
  EXPECT_NE(hash_of(core::MoveCursor{.kind = core::CursorKind::Read}),
            hash_of(core::MoveCursor{.kind = core::CursorKind::Delivered}));
}

TEST(PayloadHash, IsTheSameHoweverADirectChannelIsNamed) {
  EXPECT_EQ(hash_of(core::PostMessage{.direct_to = core::UserId{"bob"}, .text = "x"}), hash_of(core::PostMessage{.text = "x"}));
}

}  // namespace
}  // namespace parley::codec
