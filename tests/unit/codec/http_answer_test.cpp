#include "codec/http_answer.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "codec/client_json.hpp"
#include "tests/unit/codec/generate.hpp"

namespace parley::codec {
namespace {

HttpAnswer answer(core::Payload payload, core::Result result = {}) {
  return http_answer({.payload = std::move(payload)}, {.result = std::move(result)});
}

TEST(HttpAnswer, CreationsAre201WithWhatWasMade) {
  Generator any(70);
  std::string body;
  const auto workspace = any.workspace();
  append_workspace(body, workspace);
  const auto made = answer(core::CreateWorkspace{}, workspace);
  EXPECT_EQ(made.status, 201U);
  EXPECT_EQ(made.body, body);
  EXPECT_FALSE(made.problem);
  body.clear();
  const auto channel = any.channel();
  append_channel(body, channel);
  EXPECT_EQ(answer(core::CreateChannel{}, channel).status, 201U);
  EXPECT_EQ(answer(core::CreateChannel{}, channel).body, body);
  EXPECT_EQ(answer(core::OpenDirect{}, channel).status, 200U);
  EXPECT_EQ(answer(core::UpdateChannel{}, channel).body, body);
}

TEST(HttpAnswer, APostedMessageIsPutTogetherFromTheCommandAndItsOutcome) {
  Generator any(71);
  auto message = any.message();
  message.retracted = message.erased = false;
  std::string body;
  append_message(body, message);
  const core::PostMessage post{
      .channel = message.channel, .text = message.text, .attachments = message.attachments, .metadata = message.metadata};
  message.text = message.attachments = message.metadata = "";
  const auto posted = answer(post, core::MessageResult{message});
  EXPECT_EQ(posted.status, 201U);
  EXPECT_EQ(posted.body, body);
}

TEST(HttpAnswer, OfAMessageThatIsErasedBeforeItsAnswerThereAreNoWords) {
  Generator any(71);
  auto message = any.message();
  message.retracted = false;
  message = core::without_words(message);
  std::string body;
  append_message(body, message);
  const core::PostMessage post{
      .channel = message.channel, .text = "hush <@bob>", .attachments = R"([{"a":1}])", .metadata = R"({"b":2})"};
  const auto posted = answer(post, core::MessageResult{message});
  EXPECT_EQ(posted.status, 201U);
  EXPECT_EQ(posted.body, body);
  const auto told = nlohmann::json::parse(posted.body);
  EXPECT_EQ(told["text"], "");
  EXPECT_TRUE(told["attachments"].empty() && told["metadata"].empty() && told["mentions"].empty());
}

TEST(HttpAnswer, ChangesAre200WithWhatIsNow) {
  Generator any(72);
  const auto message = any.message();
  std::string body;
  append_message(body, message);
  EXPECT_EQ(answer(core::EditMessage{}, core::MessageResult{message}).body, body);
  EXPECT_EQ(answer(core::EditMessage{}, core::MessageResult{message}).status, 200U);
  body.clear();
  append_member(body, {"bob"}, core::Role::Admin, {5});
  EXPECT_EQ(answer(core::SetWorkspaceMember{}, core::MemberResult{{"bob"}, core::Role::Admin, {5}}).body, body);
  EXPECT_EQ(answer(core::SetChannelMember{}, core::MemberResult{{"bob"}, core::Role::Admin, {5}}).body, body);
  body.clear();
  const auto profile = any.profile();
  append_user(body, {"ada"}, profile);
  EXPECT_EQ(answer(core::SetProfile{}, core::UserResult{{"ada"}, profile}).body, body);
  EXPECT_EQ(answer(core::UpdateWorkspace{}, any.workspace()).status, 200U);
}

TEST(HttpAnswer, AnAccountIs201WithoutWhatChecksItsPassword) {
  core::Command command{.user = {"ada@example.org"}};
  command.payload = core::CreateAccount{"Ada", "SITE_ADMIN", "$argon2id$secret"};
  const auto made = http_answer(command, {.at = {1'772'366'400'000}, .result = core::UserResult{}});
  EXPECT_EQ(made.status, 201U);
  EXPECT_EQ(made.body, R"({"user_id":"ada@example.org","email":"ada@example.org","name":"Ada","role":"SITE_ADMIN",)"
                       R"("enabled":true,"created_at":"2026-03-01T12:00:00.000Z"})");
}

TEST(HttpAnswer, ANameIs201WhenItIsNewAnd200WhenItIsHisAlready) {
  const core::Payload reserve = core::ReserveName{{"channels", "General"}};
  const core::Reservation held{core::UserId{"ada"}, {3}, {1'772'366'400'000}};
  const auto fresh = answer(reserve, core::NameResult{held, true});
  EXPECT_EQ(fresh.status, 201U);
  EXPECT_EQ(fresh.body, R"({"namespace":"channels","name":"General","owner":"ada","version":3,)"
                        R"("reserved_at":"2026-03-01T12:00:00.000Z"})");
  const auto again = answer(reserve, core::NameResult{held, false});
  EXPECT_EQ(again.status, 200U);
  EXPECT_EQ(again.body, fresh.body);
  EXPECT_EQ(answer(core::ReleaseName{}).status, 204U);
  EXPECT_EQ(answer(reserve, core::NameResult{}).status, 500U) << "nobody's";
}

TEST(HttpAnswer, WhatLeavesNothingToShowIs204) {
  for (const core::Payload& payload : {core::Payload(core::DeleteWorkspace{}), core::Payload(core::RemoveWorkspaceMember{}),
                                       core::Payload(core::DeleteChannel{}), core::Payload(core::RemoveChannelMember{}),
                                       core::Payload(core::RetractMessage{}), core::Payload(core::MoveCursor{})}) {
    EXPECT_EQ(answer(payload).status, 204U);
    EXPECT_EQ(answer(payload).body, "");
  }
}

TEST(HttpAnswer, ARejectionIsAProblemWithTheTraceOfTheCommand) {
  const core::Command command{.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                              .payload = core::DeleteChannel{}};
  const auto rejected =
      http_answer(command, {.status = core::Status::Rejected, .code = core::Code::KeyReused, .detail = "the key is taken"});
  EXPECT_EQ(rejected.status, 422U);
  EXPECT_TRUE(rejected.problem);
  EXPECT_EQ(rejected.body, R"({"type":"urn:parley:error:key_reused","title":"Key used for something else","status":422,)"
                           R"("detail":"the key is taken","code":"key_reused","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"})");
}

TEST(HttpAnswer, OfWhatTheRulesFindUnsoundTheFieldIsNamed) {
  const core::UserId alice{"alice"};
  const auto field_of = [&](core::Payload payload) {
    const auto rejected =
        http_answer({.user = alice, .payload = std::move(payload)},
                    {.status = core::Status::Rejected, .code = core::Code::InvalidArgument, .detail = "no good"});
    const auto errors = nlohmann::json::parse(rejected.body)["errors"];
    EXPECT_EQ(errors.size(), 1U);
    EXPECT_EQ(errors[0]["detail"], "no good");
    return errors[0]["field"].get<std::string>();
  };
  EXPECT_EQ(field_of(core::PostMessage{}), "reply_to");
  EXPECT_EQ(field_of(core::MoveCursor{}), "seq");
  EXPECT_EQ(field_of(core::HideUpTo{}), "seq");
  EXPECT_EQ(field_of(core::SetBan{.user = {"bob"}}), "until");
  EXPECT_EQ(field_of(core::SetBan{.user = alice}), "user_id");
  EXPECT_EQ(field_of(core::CreateChannel{}), "members");
  EXPECT_EQ(field_of(core::DeleteChannel{}), "body");
}

TEST(HttpAnswer, AnOutcomeThatDoesNotFitItsCommandIsInternal) {
  EXPECT_EQ(answer(core::CreateWorkspace{}, core::MemberResult{}).status, 500U);
  EXPECT_EQ(answer(core::PostMessage{}).status, 500U);
}

TEST(HttpAnswer, AnUnknownOutcomeSaysWhereTheCommandIs) {
  const core::Command command{.id = {*core::Uuid::parse("5e884898-0000-8000-8000-000000000001")}};
  const auto unknown = outcome_unknown_answer(command, "p1-a-0-1");
  EXPECT_EQ(unknown.status, 202U);
  const auto body = nlohmann::json::parse(unknown.body);
  EXPECT_EQ(body.at("code"), "outcome_unknown");
  EXPECT_EQ(body.at("position"), "p1-a-0-1");
  EXPECT_EQ(body.at("command_id"), command.id.text());
}

TEST(TraceId, IsTheSecondPartOfATraceparent) {
  EXPECT_EQ(trace_id("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), "4bf92f3577b34da6a3ce929d0e0e4736");
  for (const auto* text :
       {"", "00-", "00-4bf92f3577b34da6a3ce929d0e0e4736", "00-4BF92f3577b34da6a3ce929d0e0e4736-x",
        "00-4bf92f3577b34da6a3ce929d0e0e473-600f067aa0ba902b7-01", "zz\"}-\"4bf92f3577b34da6a3ce929d0e0e4736-"})
    EXPECT_EQ(trace_id(text), "") << text;
}

}  // namespace
}  // namespace parley::codec
