#include "codec/client_input.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/codec/wrong_input.hpp"

namespace parley::codec {
namespace {

const Author kAda{{"ada"}, "k"};
const core::WorkspaceId kWorkspace = core::workspace_id({"ada"}, "w");
const core::ChannelId kChannel = core::group_id({"ada"}, "g");

template <class Payload>
Payload as(Parsed<core::Payload> parsed) {
  EXPECT_TRUE(parsed) << parsed.error().detail;
  return parsed ? std::get<Payload>(*parsed) : Payload{};
}

// Every body that must be an object refuses these in the same way.
TEST(ClientInput, ABodyMustBeAnObject) {
  for (const auto* body : {"", " ", "{", "nothing", "{} {}", "\xef\xbb\xbf{}", "{\"name\":\"\xff\"}", R"({"name":"\ud800"})"})
    EXPECT_THAT(parse_set_profile(body), Refused(Problem::InvalidJson)) << body;
  for (const auto* body : {"[]", "1", "\"x\"", "null", "true"})
    EXPECT_THAT(parse_set_profile(body), Refused(Problem::InvalidArgument)) << body;
}

TEST(ClientInput, UnknownFieldsAndNamesThatStandTwiceAreRefused) {
  EXPECT_THAT(parse_set_profile(R"({"name":"Ada","nick":"A"})"), WrongField("nick"));
  EXPECT_THAT(parse_set_profile(R"({"name":"Ada","":1})"), WrongField(""));
  EXPECT_THAT(parse_set_profile(R"({"name":"Ada","name":"Bob"})"), WrongField("name"));
  EXPECT_THAT(parse_post_message(R"({"text":"x","metadata":{"a":1,"a":2}})", kChannel), WrongField("metadata"));
}

TEST(ClientInput, EverythingThatIsWrongIsSaidAtOnce) {
  const auto parsed = parse_post_message(R"({"reply_to":0,"attachments":{},"metadata":[],"x":1})", kChannel);
  ASSERT_FALSE(parsed);
  std::vector<std::string> fields;
  for (const auto& error : parsed.error().errors) fields.push_back(error.field);
  EXPECT_EQ(fields, (std::vector<std::string>{"text", "reply_to", "attachments", "metadata", "x"}));
  EXPECT_EQ(parsed.error().detail, "text: is missing");
}

TEST(ClientInput, WhatIsSaidOfAnInputStaysSmall) {
  std::string body = R"({"name":"Ada")";
  for (int i = 0; i < 1000; ++i) body += ",\"x" + std::to_string(i) + "\":0";
  const auto parsed = parse_set_profile(body + "}");
  ASSERT_FALSE(parsed);
  EXPECT_LE(parsed.error().errors.size(), 20U);
}

TEST(ClientInput, AProfile) {
  EXPECT_EQ(as<core::SetProfile>(parse_set_profile(R"({"name":"Ada"})")), (core::SetProfile{"Ada", std::nullopt}));
  EXPECT_EQ(as<core::SetProfile>(parse_set_profile(R"({"name":"Ada","avatar_url":"https://e.org/a?b#c"})")),
            (core::SetProfile{"Ada", "https://e.org/a?b#c"}));
  for (const std::string url :
       {"", "ftp://x", "javascript:1", "https://", "http:///x", "https://a b", "//x", "https://a\\u0007"})
    EXPECT_THAT(parse_set_profile(R"({"name":"Ada","avatar_url":")" + url + "\"}"), WrongField("avatar_url")) << url;
  EXPECT_THAT(parse_set_profile(R"({"name":"Ada","avatar_url":"https://)" + std::string(kMaxAvatarUrlBytes, 'x') + "\"}"),
              WrongField("avatar_url"));
  EXPECT_THAT(parse_set_profile(R"({"name":"Ada","avatar_url":null})"), WrongField("avatar_url"));
}

TEST(ClientInput, ANameHas1To200CharactersAndNoControlCharacters) {
  const auto body = [](const std::string& name) { return R"({"name":")" + name + "\"}"; };
  std::string longest;
  for (std::size_t i = 0; i < kMaxNameCharacters; ++i) longest += "語";
  EXPECT_TRUE(parse_create_workspace(body(longest), kAda));
  for (const auto& name : {std::string(), longest + "x", std::string(100'000, 'x'), std::string("a\\n"), std::string("\\u0085"),
                           std::string("\\u0000")})
    EXPECT_THAT(parse_create_workspace(body(name), kAda), WrongField("name"));
  for (const auto* wrong : {"{}", R"({"name":1})", R"({"name":null})", R"({"name":["x"]})"})
    EXPECT_THAT(parse_create_workspace(wrong, kAda), WrongField("name")) << wrong;
}

TEST(ClientInput, ANameOfTheSites) {
  EXPECT_EQ(parse_path_name("a-z_0.9", "General/1 \u00e4").value(), (core::SiteName{"a-z_0.9", "General/1 \u00e4"}));
  EXPECT_TRUE(parse_path_name(std::string(kMaxNamespaceCharacters, 'n'), std::string(kMaxNameCharacters, 'x')));
  for (const std::string& bad : {std::string(), std::string(kMaxNamespaceCharacters + 1, 'n'), std::string("A"),
                                 std::string("a b"), std::string("\u00e4"), std::string("a\0b", 3)})
    EXPECT_THAT(parse_path_name(bad, "x"), WrongField("namespace")) << bad;
  for (const std::string& bad : {std::string(), std::string(kMaxNameCharacters + 1, 'x'), std::string("a\n"),
                                 std::string("\xff"), std::string("a\0b", 3)})
    EXPECT_THAT(parse_path_name("n", bad), WrongField("name")) << bad;
}

TEST(ClientInput, AWorkspaceIsNamedByItsMakerAndKey) {
  EXPECT_EQ(as<core::CreateWorkspace>(parse_create_workspace(R"({"name":"Acme"})", kAda)),
            (core::CreateWorkspace{core::workspace_id({"ada"}, "k"), "Acme"}));
  EXPECT_EQ(as<core::UpdateWorkspace>(parse_update_workspace(R"({"name":"Acme"})", kWorkspace, core::Version{3})),
            (core::UpdateWorkspace{kWorkspace, "Acme", core::Version{3}}));
}

TEST(ClientInput, AMembersBodyMayBeEmpty) {
  EXPECT_EQ(as<core::SetWorkspaceMember>(parse_set_workspace_member("", kWorkspace, {"bob"})),
            (core::SetWorkspaceMember{kWorkspace, {"bob"}, std::nullopt}));
  EXPECT_EQ(as<core::SetWorkspaceMember>(parse_set_workspace_member("{}", kWorkspace, {"bob"})).role, std::nullopt);
  EXPECT_EQ(as<core::SetWorkspaceMember>(parse_set_workspace_member(R"({"role":"owner"})", kWorkspace, {"bob"})).role,
            core::Role::Owner);
  EXPECT_EQ(as<core::SetChannelMember>(parse_set_channel_member("", kChannel, {"bob"})),
            (core::SetChannelMember{kChannel, {"bob"}, std::nullopt}));
  EXPECT_EQ(as<core::SetChannelMember>(parse_set_channel_member(R"({"role":"admin"})", kChannel, {"bob"})).role,
            core::Role::Admin);
  for (const auto* body : {R"({"role":"king"})", R"({"role":1})", R"({"role":null})", R"({"role":""})"})
    EXPECT_THAT(parse_set_channel_member(body, kChannel, {"bob"}), WrongField("role")) << body;
  EXPECT_THAT(parse_set_channel_member("x", kChannel, {"bob"}), Refused(Problem::InvalidJson));
}

TEST(ClientInput, AChannelInAWorkspace) {
  const auto body = R"({"kind":"public","workspace_id":")" + kWorkspace.text() +
                    R"(","name":"general","topic":"all","members":["eve","bob","ada","bob"]})";
  EXPECT_EQ(as<core::CreateChannel>(parse_create_channel(body, kAda)),
            (core::CreateChannel{core::channel_id(kWorkspace, {"ada"}, "k"),
                                 core::ChannelKind::Public,
                                 kWorkspace,
                                 "general",
                                 "all",
                                 {{"bob"}, {"eve"}}}));
  const auto with = [](const std::string& fields) { return R"({"kind":"private","name":"x",)" + fields + "}"; };
  const auto id = R"("workspace_id":")" + kWorkspace.text() + "\"";
  EXPECT_EQ(as<core::CreateChannel>(parse_create_channel(with(id), kAda)).kind, core::ChannelKind::Private);
  EXPECT_THAT(parse_create_channel(R"({"kind":"public","name":"x"})", kAda), WrongField("workspace_id"));
  EXPECT_THAT(parse_create_channel(R"({"kind":"public",)" + id + "}", kAda), WrongField("name"));
  EXPECT_THAT(parse_create_channel(with(R"("workspace_id":"x")"), kAda), Refused(Problem::NotFound));
  EXPECT_THAT(parse_create_channel(with(R"("workspace_id":7)"), kAda), WrongField("workspace_id"));
  EXPECT_THAT(parse_create_channel(with(id + R"(,"members":["a/b"])"), kAda), Refused(Problem::NotFound));
  EXPECT_THAT(parse_create_channel(with(id + R"(,"members":[1])"), kAda), WrongField("members[0]"));
  EXPECT_THAT(parse_create_channel(with(id + R"(,"members":"bob")"), kAda), WrongField("members"));
  EXPECT_THAT(parse_create_channel(with(id + R"(,"topic":")" + std::string(kMaxTopicCharacters + 1, 't') + "\""), kAda),
              WrongField("topic"));
}

TEST(ClientInput, AGroup) {
  EXPECT_EQ(as<core::CreateChannel>(parse_create_channel(R"({"kind":"group","members":["bob"]})", kAda)),
            (core::CreateChannel{core::group_id({"ada"}, "k"), core::ChannelKind::Group, std::nullopt, "", "", {{"bob"}}}));
  EXPECT_EQ(as<core::CreateChannel>(parse_create_channel(R"({"kind":"group","name":"us","members":[]})", kAda)).name, "us");
  EXPECT_THAT(parse_create_channel(R"({"kind":"group"})", kAda), WrongField("members"));
  EXPECT_THAT(parse_create_channel(R"({"kind":"group","members":[],"workspace_id":"x"})", kAda), WrongField("workspace_id"));
  EXPECT_THAT(parse_create_channel(R"({"kind":"group","members":[],"name":""})", kAda), WrongField("name"));
  std::string many = R"({"kind":"group","members":["u")";
  for (std::size_t i = 1; i < kMaxMembers; ++i) many += ",\"u" + std::to_string(i) + "\"";
  EXPECT_EQ(as<core::CreateChannel>(parse_create_channel(many + "]}", kAda)).members.size(), kMaxMembers);
  EXPECT_THAT(parse_create_channel(many + ",\"one more\"]}", kAda), WrongField("members"));
}

TEST(ClientInput, AnOpenGroupNeedsNoMembers) {
  const auto open = as<core::CreateChannel>(parse_create_channel(R"({"kind":"group","open":true})", kAda));
  EXPECT_TRUE(open.open && open.members.empty());
  EXPECT_EQ(
      as<core::CreateChannel>(parse_create_channel(R"({"kind":"group","open":true,"members":["bob","ada"]})", kAda)).members,
      (std::vector<core::UserId>{{"bob"}}));
  EXPECT_FALSE(as<core::CreateChannel>(parse_create_channel(R"({"kind":"group","open":false,"members":[]})", kAda)).open);
  EXPECT_THAT(parse_create_channel(R"({"kind":"group","open":false})", kAda), WrongField("members"));
  for (const auto* wrong : {"1", "null", "\"true\"", "[]"})
    EXPECT_THAT(parse_create_channel(std::string(R"({"kind":"group","members":[],"open":)") + wrong + "}", kAda),
                WrongField("open"))
        << wrong;
  const auto public_one = R"({"kind":"public","name":"x","open":true,"workspace_id":")" + kWorkspace.text() + "\"}";
  EXPECT_THAT(parse_create_channel(public_one, kAda), WrongField("open"));
  EXPECT_THAT(parse_update_channel(R"({"open":false,"topic":"x"})", kChannel, std::nullopt), WrongField("open"));
}

TEST(ClientInput, AChannelsMetadataIsAnObjectOfThatSize) {
  const std::string tags = R"("metadata": { "a" : [1.50, "\u00e4"] })";
  const auto in_workspace = R"({"kind":"private","name":"x","workspace_id":")" + kWorkspace.text() + "\",";
  const std::string group = R"({"kind":"group","members":[],)";
  for (const auto& start : {in_workspace, group}) {
    EXPECT_EQ(as<core::CreateChannel>(parse_create_channel(start + tags + "}", kAda)).metadata, R"({"a":[1.50,"ä"]})");
    EXPECT_EQ(as<core::CreateChannel>(parse_create_channel(start + R"("metadata":{}})", kAda)).metadata, "");
    for (const auto* wrong : {"[]", "null", "\"{}\"", "1"})
      EXPECT_THAT(parse_create_channel(start + R"("metadata":)" + wrong + "}", kAda), WrongField("metadata")) << wrong;
  }
  const auto sized = [](std::size_t bytes) { return R"({"metadata":{"x":")" + std::string(bytes - 8, 'x') + "\"}}"; };
  EXPECT_EQ(as<core::UpdateChannel>(parse_update_channel(sized(kMaxMetadataBytes), kChannel, std::nullopt)).metadata->size(),
            kMaxMetadataBytes);
  EXPECT_THAT(parse_update_channel(sized(kMaxMetadataBytes + 1), kChannel, std::nullopt), WrongField("metadata"));
  EXPECT_EQ(as<core::UpdateChannel>(parse_update_channel(R"({"metadata":{}})", kChannel, std::nullopt)).metadata, "");
  EXPECT_EQ(as<core::UpdateChannel>(parse_update_channel(R"({"topic":""})", kChannel, std::nullopt)).metadata, std::nullopt);
}

TEST(ClientInput, AChannelsKindIsOneThatCanBeMade) {
  for (const auto* body : {"{}", R"({"kind":"direct"})", R"({"kind":"room"})", R"({"kind":1})", R"({"kind":"Public"})"})
    EXPECT_THAT(parse_create_channel(body, kAda), WrongField("kind")) << body;
}

TEST(ClientInput, ADirectChannelTakesNoFields) {
  EXPECT_EQ(as<core::OpenDirect>(parse_open_direct("", {"ada"}, {"bob"})),
            (core::OpenDirect{core::direct_id({"bob"}, {"ada"}), {"bob"}}));
  EXPECT_TRUE(parse_open_direct("{}", {"ada"}, {"bob"}));
  EXPECT_THAT(parse_open_direct(R"({"name":"x"})", {"ada"}, {"bob"}), WrongField("name"));
}

TEST(ClientInput, ARoomsNameHas1To128Characters) {
  std::string longest;
  for (std::size_t i = 0; i < kMaxRoomNameCharacters; ++i) longest += "ü";
  for (const auto& name : {std::string("lobby"), std::string("a/b c"), longest})
    EXPECT_EQ(as<core::OpenRoom>(parse_open_room("", name)), (core::OpenRoom{core::room_id(name), name}));
  for (const auto& name : {std::string(), longest + "x", std::string("a\nb"), std::string("\xff"), std::string(1, '\0')})
    EXPECT_THAT(parse_open_room("{}", name), WrongField("room"));
  EXPECT_THAT(parse_open_room(R"({"name":"x"})", "lobby"), WrongField("name"));
  EXPECT_THAT(parse_open_room("x", "lobby"), Refused(Problem::InvalidJson));
}

TEST(ClientInput, AnUpdateOfAChannelNamesSomething) {
  EXPECT_EQ(as<core::UpdateChannel>(parse_update_channel(R"({"topic":"","archived":false})", kChannel, std::nullopt)),
            (core::UpdateChannel{kChannel, std::nullopt, "", false, std::nullopt}));
  EXPECT_EQ(as<core::UpdateChannel>(parse_update_channel(R"({"name":"x"})", kChannel, core::Version{2})).if_version,
            core::Version{2});
  EXPECT_THAT(parse_update_channel("{}", kChannel, std::nullopt), WrongField("name"));
  EXPECT_THAT(parse_update_channel(R"({"archived":"yes"})", kChannel, std::nullopt), WrongField("archived"));
  EXPECT_THAT(parse_update_channel(R"({"name":""})", kChannel, std::nullopt), WrongField("name"));
  EXPECT_THAT(parse_update_channel("", kChannel, std::nullopt), Refused(Problem::InvalidJson));
}

TEST(ClientInput, AMessage) {
  EXPECT_EQ(as<core::PostMessage>(parse_post_message(R"({"text":"hi"})", kChannel)),
            (core::PostMessage{kChannel, {}, "hi", {}, "", ""}));
  EXPECT_EQ(as<core::PostMessage>(parse_post_message(
                R"({"metadata": {"a" : [1.50, "\u00e4"]}, "attachments":[ {} , {"u":"x"}],"reply_to":3,"text":"\ud83d\udc4d"})",
                kChannel)),
            (core::PostMessage{kChannel, {}, "👍", {3}, R"([{},{"u":"x"}])", R"({"a":[1.50,"ä"]})"}));
  const auto empty = as<core::PostMessage>(parse_post_message(R"({"text":"x","attachments":[],"metadata":{ }})", kChannel));
  EXPECT_EQ(empty.attachments + empty.metadata, "");
}

TEST(ClientInput, AMessagesTextHas1To16384Bytes) {
  const auto body = [](std::size_t bytes) { return R"({"text":")" + std::string(bytes, 'x') + "\"}"; };
  EXPECT_TRUE(parse_post_message(body(kMaxTextBytes), kChannel));
  EXPECT_THAT(parse_post_message(body(0), kChannel), WrongField("text"));
  EXPECT_THAT(parse_post_message(body(kMaxTextBytes + 1), kChannel), WrongField("text"));
  EXPECT_THAT(parse_post_message(R"({"text":null})", kChannel), WrongField("text"));
  EXPECT_EQ(as<core::PostMessage>(parse_post_message(R"({"text":"\u0000"})", kChannel)).text, std::string(1, '\0'));
}

TEST(ClientInput, WhatAMessageCarriesIsBounded) {
  const auto with = [](const std::string& field) { return R"({"text":"x",)" + field + "}"; };
  std::string objects = "{}";
  for (std::size_t i = 1; i < kMaxAttachments; ++i) objects += ",{}";
  EXPECT_TRUE(parse_post_message(with(R"("attachments":[)" + objects + "]"), kChannel));
  EXPECT_THAT(parse_post_message(with(R"("attachments":[)" + objects + ",{}]"), kChannel), WrongField("attachments"));
  EXPECT_THAT(parse_post_message(with(R"("attachments":[{},1])"), kChannel), WrongField("attachments"));
  EXPECT_THAT(parse_post_message(with(R"("attachments":[{"x":")" + std::string(kMaxAttachmentsBytes, 'x') + "\"}]"), kChannel),
              WrongField("attachments"));
  const auto metadata = [&](std::size_t bytes) { return with(R"("metadata":{"x":")" + std::string(bytes - 8, 'x') + "\"}"); };
  EXPECT_TRUE(parse_post_message(metadata(kMaxMetadataBytes), kChannel));
  EXPECT_THAT(parse_post_message(metadata(kMaxMetadataBytes + 1), kChannel), WrongField("metadata"));
  const auto deep = [&](std::size_t arrays) {
    return with(R"("metadata":{"x":)" + std::string(arrays, '[') + std::string(arrays, ']') + "}");
  };
  EXPECT_TRUE(parse_post_message(deep(kMaxJsonDepth - 1), kChannel)) << "the object is the first";
  EXPECT_THAT(parse_post_message(deep(kMaxJsonDepth), kChannel), WrongField("metadata"));
  EXPECT_THAT(parse_post_message(with(R"("metadata":{"x":1e309})"), kChannel), WrongField("metadata"));
  EXPECT_THAT(parse_post_message("[]", kChannel), WrongField("body"));
}

TEST(ClientInput, ASeqIsAnIntegerFrom1To2To53) {
  for (const auto* seq :
       {"0", "-1", "1.0", "1e0", "9007199254740992", "99999999999999999999", "\"1\"", "null", "true", "[1]"}) {
    EXPECT_THAT(parse_move_cursor(std::string(R"({"seq":)") + seq + "}", kChannel, core::CursorKind::Read), WrongField("seq"))
        << seq;
    EXPECT_THAT(parse_post_message(std::string(R"({"text":"x","reply_to":)") + seq + "}", kChannel), WrongField("reply_to"))
        << seq;
  }
  EXPECT_EQ(as<core::MoveCursor>(parse_move_cursor(R"({"seq":9007199254740991})", kChannel, core::CursorKind::Delivered)),
            (core::MoveCursor{kChannel, {kMaxNumber}, core::CursorKind::Delivered}));
  EXPECT_EQ(as<core::HideUpTo>(parse_hide_up_to(R"({"seq":7})", kChannel)), (core::HideUpTo{kChannel, {7}}));
  for (const auto* body : {"{}", R"({"seq":0})", R"({"seq":"7"})", R"({"seq":7,"seq":8})"})
    EXPECT_THAT(parse_hide_up_to(body, kChannel), Refused(Problem::InvalidArgument)) << body;
  EXPECT_THAT(parse_move_cursor("{}", kChannel, core::CursorKind::Read), WrongField("seq"));
  EXPECT_THAT(parse_move_cursor(R"({"seq":1e400})", kChannel, core::CursorKind::Read), WrongField("seq"));
}

TEST(ClientInput, AnEdit) {
  EXPECT_EQ(as<core::EditMessage>(parse_edit_message(R"({"text":"y"})", kChannel, {3}, core::Version{4})),
            (core::EditMessage{kChannel, {3}, "y", core::Version{4}}));
  EXPECT_THAT(parse_edit_message(R"({"text":""})", kChannel, {3}, std::nullopt), WrongField("text"));
}

TEST(ClientInput, ADevelopmentToken) {
  const auto request = parse_dev_token(R"({"user_id":"ada@example.org","name":"Ada","expires_in":60})");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->user.text, "ada@example.org");
  EXPECT_EQ(request->name, "Ada");
  EXPECT_EQ(request->expires_in_s, 60U);
  EXPECT_THAT(parse_dev_token("{}"), WrongField("user_id"));
  EXPECT_THAT(parse_dev_token(R"({"user_id":"ada","expires_in":0})"), WrongField("expires_in"));
  EXPECT_TRUE(parse_dev_token(R"({"user_id":"ada","expires_in":315360000})"));
  EXPECT_THAT(parse_dev_token(R"({"user_id":"ada","expires_in":315360001})"), WrongField("expires_in"));
}

TEST(ClientInput, AKeyHas1To128Characters) {
  std::string longest;
  for (std::size_t i = 0; i < kMaxKeyCharacters; ++i) longest += "ü";
  EXPECT_EQ(parse_key(longest), longest);
  EXPECT_EQ(parse_key("k"), "k");
  for (const auto& key : {std::string(), longest + "k", std::string("\xff"), std::string(100'000, 'k')})
    EXPECT_THAT(parse_key(key), WrongField("key"));
}

TEST(ClientInput, IfMatchIsOneQuotedVersionOrAnything) {
  EXPECT_EQ(parse_if_match("\"12\""), core::Version{12});
  EXPECT_EQ(parse_if_match("\"0\""), core::Version{0});
  EXPECT_EQ(parse_if_match("*"), std::nullopt);
  for (const auto* header : {"", "12", "\"\"", "\"", "\"12", "12\"", "\"a\"", "W/\"12\"", "\"1\",\"2\"", "\"-1\"", "\"1.0\"",
                             "\" 1\"", "\"9007199254740992\"", "\"01\""})
    EXPECT_THAT(parse_if_match(header), WrongField("If-Match")) << header;
}

TEST(ClientInput, AMalformedSeqInAPathIsNotFound) {
  EXPECT_EQ(parse_path_seq("12"), core::Seq{12});
  for (const auto* text : {"", "0", "-1", "01", "1.0", "x", "1x", "9007199254740992", " 1", "+1"})
    EXPECT_THAT(parse_path_seq(text), Refused(Problem::NotFound)) << text;
}

}  // namespace
}  // namespace parley::codec
