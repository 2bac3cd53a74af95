#include "codec/client_frame.hpp"

#include <gtest/gtest.h>

#include "tests/unit/codec/wrong_input.hpp"

namespace parley::codec {
namespace {

const core::UserId kAda{"ada"};
const core::ChannelId kChannel = core::room_id("x");
const std::string kChannelField = R"("channel_id":")" + kChannel.text() + "\"";

// A frame of that type with these fields, and an id.
std::string frame(const std::string& type, const std::string& fields) {
  return R"({"id":"7","type":")" + type + "\"" + (fields.empty() ? "" : ",") + fields + "}";
}

std::expected<ClientFrame, InvalidInput> parsed(const std::string& text) {
  auto out = parse_frame(text, kAda);
  if (!out) return std::unexpected(std::move(out.error().input));
  return std::move(*out);
}

template <class Body>
Body as(const std::string& text) {
  const auto out = parse_frame(text, kAda);
  EXPECT_TRUE(out) << text << ": " << out.error().input.detail;
  if (!out) return {};
  if constexpr (std::is_constructible_v<core::Payload, Body> && !std::is_same_v<Body, core::Payload>)
    return std::get<Body>(std::get<core::Payload>(out->body));
  else
    return std::get<Body>(out->body);
}

TEST(ClientFrame, PostsAMessage) {
  const auto out = parse_frame(
      frame("post_message", R"("key":"k",)" + kChannelField + R"(,"text":"hi","reply_to":2,"metadata":{"a":1})"), kAda);
  ASSERT_TRUE(out);
  EXPECT_EQ(out->id_json, "\"7\"");
  EXPECT_EQ(out->key, "k");
  EXPECT_EQ(std::get<core::Payload>(out->body), core::Payload(core::PostMessage{kChannel, {}, "hi", {2}, "", R"({"a":1})"}));
}

TEST(ClientFrame, PostsToAUser) {
  EXPECT_EQ(as<core::PostMessage>(frame("post_message", R"("direct_to":"bob","text":"hi")")),
            (core::PostMessage{core::direct_id(kAda, {"bob"}), core::UserId{"bob"}, "hi", {}, "", ""}));
  EXPECT_THAT(parsed(frame("post_message", R"("direct_to":"bob","text":"hi",)" + kChannelField)), WrongField("channel_id"));
  EXPECT_THAT(parsed(frame("post_message", R"("text":"hi")")), WrongField("channel_id"));
  EXPECT_THAT(parsed(frame("post_message", R"("direct_to":"a/b","text":"hi")")), Refused(Problem::NotFound));
  EXPECT_THAT(parsed(frame("post_message", R"("direct_to":7,"text":"hi")")), WrongField("direct_to"));
}

TEST(ClientFrame, TheOtherWrites) {
  EXPECT_EQ(as<core::EditMessage>(frame("edit_message", kChannelField + R"(,"seq":3,"text":"y")")),
            (core::EditMessage{kChannel, {3}, "y", std::nullopt}));
  EXPECT_EQ(as<core::RetractMessage>(frame("retract_message", kChannelField + R"(,"seq":3)")),
            (core::RetractMessage{kChannel, {3}}));
  EXPECT_EQ(as<core::MoveCursor>(frame("mark_read", kChannelField + R"(,"seq":3)")),
            (core::MoveCursor{kChannel, {3}, core::CursorKind::Read}));
  EXPECT_EQ(as<core::MoveCursor>(frame("mark_delivered", kChannelField + R"(,"seq":3)")),
            (core::MoveCursor{kChannel, {3}, core::CursorKind::Delivered}));
  EXPECT_EQ(as<core::HideMessage>(frame("hide_message", kChannelField + R"(,"seq":3)")), (core::HideMessage{kChannel, {3}}));
  EXPECT_EQ(as<core::HideUpTo>(frame("hide_messages", kChannelField + R"(,"seq":3)")), (core::HideUpTo{kChannel, {3}}));
  EXPECT_EQ(as<core::SetChannelMember>(frame("join_channel", kChannelField)),
            (core::SetChannelMember{kChannel, kAda, std::nullopt}));
  EXPECT_EQ(as<core::RemoveChannelMember>(frame("leave_channel", kChannelField)), (core::RemoveChannelMember{kChannel, kAda}));
}

TEST(ClientFrame, ARoomIsNamedInPlaceOfAChannel) {
  EXPECT_EQ(as<core::OpenRoom>(frame("join_channel", R"("room":"x","key":"k")")), (core::OpenRoom{kChannel, "x"}));
  EXPECT_EQ(as<core::RemoveChannelMember>(frame("leave_channel", R"("room":"x")")),
            (core::RemoveChannelMember{kChannel, kAda}));
  for (const auto* type : {"join_channel", "leave_channel"}) {
    EXPECT_THAT(parsed(frame(type, R"("room":"x",)" + kChannelField)), WrongField("channel_id"));
    EXPECT_THAT(parsed(frame(type, "")), WrongField("channel_id"));
    const auto named = [type](const std::string& name) { return frame(type, R"("room":)" + name); };
    EXPECT_TRUE(parsed(named("\"" + std::string(128, 'r') + "\"")));
    for (const std::string& name : {std::string(R"("")"), "\"" + std::string(129, 'r') + "\"", std::string(R"("a\n")"),
                                    std::string("7"), std::string("null")})
      EXPECT_THAT(parsed(named(name)), WrongField("room")) << name;
  }
}

TEST(ClientFrame, TheOtherRequests) {
  EXPECT_EQ(as<Refresh>(frame("refresh", R"("token":"t")")).token, "t");
  EXPECT_EQ(as<Typing>(frame("typing", kChannelField)).channel, kChannel);
  as<Ping>(frame("ping", ""));
  const auto history =
      as<GetHistory>(frame("get_history", kChannelField + R"(,"before":9,"limit":10,"min_position":"p1-a-0-1, p1-a-1-2")"));
  EXPECT_EQ(history.channel, kChannel);
  EXPECT_EQ(history.page.before, core::Seq{9});
  EXPECT_EQ(history.page.limit, 10U);
  EXPECT_EQ(history.min_position, (std::vector<Position>{{0xA, 0, 1}, {0xA, 1, 2}}));
}

TEST(ClientFrame, HistoryIsAskedForAsInAQuery) {
  EXPECT_EQ(as<GetHistory>(frame("get_history", kChannelField)).page.limit, kDefaultPage);
  EXPECT_EQ(as<GetHistory>(frame("get_history", kChannelField + R"(,"after":0)")).page.after, core::Seq{0});
  for (const auto* field : {R"("before":0)", R"("before":"9")", R"("before":1.0)", R"("before":null)"})
    EXPECT_THAT(parsed(frame("get_history", kChannelField + "," + field)), WrongField("before")) << field;
  EXPECT_THAT(parsed(frame("get_history", kChannelField + R"(,"limit":201)")), WrongField("limit"));
  EXPECT_THAT(parsed(frame("get_history", kChannelField + R"(,"before":9,"after":1)")), Refused(Problem::InvalidArgument));
  EXPECT_THAT(parsed(frame("get_history", kChannelField + R"(,"min_position":"x")")), WrongField("min_position"));
  EXPECT_THAT(parsed(frame("get_history", kChannelField + R"(,"min_position":1)")), WrongField("min_position"));
  EXPECT_THAT(parsed(frame("get_history", kChannelField + R"(,"as_of":"x")")), WrongField("as_of"));
  EXPECT_THAT(parsed(frame("get_history", kChannelField + R"(,"key":"k")")), WrongField("key"));
}

TEST(ClientFrame, AMalformedIdIsNotFoundUnlessSomethingElseIsWrongToo) {
  EXPECT_THAT(parsed(frame("leave_channel", R"("channel_id":"x")")), Refused(Problem::NotFound));
  EXPECT_THAT(parsed(frame("leave_channel", R"("channel_id":"{5e884898-da28-8151-80e5-6f8dc6292773}")")),
              Refused(Problem::NotFound));
  EXPECT_THAT(parsed(frame("mark_read", R"("channel_id":"x","seq":0)")), WrongField("seq"));
  EXPECT_THAT(parsed(frame("mark_read", R"("channel_id":5,"seq":1)")), WrongField("channel_id"));
}

TEST(ClientFrame, TheIdComesBackUnchanged) {
  for (const auto* id : {"7", "-0", "1.0", "1e5", "123456789012345678901234567890", R"("")", R"("a\"b\n")", R"("👍")"}) {
    const auto out = parse_frame(std::string(R"({"type":"ping","id":)") + id + "}", kAda);
    ASSERT_TRUE(out) << id;
    EXPECT_EQ(out->id_json, id);
  }
}

TEST(ClientFrame, WatchesThePresenceOfUpTo200Users) {
  EXPECT_EQ(as<WatchPresence>(frame("watch_presence", R"("users":["ann","b@c"])")).users,
            (std::vector<core::UserId>{{"ann"}, {"b@c"}}));
  EXPECT_TRUE(as<WatchPresence>(frame("watch_presence", R"("users":[])")).users.empty());
  const auto many = [](std::size_t count) {
    std::string users = "\"u\"";
    for (std::size_t i = 1; i < count; ++i) users += ",\"u\"";
    return frame("watch_presence", "\"users\":[" + users + "]");
  };
  EXPECT_EQ(as<WatchPresence>(many(200)).users.size(), 200U);
  EXPECT_THAT(parsed(many(201)), WrongField("users"));
  EXPECT_THAT(parsed(frame("watch_presence", "")), WrongField("users"));
  EXPECT_THAT(parsed(frame("watch_presence", R"("users":"ann")")), WrongField("users"));
  EXPECT_THAT(parsed(frame("watch_presence", R"("users":[7])")), WrongField("users[0]"));
  EXPECT_THAT(parsed(frame("watch_presence", R"("users":["a/b"])")), Refused(Problem::NotFound));
  EXPECT_THAT(parsed(R"({"type":"watch_presence","users":[]})"), WrongField("id"));
}

TEST(ClientFrame, TheIdComesBackWithAnErrorToo) {
  for (const auto* text : {R"({"id":7,"type":"nonsense"})", R"({"id":7,"type":"mark_read"})", R"({"id":7})",
                           R"({"id":7,"type":5})", R"({"id":7,"type":"ping","x":{"a":1,"a":2}})"}) {
    const auto out = parse_frame(text, kAda);
    ASSERT_FALSE(out) << text;
    EXPECT_EQ(out.error().id_json, "7") << text;
    EXPECT_EQ(out.error().input.code, Problem::InvalidArgument) << text;
    EXPECT_FALSE(out.error().not_an_object);
  }
}

TEST(ClientFrame, WhatGetsAReplyNeedsAnId) {
  EXPECT_THAT(parsed(R"({"type":"leave_channel",)" + kChannelField + "}"), WrongField("id"));
  EXPECT_THAT(parsed(R"({"type":"refresh","token":"t"})"), WrongField("id"));
  EXPECT_TRUE(parsed(R"({"type":"ping"})"));
  EXPECT_TRUE(parsed(R"({"type":"typing",)" + kChannelField + "}"));
  for (const auto* id : {"null", "true", "[1]", "{}"})
    EXPECT_THAT(parsed(std::string(R"({"type":"ping","id":)") + id + "}"), WrongField("id")) << id;
}

TEST(ClientFrame, UnknownTypesAreRefused) {
  for (const auto* type : {"", "post", "POST_MESSAGE", "pin_message", "unwatch_presence", "resumed"})
    EXPECT_THAT(parsed(frame(type, R"("channel_id":"x","seq":1)")), WrongField("type")) << type;
  EXPECT_THAT(parsed(R"({"id":7})"), WrongField("type"));
  EXPECT_THAT(parsed(R"({"id":7,"type":null})"), WrongField("type"));
}

TEST(ClientFrame, UnknownFieldsAreRefused) {
  EXPECT_THAT(parsed(frame("mark_read", kChannelField + R"(,"seq":1,"room":"x")")), WrongField("room"));
  EXPECT_THAT(parsed(frame("ping", R"("key":"k")")), WrongField("key"));
  EXPECT_THAT(parsed(frame("edit_message", kChannelField + R"(,"seq":1,"text":"x","reply_to":1)")), WrongField("reply_to"));
  EXPECT_THAT(parsed(frame("leave_channel", kChannelField + "," + kChannelField)), WrongField("channel_id"));
}

TEST(ClientFrame, AKeyHas1To128Characters) {
  const auto with_key = [](const std::string& key) { return frame("leave_channel", kChannelField + R"(,"key":)" + key); };
  EXPECT_TRUE(parsed(with_key("\"" + std::string(kMaxKeyCharacters, 'k') + "\"")));
  for (const std::string& key :
       {std::string(R"("")"), "\"" + std::string(kMaxKeyCharacters + 1, 'k') + "\"", std::string("7"), std::string("null")})
    EXPECT_THAT(parsed(with_key(key)), WrongField("key")) << key;
}

TEST(ClientFrame, WhatIsNoObjectIsCounted) {
  for (const auto* text : {"", "hello", "{", "[]", "7", "null", R"({"id":7,"type":"ping"}x)", "{\"id\":\"\xff\"}"}) {
    const auto out = parse_frame(text, kAda);
    ASSERT_FALSE(out) << text;
    EXPECT_TRUE(out.error().not_an_object) << text;
    EXPECT_EQ(out.error().id_json, "");
  }
  EXPECT_THAT(parsed("{"), Refused(Problem::InvalidJson));
  EXPECT_THAT(parsed("[]"), Refused(Problem::InvalidArgument));
}

TEST(ClientFrame, AFrameThatIsNestedTooDeepIsRefused) {
  const auto out = parse_frame(frame("ping", R"("x":)" + std::string(1000, '[') + std::string(1000, ']')), kAda);
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().input.code, Problem::InvalidArgument);
  EXPECT_FALSE(out.error().not_an_object);
}

}  // namespace
}  // namespace parley::codec
