#include "codec/command_codec.hpp"

#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include <set>

#include "codec/limits.hpp"
#include "core/mentions.hpp"
#include "parley/v1/command.pb.h"
#include "tests/unit/codec/generate.hpp"

namespace parley::codec {
namespace {

namespace pb = parley::v1;

constexpr std::size_t kKinds = std::variant_size_v<core::Payload>;

// A sound command of that kind as the log has it, to be spoilt.
// With its words in the clear.
pb::Command sound(std::size_t kind) {
  Generator any(30);
  auto command = any.command(kind);
  while (command.sealed.key != 0) command = any.command(kind);
  pb::Command written;
  written.ParseFromString(encode(command));
  return written;
}
pb::Command sound_post() { return sound(12); }

std::expected<core::Command, DecodeError> decoded(const pb::Command& command) {
  return decode_command(command.SerializeAsString());
}

DecodeError error_of(const pb::Command& command) {
  const auto read = decoded(command);
  EXPECT_FALSE(read) << command.DebugString();
  return read ? DecodeError{255} : read.error();
}

TEST(CommandCodec, EveryCommandIsReadBack) {
  Generator any(31);
  for (std::size_t i = 0; i < 200 * kKinds; ++i) {
    const auto command = any.command(i % kKinds);
    const auto read = decode_command(encode(command));
    ASSERT_TRUE(read) << text(read.error()) << " kind " << i % kKinds;
    ASSERT_EQ(*read, command);
  }
}

TEST(CommandCodec, WhatIsNoProtobufIsRefused) {
  const google::protobuf::LogSilencer quiet;
  for (const std::string bytes : {"\xff", "\x0a\x10zz", "\x0b", "\x12\x01\xff"})
    EXPECT_EQ(decode_command(bytes).error(), DecodeError::NotProtobuf);
}

TEST(CommandCodec, ACommandWithoutAPayloadIsRefused) {
  EXPECT_EQ(decode_command("").error(), DecodeError::NoPayload);
  auto command = sound_post();
  command.clear_payload();
  EXPECT_EQ(error_of(command), DecodeError::NoPayload);
  EXPECT_EQ(decode_command(command.SerializeAsString() + "\xca\x3e\x02xx").error(), DecodeError::NoPayload) << "a later one";
}

TEST(CommandCodec, AnIdOfAnotherLengthIsRefused) {
  for (const std::size_t length : {0, 15, 17, 36}) {
    const std::string bad(length, 'x');
    auto command = sound_post();
    command.set_id(bad);
    EXPECT_EQ(error_of(command), DecodeError::BadId);
    command = sound_post();
    command.set_stream(bad);
    EXPECT_EQ(error_of(command), DecodeError::BadId);
    command = sound_post();
    command.mutable_post_message()->set_channel(bad);
    EXPECT_EQ(error_of(command), DecodeError::BadId);
    command = sound(1);
    command.mutable_create_workspace()->set_workspace(bad);
    EXPECT_EQ(error_of(command), DecodeError::BadId);
  }
}

TEST(CommandCodec, AnIdOfAnotherSlotThanItsStreamIsRefused) {
  auto command = sound_post();
  (*command.mutable_id())[0] ^= 1;
  EXPECT_EQ(error_of(command), DecodeError::BadId);
}

TEST(CommandCodec, AnotherStreamThanThePayloadNamesIsRefused) {
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    auto command = sound(kind);
    (*command.mutable_stream())[15] ^= 1;
    EXPECT_EQ(error_of(command), DecodeError::BadStream);
  }
}

TEST(CommandCodec, AMalformedUserIsRefused) {
  for (const std::string& bad :
       {std::string(), std::string("a/b"), std::string("a\n"), std::string("\u0085"), std::string(129, 'x')}) {
    auto command = sound_post();
    command.set_user(bad);
    EXPECT_EQ(error_of(command), DecodeError::BadUser);
    command = sound(10);
    command.mutable_set_channel_member()->set_user(bad);
    EXPECT_EQ(error_of(command), DecodeError::BadUser);
    command = sound(7);
    command.mutable_open_direct()->set_other(bad);
    EXPECT_EQ(error_of(command), DecodeError::BadUser);
    command = sound(6);
    command.mutable_create_channel()->add_members(bad);
    EXPECT_EQ(error_of(command), DecodeError::BadUser);
  }
}

TEST(CommandCodec, AKeyAndItsHashComeTogether) {
  auto command = sound_post();
  command.set_key("k");
  command.clear_payload_hash();
  EXPECT_EQ(error_of(command), DecodeError::BadKey);
  command.set_payload_hash(std::string(15, 'h'));
  EXPECT_EQ(error_of(command), DecodeError::BadKey);
  command.set_payload_hash(std::string(16, 'h'));
  EXPECT_TRUE(decoded(command));
  command.clear_key();
  EXPECT_EQ(error_of(command), DecodeError::BadKey);
  command.set_key(std::string(kMaxKeyCharacters + 1, 'k'));
  EXPECT_EQ(error_of(command), DecodeError::BadKey);
}

TEST(CommandCodec, TextsOutOfBoundsAreRefused) {
  auto command = sound_post();
  command.mutable_post_message()->clear_body();
  EXPECT_EQ(error_of(command), DecodeError::BadText);
  command.mutable_post_message()->mutable_body()->set_text(std::string(kMaxTextBytes + 1, 'x'));
  EXPECT_EQ(error_of(command), DecodeError::BadText);
  command.mutable_post_message()->mutable_body()->set_text(std::string(kMaxTextBytes, 'x'));
  EXPECT_TRUE(decoded(command));
  command = sound(13);
  command.mutable_edit_message()->mutable_body()->set_text("");
  EXPECT_EQ(error_of(command), DecodeError::BadText);
  for (const std::string& bad : {std::string(), std::string(kMaxNameCharacters + 1, 'n'), std::string("a\tb")}) {
    command = sound(1);
    command.mutable_create_workspace()->set_name(bad);
    EXPECT_EQ(error_of(command), DecodeError::BadText);
  }
  command = sound(8);
  command.mutable_update_channel()->set_topic(std::string(kMaxTopicCharacters + 1, 't'));
  EXPECT_EQ(error_of(command), DecodeError::BadText);
  command = sound(0);
  command.mutable_set_profile()->set_avatar_url("javascript:alert(1)");
  EXPECT_EQ(error_of(command), DecodeError::BadText);
  command = sound_post();
  command.set_traceparent(std::string(kMaxTraceparentBytes + 1, '0'));
  EXPECT_EQ(error_of(command), DecodeError::BadText);
}

TEST(CommandCodec, MetadataOfAChannelIsACompactObjectOfThatSize) {
  for (const std::string& bad : {std::string("x"), std::string("[]"), std::string(R"({"a": 1})"),
                                 R"({"a":")" + std::string(kMaxMetadataBytes, 'x') + "\"}"}) {
    auto command = sound(6);
    command.mutable_create_channel()->set_metadata(bad);
    EXPECT_EQ(error_of(command), DecodeError::BadJson) << bad;
    command = sound(8);
    command.mutable_update_channel()->set_metadata(bad);
    EXPECT_EQ(error_of(command), DecodeError::BadJson) << bad;
  }
}

TEST(CommandCodec, AccountsOutOfBoundsAreRefused) {
  for (const std::string& bad :
       {std::string(), std::string(kMaxRoleCharacters + 1, 'A'), std::string("admin"), std::string("A B")}) {
    auto command = sound(24);
    command.mutable_create_account()->set_role(bad);
    EXPECT_EQ(error_of(command), DecodeError::BadText) << bad;
  }
  for (const std::string& bad :
       {std::string(), std::string("plain text"), "$argon2id$" + std::string(kMaxPasswordHashBytes, 'x'),
        std::string("$argon2id$ "), std::string("$argon2id$\n"), std::string("$argon2i$x")}) {
    auto command = sound(24);
    command.mutable_create_account()->set_password_hash(bad);
    EXPECT_EQ(error_of(command), DecodeError::BadText) << bad;
  }
  auto command = sound(24);
  command.mutable_create_account()->clear_name();
  EXPECT_EQ(error_of(command), DecodeError::BadText);
  command = sound(24);
  command.mutable_create_account()->mutable_body()->set_key(1);
  command.mutable_create_account()->mutable_body()->set_sealed(std::string(kSealBytes + 1, 's'));
  EXPECT_EQ(error_of(command), DecodeError::BadShape) << "a hash beside the seal";
}

TEST(CommandCodec, NamesOutOfBoundsAreRefused) {
  for (const std::string& bad : {std::string(), std::string(kMaxNamespaceCharacters + 1, 'n'), std::string("A"),
                                 std::string("a b"), std::string("a/b"), std::string("ä")}) {
    auto command = sound(22);
    command.mutable_reserve_name()->set_namespace_(bad);
    EXPECT_EQ(error_of(command), DecodeError::BadText) << bad;
    command = sound(23);
    command.mutable_release_name()->set_namespace_(bad);
    EXPECT_EQ(error_of(command), DecodeError::BadText) << bad;
  }
  for (const std::string& bad : {std::string(), std::string(kMaxNameCharacters + 1, 'n'), std::string("a\n")}) {
    auto command = sound(22);
    command.mutable_reserve_name()->set_name(bad);
    EXPECT_EQ(error_of(command), DecodeError::BadText) << bad;
  }
}

TEST(CommandCodec, NumbersOutOfRangeAreRefused) {
  auto command = sound(13);
  command.mutable_edit_message()->set_seq(0);
  EXPECT_EQ(error_of(command), DecodeError::BadNumber);
  command.mutable_edit_message()->set_seq(kMaxNumber + 1);
  EXPECT_EQ(error_of(command), DecodeError::BadNumber);
  command = sound(13);
  command.mutable_edit_message()->set_if_version(kMaxNumber + 1);
  EXPECT_EQ(error_of(command), DecodeError::BadNumber);
  command = sound_post();
  command.mutable_post_message()->set_reply_to(kMaxNumber + 1);
  EXPECT_EQ(error_of(command), DecodeError::BadNumber);
  for (const std::int64_t bad : {std::int64_t{-1}, std::int64_t{253'402'300'800'000}}) {
    command = sound_post();
    command.set_received_at_ms(bad);
    EXPECT_EQ(error_of(command), DecodeError::BadTime);
  }
}

TEST(CommandCodec, UnknownKindsAndRolesAreRefused) {
  auto command = sound(10);
  command.mutable_set_channel_member()->set_role(static_cast<pb::Role>(4));
  EXPECT_EQ(error_of(command), DecodeError::BadEnum);
  command = sound(4);
  command.mutable_set_workspace_member()->set_role(static_cast<pb::Role>(-1));
  EXPECT_EQ(error_of(command), DecodeError::BadEnum);
  command = sound(15);
  command.mutable_move_cursor()->set_kind(static_cast<pb::CursorKind>(3));
  EXPECT_EQ(error_of(command), DecodeError::BadEnum);
  for (const auto kind :
       {pb::CHANNEL_KIND_UNSPECIFIED, pb::CHANNEL_KIND_DIRECT, pb::CHANNEL_KIND_ROOM, static_cast<pb::ChannelKind>(9)}) {
    command = sound(6);
    command.mutable_create_channel()->set_kind(kind);
    EXPECT_EQ(error_of(command), DecodeError::BadEnum);
  }
}

TEST(CommandCodec, FieldsThatDoNotGoTogetherAreRefused) {
  auto command = sound(6);
  command.mutable_create_channel()->set_kind(pb::CHANNEL_KIND_GROUP);
  command.mutable_create_channel()->set_workspace(std::string(16, 'w'));
  EXPECT_EQ(error_of(command), DecodeError::BadShape);
  command.mutable_create_channel()->set_kind(pb::CHANNEL_KIND_PUBLIC);
  command.mutable_create_channel()->clear_workspace();
  EXPECT_EQ(error_of(command), DecodeError::BadShape);
  command = sound(6);
  for (std::size_t i = 0; i <= kMaxMembers; ++i) command.mutable_create_channel()->add_members("u" + std::to_string(i));
  EXPECT_EQ(error_of(command), DecodeError::BadShape);
  command = sound(8);
  auto& update = *command.mutable_update_channel();
  update.clear_name();
  update.clear_topic();
  update.clear_archived();
  update.clear_metadata();
  EXPECT_EQ(error_of(command), DecodeError::BadShape);
}

// Looked for among each other, so many would take minutes.
TEST(CommandCodec, AnyNumberOfMentionsTooManyIsRefusedAtOnce) {
  auto command = sound_post();
  auto& body = *command.mutable_post_message()->mutable_body();
  body.clear_text();
  body.set_key(1);
  body.set_sealed(std::string(kSealBytes + 1, 's'));
  for (std::size_t i = 0; i <= core::kMaxMentions; ++i) body.add_mentions("user " + std::to_string(i));
  EXPECT_EQ(error_of(command), DecodeError::BadShape);
  for (int i = 0; i < 200'000; ++i) body.add_mentions("other " + std::to_string(i));
  EXPECT_EQ(decoded(command).error(), DecodeError::BadShape);
}

TEST(CommandCodec, JsonThatIngestWouldNotHaveWrittenIsRefused) {
  for (const std::string bad : {"[", "{}", "[ {} ]", "[1]", R"([{"a":1,"a":2}])", "[{}]\n", "null"}) {
    auto command = sound_post();
    command.mutable_post_message()->set_attachments(bad);
    EXPECT_EQ(error_of(command), DecodeError::BadJson) << bad;
  }
  for (const std::string bad : {"{", "[]", "{ }", R"({"a":1,"a":2})", "1", R"({"a":")"}) {
    auto command = sound_post();
    command.mutable_post_message()->set_metadata(bad);
    EXPECT_EQ(error_of(command), DecodeError::BadJson) << bad;
  }
  auto command = sound_post();
  command.mutable_post_message()->set_metadata(R"({"a":")" + std::string(kMaxMetadataBytes, 'x') + R"("})");
  EXPECT_EQ(error_of(command), DecodeError::BadJson);
}

TEST(CommandCodec, AControlRecordIsReadBack) {
  const Control control{1, 64, 1, 0xFEEDFACE, 86'400'000};
  EXPECT_EQ(decode_control(encode(control)), control);
  EXPECT_EQ(decode_control("\xff").error(), DecodeError::NotProtobuf);
  EXPECT_EQ(decode_control("").error(), DecodeError::BadNumber);
}

TEST(CommandCodec, EveryErrorHasItsSentence) {
  for (int e = 0; e <= static_cast<int>(DecodeError::BadShape); ++e) EXPECT_FALSE(text(static_cast<DecodeError>(e)).empty());
}

TEST(EventAttributes, SayWhatTheRecordIs) {
  core::Command command{
      .id = core::command_id(0, {0}, 1), .user = {"ada"}, .received_at = {1'772'366'400'000}, .origin = {0xAB, 1}};
  command.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const auto channel = core::room_id("x");
  command.payload = core::PostMessage{.channel = channel};
  const auto event = event_attributes(command);
  EXPECT_EQ(event.type, "parley.command.post_message.v1");
  EXPECT_EQ(event.id, command.id.text());
  EXPECT_EQ(event.source, "/parley/ingest/00000000000000ab");
  EXPECT_EQ(event.time, "2026-03-01T12:00:00.000Z");
  EXPECT_EQ(event.subject, "channel/" + channel.text());
  EXPECT_EQ(event.traceparent, command.traceparent);
  command.payload = core::DeleteWorkspace{};
  EXPECT_EQ(event_attributes(command).subject, "workspace/00000000-0000-0000-0000-000000000000");
  command.payload = core::SetProfile{};
  EXPECT_EQ(event_attributes(command).subject, "user/ada");
  command.payload = core::ReserveName{{"channels", "a/b"}};
  EXPECT_EQ(event_attributes(command).subject, "name/channels/a/b");
}

TEST(EventAttributes, OfAControlRecordNameTheLog) {
  const auto event = event_attributes(Control{.partitions = 8, .epoch = 0xC0FFEE}, {0});
  EXPECT_EQ(event.type, kControlType);
  EXPECT_EQ(event.source, "/parley/log/0000000000c0ffee");
  EXPECT_EQ(event.time, "1970-01-01T00:00:00.000Z");
}

TEST(EventAttributes, EveryPayloadHasATypeOfItsOwn) {
  Generator any(32);
  std::set<std::string_view> types;
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    const auto payload = any.payload(kind);
    types.insert(event_type(payload));
    EXPECT_EQ(event_type(payload), "parley.command." + std::string(name_of_kind(kind_of(payload))) + ".v1");
  }
  EXPECT_EQ(types.size(), kKinds);
}

TEST(StreamFor, IsTheWorkspaceChannelOrNameThatThePayloadNamesElseTheUsersOwn) {
  const core::UserId ada{"ada"};
  const auto workspace = core::workspace_id(ada, "w");
  const auto channel = core::channel_id(workspace, ada, "c");
  EXPECT_EQ(stream_for(core::SetProfile{}, ada), core::user_stream(ada));
  EXPECT_EQ(stream_for(core::CreateAccount{}, ada), core::user_stream(ada));
  EXPECT_EQ(stream_for(core::UpdateWorkspace{.workspace = workspace}, ada), core::stream_of(workspace));
  EXPECT_EQ(stream_for(core::CreateChannel{.channel = channel, .workspace = workspace}, ada), core::stream_of(workspace));
  EXPECT_EQ(stream_for(core::CreateChannel{.channel = channel}, ada), core::stream_of(channel));
  EXPECT_EQ(stream_for(core::MoveCursor{.channel = channel}, ada), core::stream_of(channel));
  EXPECT_EQ(stream_for(core::ReserveName{{"n", "x"}}, ada), core::name_stream("n", "x"));
}

}  // namespace
}  // namespace parley::codec
