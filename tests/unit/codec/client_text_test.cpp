#include "codec/client_text.hpp"

#include <gtest/gtest.h>

#include "codec/change_codec.hpp"
#include "codec/command_codec.hpp"

namespace parley::codec {
namespace {

constexpr core::TimeMs kNoon{1'772'366'400'000};
const core::Uuid kUuid = *core::Uuid::parse("5e884898-da28-8151-80e5-6f8dc6292773");
const core::ChannelId kChannel{kUuid};
const Answered kAnswered{{*core::Uuid::parse("5e884898-0000-8000-8000-000000000001")}, "p1-a-0-1"};
#define ANSWERED R"("command_id":"5e884898-0000-8000-8000-000000000001","position":"p1-a-0-1")"
#define CHANNEL_ID R"("channel_id":"5e884898-da28-8151-80e5-6f8dc6292773")"

std::string reply(core::Payload payload, const core::Outcome& outcome, const Answered& answered = kAnswered) {
  std::string out;
  append_reply(out, "\"7\"", {.payload = std::move(payload)}, outcome, answered);
  return out;
}

std::string event(core::ChangeBody body) {
  std::string out;
  append_event(out, {kUuid, {9}, kNoon, {"ada"}, std::move(body)}, "p1-a-0-1");
  return out;
}

core::Message message() {
  return {.channel = kChannel, .seq = {7}, .version = {9}, .author = {"ada"}, .text = "hi", .posted_at = kNoon};
}

const core::Outcome kOutcome{.channel = kChannel, .seq = {7}, .version = {9}, .at = kNoon};

TEST(ClientText, Hello) {
  std::string out;
  append_hello(out, {"ada", "c-1", 25'000, kNoon});
  EXPECT_EQ(out, R"({"type":"hello","user_id":"ada","connection_id":"c-1","ping_interval_ms":25000,)"
                 R"("server_time":"2026-03-01T12:00:00.000Z"})");
}

TEST(ClientText, AReplyHasTheResultFieldsOfItsType) {
  auto outcome = kOutcome;
  outcome.result = core::MessageResult{message()};
  EXPECT_EQ(reply(core::PostMessage{}, outcome), R"({"id":"7","type":"ok",)" ANSWERED "," CHANNEL_ID
                                                 R"(,"seq":7,"version":9,"posted_at":"2026-03-01T12:00:00.000Z"})");
  EXPECT_EQ(reply(core::EditMessage{}, outcome), R"({"id":"7","type":"ok",)" ANSWERED R"(,"version":9})");
  EXPECT_EQ(reply(core::RetractMessage{}, outcome), R"({"id":"7","type":"ok",)" ANSWERED R"(,"version":9})");
  outcome.result = core::CursorResult{{5}};
  EXPECT_EQ(reply(core::MoveCursor{}, outcome), R"({"id":"7","type":"ok",)" ANSWERED R"(,"seq":5})");
  outcome.result = {};
  const auto membership = R"({"id":"7","type":"ok",)" ANSWERED "," CHANNEL_ID R"(,"last_seq":7,"version":9})";
  EXPECT_EQ(reply(core::SetChannelMember{}, outcome), membership);
  EXPECT_EQ(reply(core::RemoveChannelMember{}, outcome), membership);
  EXPECT_EQ(reply(core::SetProfile{}, outcome), R"({"id":"7","type":"ok",)" ANSWERED "}");
}

TEST(ClientText, ADuplicateSaysSo) {
  auto again = kAnswered;
  again.duplicate = true;
  EXPECT_EQ(reply(core::EditMessage{}, kOutcome, again),
            R"({"id":"7","type":"ok",)" ANSWERED R"(,"version":9,"duplicate":true})");
  const core::Outcome rejected{.status = core::Status::Rejected, .code = core::Code::Conflict, .detail = "the name is taken"};
  EXPECT_EQ(reply(core::EditMessage{}, rejected, again),
            R"({"id":"7","type":"error","code":"conflict","detail":"the name is taken","retryable":false,"duplicate":true})");
}

TEST(ClientText, ARejectionIsAnError) {
  const core::Outcome rejected{.status = core::Status::Rejected, .code = core::Code::Forbidden};
  EXPECT_EQ(reply(core::PostMessage{}, rejected),
            R"({"id":"7","type":"error","code":"forbidden","detail":"Not allowed","retryable":false})");
}

TEST(ClientText, ErrorsGiveTheIdBackAsItCame) {
  std::string out;
  append_error(out, "7.50", Problem::LogUnavailable, "later");
  EXPECT_EQ(out, R"({"id":7.50,"type":"error","code":"log_unavailable","detail":"later","retryable":true})");
  out.clear();
  append_error(out, "", Problem::InvalidJson, "");
  EXPECT_EQ(out, R"({"type":"error","code":"invalid_json","detail":"Not valid JSON","retryable":false})");
  out.clear();
  append_outcome_unknown(out, "1", kAnswered);
  EXPECT_EQ(out,
            R"({"id":1,"type":"error","code":"outcome_unknown","detail":"Outcome not known yet","retryable":true,)" ANSWERED
            "}");
}

TEST(ClientText, OtherReplies) {
  std::string out;
  append_pong(out, "1");
  append_pong(out, "");
  append_refreshed(out, "2", kNoon);
  EXPECT_EQ(out, R"({"id":1,"type":"pong"}{"type":"pong"}{"id":2,"type":"ok","expires_at":"2026-03-01T12:00:00.000Z"})");
  out.clear();
  ASSERT_TRUE(append_history_reply(out, "3", {.channel = kChannel, .last_seq = {1}, .version = {2}}));
  EXPECT_EQ(out, R"({"id":3,"type":"ok","messages":[],"has_more":false,"has_before":false,"has_after":false,"last_seq":1,)"
                 R"("version":2})");
  const MessageEntry damaged[] = {{{1}, "\xff"}};
  EXPECT_FALSE(append_history_reply(out, "3", {.channel = kChannel, .messages = damaged}));
  EXPECT_TRUE(out.ends_with("\"version\":2}"));
}

TEST(ClientText, MessageEvents) {
  std::string json;
  append_message(json, message());
  const auto expected = [&json](const std::string& type) {
    return R"({"type":")" + type + R"(",)" CHANNEL_ID R"(,"version":9,"position":"p1-a-0-1","message":)" + json + "}";
  };
  EXPECT_EQ(event(core::MessagePosted{message()}), expected("message_posted"));
  EXPECT_EQ(event(core::MessageEdited{message()}), expected("message_edited"));
  EXPECT_EQ(event(core::MessageRetracted{message()}), expected("message_retracted"));
}

TEST(ClientText, MemberEvents) {
  EXPECT_EQ(event(core::MemberJoined{{"bob"}, {.role = core::Role::Admin}}),
            R"({"type":"member_joined",)" CHANNEL_ID R"(,"version":9,"position":"p1-a-0-1","user_id":"bob","role":"admin"})");
  EXPECT_EQ(event(core::MemberLeft{{"bob"}, core::Role::Member}),
            R"({"type":"member_left",)" CHANNEL_ID R"(,"version":9,"position":"p1-a-0-1","user_id":"bob","role":"member"})");
  EXPECT_EQ(event(core::WorkspaceMemberJoined{{"bob"}, {.role = core::Role::Owner}}),
            R"({"type":"workspace_joined","workspace_id":"5e884898-da28-8151-80e5-6f8dc6292773","position":"p1-a-0-1",)"
            R"("user_id":"bob","role":"owner"})");
  EXPECT_EQ(event(core::WorkspaceMemberLeft{{"bob"}, core::Role::Member}),
            R"({"type":"workspace_left","workspace_id":"5e884898-da28-8151-80e5-6f8dc6292773","position":"p1-a-0-1",)"
            R"("user_id":"bob","role":"member"})");
}

TEST(ClientText, ChannelEvents) {
  const core::ChannelHead head{.id = kChannel, .name = "general"};
  std::string json;
  append_channel(json, head);
  const auto expected = [&json](const std::string& type) {
    return R"({"type":")" + type + R"(",)" CHANNEL_ID R"(,"version":9,"position":"p1-a-0-1","channel":)" + json + "}";
  };
  EXPECT_EQ(event(core::ChannelCreated{head, {}}), expected("channel_created"));
  EXPECT_EQ(event(core::ChannelUpdated{head}), expected("channel_updated"));
  EXPECT_EQ(event(core::ChannelDeleted{head, {}}), expected("channel_deleted"));
}

TEST(ClientText, CursorEventsTakeNoVersion) {
  const core::ChannelMember member{.read_seq = {5}, .delivered_seq = {6}, .read_at = kNoon};
  EXPECT_EQ(event(core::CursorMoved{{"bob"}, core::CursorKind::Read, member, {}}),
            R"({"type":"read_marked",)" CHANNEL_ID
            R"(,"position":"p1-a-0-1","seq":5,"user_id":"bob","read_at":"2026-03-01T12:00:00.000Z"})");
  EXPECT_EQ(event(core::CursorMoved{{"bob"}, core::CursorKind::Delivered, member, {}}),
            R"({"type":"delivered_marked",)" CHANNEL_ID R"(,"position":"p1-a-0-1","seq":6,"user_id":"bob"})");
}

TEST(ClientText, HidingTakesNoVersion) {
  EXPECT_EQ(event(core::MessageHidden{{5}}), R"({"type":"message_hidden",)" CHANNEL_ID R"(,"position":"p1-a-0-1","seq":5})");
  EXPECT_EQ(event(core::MessagesHidden{{5}}), R"({"type":"messages_hidden",)" CHANNEL_ID R"(,"position":"p1-a-0-1","seq":5})");
}

TEST(ClientText, WhatIsNeverStored) {
  std::string out;
  append_typing(out, kChannel, {"bob"});
  EXPECT_EQ(out, R"({"type":"typing",)" CHANNEL_ID R"(,"user_id":"bob"})");
  out.clear();
  append_presence(out, {"b\"b"}, false, kNoon);
  EXPECT_EQ(out, R"({"type":"presence","user_id":"b\"b","online":false,"last_seen":"2026-03-01T12:00:00.000Z"})");
  out.clear();
  append_presence(out, {"bob"}, true, {});
  EXPECT_EQ(out, R"({"type":"presence","user_id":"bob","online":true,"last_seen":null})");
}

TEST(ClientText, WhoIsOnlineAndWhenTheOthersWereSeen) {
  std::string out;
  append_watching(out, "7", {}, {});
  EXPECT_EQ(out, R"({"id":7,"type":"ok","online":[],"last_seen":{}})");
  out.clear();
  append_watching(out, "7", {{"ann"}, {"b\"b"}}, {{{"c\"c"}, kNoon}, {{"dan"}, kNoon}});
  EXPECT_EQ(out, R"({"id":7,"type":"ok","online":["ann","b\"b"],)"
                 R"("last_seen":{"c\"c":"2026-03-01T12:00:00.000Z","dan":"2026-03-01T12:00:00.000Z"}})");
}

TEST(ClientText, WhoJoinsOrLeavesARoomHearsHowFarItHasCome) {
  const InRoom in_room{kChannel, {4}, {9}};
  std::string out;
  append_room_reply(out, "7", in_room, nullptr);
  EXPECT_EQ(out, R"({"id":7,"type":"ok",)" CHANNEL_ID R"(,"last_seq":4,"version":9})");
  out.clear();
  const Answered opened{{kUuid}, "p1-a-0-1", true};
  append_room_reply(out, "7", in_room, &opened);
  EXPECT_EQ(out, R"({"id":7,"type":"ok","command_id":")" + kUuid.text() +
                     R"(","position":"p1-a-0-1",)" CHANNEL_ID R"(,"last_seq":4,"version":9,"duplicate":true})");
}

TEST(ClientText, NoTextHasALineBreakSoThatABatchCanHaveOneALine) {
  auto m = message();
  m.text = "a\nb\r\u2028";
  EXPECT_EQ(event(core::MessagePosted{m}).find('\n'), std::string::npos);
}

}  // namespace
}  // namespace parley::codec
