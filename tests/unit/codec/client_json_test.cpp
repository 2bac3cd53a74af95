#include "codec/client_json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/codec/generate.hpp"

namespace parley::codec {
namespace {

constexpr core::TimeMs kNoon{1'772'366'400'000};
const core::ChannelId kChannel{*core::Uuid::parse("5e884898-da28-8151-80e5-6f8dc6292773")};
const core::WorkspaceId kWorkspace{*core::Uuid::parse("5e884898-0000-8000-8000-000000000001")};

core::Message message() {
  return {.channel = kChannel,
          .seq = {7},
          .version = {9},
          .author = {"ada"},
          .text = "say \"hi\" 👋",
          .posted_at = kNoon,
          .number = {1'772'366'400'001}};
}

core::ChannelHead channel() {
  return {.id = kChannel,
          .kind = core::ChannelKind::Private,
          .workspace = kWorkspace,
          .name = "general",
          .topic = "all\nsorts",
          .created_by = {"ada"},
          .created_at = kNoon,
          .last_seq = {7},
          .version = {9},
          .archived = true,
          .member_count = 2};
}

constexpr std::string_view kMessageJson =
    R"({"channel_id":"5e884898-da28-8151-80e5-6f8dc6292773","seq":7,"version":9,"author":"ada","text":"say \"hi\" 👋",)"
    R"("posted_at":"2026-03-01T12:00:00.000Z","edited_at":null,"retracted":false,"reply_to":null,"reply_count":0,)"
    R"("reactions":{},"pinned":false,"attachments":[],"metadata":{},"mentions":[],"number":1772366400001})";
constexpr std::string_view kChannelJson =
    R"({"id":"5e884898-da28-8151-80e5-6f8dc6292773","kind":"private","workspace_id":"5e884898-0000-8000-8000-000000000001",)"
    R"("name":"general","topic":"all\nsorts","created_by":"ada","created_at":"2026-03-01T12:00:00.000Z","last_seq":7,)"
    R"("version":9,"member_count":2,"archived":true,"metadata":{},"open":false,"number":1663030824641153})";

std::string of(const core::Message& m) {
  std::string out;
  append_message(out, m);
  return out;
}

TEST(ClientJson, AMessage) { EXPECT_EQ(of(message()), kMessageJson); }

// Each field of those that most messages do not have: what is written without it is as it is with it, but for that field.
TEST(ClientJson, AMessageThatIsPlainButForOneThing) {
  const auto with = [](auto&& change, std::string_view plain, std::string_view changed) {
    auto m = message();
    change(m);
    auto expected = std::string(kMessageJson);
    expected.replace(expected.find(plain), plain.size(), changed);
    EXPECT_EQ(of(m), expected);
  };
  with([](auto& m) { m.edited_at = kNoon; }, R"("edited_at":null)", R"("edited_at":"2026-03-01T12:00:00.000Z")");
  with([](auto& m) { m.reply_to = {3}; }, R"("reply_to":null)", R"("reply_to":3)");
  with([](auto& m) { m.reply_count = 2; }, R"("reply_count":0)", R"("reply_count":2)");
  with([](auto& m) { m.reactions = {{"👍", 1, {{"bob"}}}}; }, R"("reactions":{})", R"("reactions":{"👍":["bob"]})");
  with([](auto& m) { m.pinned = true; }, R"("pinned":false)", R"("pinned":true)");
  with([](auto& m) { m.attachments = "[{}]"; }, R"("attachments":[])", R"("attachments":[{}])");
  with([](auto& m) { m.metadata = R"({"k":1})"; }, R"("metadata":{})", R"("metadata":{"k":1})");
  with([](auto& m) { m.mentions = {{"bob"}}; }, R"("mentions":[])", R"("mentions":["bob"])");
}

TEST(ClientJson, AMessageWithEverything) {
  auto m = message();
  m.edited_at = core::TimeMs{kNoon.value + 1};
  m.reply_to = {3};
  m.reply_count = 2;
  m.pinned = true;
  m.attachments = R"([{"url":"x"}])";
  m.metadata = R"({"k":1})";
  m.mentions = {{"bob"}};
  EXPECT_EQ(of(m),
            R"({"channel_id":"5e884898-da28-8151-80e5-6f8dc6292773","seq":7,"version":9,"author":"ada","text":"say \"hi\" 👋",)"
            R"("posted_at":"2026-03-01T12:00:00.000Z","edited_at":"2026-03-01T12:00:00.001Z","retracted":false,"reply_to":3,)"
            R"("reply_count":2,"reactions":{},"pinned":true,"attachments":[{"url":"x"}],"metadata":{"k":1},"mentions":["bob"],)"
            R"("number":1772366400001})");
}

TEST(ClientJson, ARetractedMessageShowsNothingOfWhatItSaid) {
  auto m = message();
  m.retracted = true;
  m.retracted_at = core::TimeMs{kNoon.value + 2};
  m.attachments = R"([{"url":"x"}])";
  m.metadata = R"({"k":1})";
  EXPECT_EQ(
      of(m),
      R"({"channel_id":"5e884898-da28-8151-80e5-6f8dc6292773","seq":7,"version":9,"author":"ada","text":"",)"
      R"("posted_at":"2026-03-01T12:00:00.000Z","edited_at":null,"retracted":true,"retracted_at":"2026-03-01T12:00:00.002Z",)"
      R"("reply_to":null,"reply_count":0,)"
      R"("reactions":{},"pinned":false,"attachments":[],"metadata":{},"mentions":[],"number":1772366400001})");
}

TEST(ClientJson, AUser) {
  std::string out;
  append_user(out, {"ada@example.org"}, {"Ada", std::nullopt, kNoon});
  EXPECT_EQ(out, R"({"id":"ada@example.org","name":"Ada","avatar_url":null,"created_at":"2026-03-01T12:00:00.000Z",)"
                 R"("number":2639172286739309})");
  out.clear();
  append_user(out, {"ada"}, {"Ada", "https://example.org/a.png", kNoon});
  EXPECT_EQ(out, R"({"id":"ada","name":"Ada","avatar_url":"https://example.org/a.png","created_at":"2026-03-01T12:00:00.000Z",)"
                 R"("number":1454617775366236})");
}

TEST(ClientJson, AWorkspace) {
  const core::WorkspaceHead head{
      .id = kWorkspace, .name = "Acme", .owner = {"ada"}, .created_at = kNoon, .version = {4}, .member_count = 3};
  std::string out;
  append_workspace(out, head);
  EXPECT_EQ(out, R"({"id":"5e884898-0000-8000-8000-000000000001","name":"Acme","owner":"ada",)"
                 R"("created_at":"2026-03-01T12:00:00.000Z","version":4})");
  out.clear();
  append_workspace(out, head, core::Role::Admin);
  EXPECT_EQ(out, R"({"id":"5e884898-0000-8000-8000-000000000001","name":"Acme","owner":"ada",)"
                 R"("created_at":"2026-03-01T12:00:00.000Z","version":4,"member_count":3,"role":"admin"})");
}

TEST(ClientJson, AMember) {
  std::string out;
  append_member(out, {"bob"}, core::Role::Owner, kNoon);
  EXPECT_EQ(out, R"({"user_id":"bob","role":"owner","joined_at":"2026-03-01T12:00:00.000Z"})");
}

TEST(ClientJson, AChannel) {
  std::string out;
  append_channel(out, channel());
  EXPECT_EQ(out, kChannelJson);
  out.clear();
  append_channel(out, channel(), true);
  EXPECT_EQ(out, std::string(kChannelJson.substr(0, kChannelJson.size() - 1)) + R"(,"joined":true})");
}

TEST(ClientJson, AChannelsMetadataIsGivenBackAsItIs) {
  auto head = channel();
  head.metadata = R"({"a":1.50})";
  std::string out;
  append_channel(out, head);
  EXPECT_NE(out.find(R"("archived":true,"metadata":{"a":1.50})"), std::string::npos) << out;
}

TEST(ClientJson, AChannelOutsideAnyWorkspace) {
  auto head = channel();
  head.workspace = std::nullopt;
  head.kind = core::ChannelKind::Direct;
  std::string out;
  append_channel(out, head);
  const auto read = nlohmann::json::parse(out);
  EXPECT_TRUE(read.at("workspace_id").is_null());
  EXPECT_EQ(read.at("kind"), "direct");
}

TEST(ClientJson, AReceipt) {
  std::string out;
  append_receipt(out, {"bob"}, {.read_seq = {5}, .delivered_seq = {6}, .read_at = kNoon});
  append_receipt(out, {"eve"}, {});
  EXPECT_EQ(out, R"({"user_id":"bob","read_seq":5,"delivered_seq":6,"read_at":"2026-03-01T12:00:00.000Z"})"
                 R"({"user_id":"eve","read_seq":0,"delivered_seq":0,"read_at":null})");
}

TEST(ClientJson, AnInboxEntryIsAChannelAndMore) {
  std::string row;
  encode_message(message(), row);
  std::string out;
  ASSERT_TRUE(
      append_inbox_entry(out, {channel(), {.read_seq = {5}, .mention_count = 1}, MessageEntry{{7}, row}, core::UserId{"bob"}}));
  EXPECT_EQ(out, std::string(kChannelJson.substr(0, kChannelJson.size() - 1)) + R"(,"last_message":)" +
                     std::string(kMessageJson) + R"(,"unread_count":2,"mention_count":1,"read_seq":5,"other_user":"bob"})");
  out.clear();
  ASSERT_TRUE(append_inbox_entry(out, {channel(), {.read_seq = {9}}, {}, {}}));
  EXPECT_EQ(out, std::string(kChannelJson.substr(0, kChannelJson.size() - 1)) +
                     R"(,"last_message":null,"unread_count":0,"mention_count":0,"read_seq":9})");
}

TEST(ClientJson, APageOfHistory) {
  std::string row;
  encode_message(message(), row);
  const MessageEntry entries[] = {{{7}, row}, {{7}, row}};
  std::string out;
  ASSERT_TRUE(append_history(out, {kChannel, entries, true, true, false, {7}, {9}}));
  EXPECT_EQ(out, R"({"messages":[)" + std::string(kMessageJson) + "," + std::string(kMessageJson) +
                     R"(],"has_more":true,"has_before":true,"has_after":false,"last_seq":7,"version":9})");
  out.clear();
  ASSERT_TRUE(append_history(out, {.channel = kChannel}));
  EXPECT_EQ(out, R"({"messages":[],"has_more":false,"has_before":false,"has_after":false,"last_seq":0,"version":0})");
}

TEST(ClientJson, ADamagedRowLeavesTheTextAsItWas) {
  std::string row;
  encode_message(message(), row);
  const MessageEntry entries[] = {{{7}, row}, {{8}, "\xff"}};
  std::string out = "before";
  EXPECT_FALSE(append_history(out, {.channel = kChannel, .messages = entries}));
  EXPECT_FALSE(append_inbox_entry(out, {channel(), {}, entries[1], {}}));
  EXPECT_EQ(out, "before");
}

TEST(ClientJson, WhatBecameOfACommand) {
  OutcomeRow row;
  row.outcome = {.channel = kChannel, .seq = {7}, .version = {9}};
  std::string out;
  append_command_status(out, row, "p1-a-0-1");
  EXPECT_EQ(out, R"({"status":"accepted","position":"p1-a-0-1","channel_id":"5e884898-da28-8151-80e5-6f8dc6292773","seq":7,)"
                 R"("version":9})");
  out.clear();
  row.outcome = {.status = core::Status::Rejected, .code = core::Code::Forbidden, .detail = "not the author"};
  append_command_status(out, row, "p1-a-0-1");
  EXPECT_EQ(out, R"({"status":"rejected","code":"forbidden","position":"p1-a-0-1"})");
  out.clear();
  row.duplicate = true;
  append_command_status(out, row, "p1-a-0-1");
  EXPECT_EQ(out, R"({"status":"duplicate","code":"forbidden","position":"p1-a-0-1"})");
}

TEST(ClientJson, IsValidWhateverIsInIt) {
  Generator any(60);
  for (int i = 0; i < 500; ++i) {
    const auto m = any.message();
    const auto read = nlohmann::json::parse(of(m));
    ASSERT_EQ(read.at("author"), m.author.text);
    if (!m.retracted) {
      ASSERT_EQ(read.at("text"), m.text);
    }
    std::string out;
    append_channel(out, any.channel());
    ASSERT_TRUE(nlohmann::json::accept(out)) << out;
  }
}

}  // namespace
}  // namespace parley::codec
