#include "migrate/jsonl.hpp"

#include <gmock/gmock.h>

namespace parley::migrate {
namespace {

template <class What>
What what(std::string_view line) {
  auto entry = read_jsonl_line(line);
  EXPECT_TRUE(entry) << entry.error();
  return entry ? std::get<What>(entry->what) : What{};
}

std::string wrong(std::string_view line) {
  const auto entry = read_jsonl_line(line);
  return entry ? "nothing" : entry.error();
}

TEST(JsonlLine, AMessageHasItsTimeAndAuthor) {
  const auto entry = read_jsonl_line(
      R"({"type":"message","id":"m1","channel":"c","user":"alice","at":"2020-01-02T03:04:05.678Z","text":"Hi","reply_to":"m0","metadata":{"a":1}})");
  ASSERT_TRUE(entry) << entry.error();
  EXPECT_EQ(entry->at.value, 1577934245678);
  const auto& post = std::get<Post>(entry->what);
  EXPECT_EQ(post.channel, "c");
  EXPECT_EQ(post.id, "m1");
  EXPECT_EQ(post.by.text, "alice");
  EXPECT_EQ(post.text, "Hi");
  EXPECT_EQ(post.reply_to, "m0");
  EXPECT_EQ(post.metadata, R"({"a":1})");
  EXPECT_FALSE(post.bring_in);
}

TEST(JsonlLine, EveryTypeIsRead) {
  const std::string tail = R"(,"user":"alice","at":"2020-01-01T00:00:00Z"})";
  EXPECT_EQ(what<NewUser>(R"({"type":"user","name":"Alice")" + tail).name, "Alice");
  EXPECT_EQ(what<NewWorkspace>(R"({"type":"workspace","id":"w","name":"Acme")" + tail).id, "w");
  EXPECT_EQ(
      what<NewChannel>(R"({"type":"channel","id":"c","kind":"public","workspace":"w","name":"n","members":["bob"])" + tail)
          .members.size(),
      1);
  EXPECT_EQ(what<NewChannel>(R"({"type":"channel","id":"c","kind":"direct","members":["bob"])" + tail).kind,
            core::ChannelKind::Direct);
  EXPECT_EQ(what<Join>(R"({"type":"member","channel":"c")" + tail).user.text, "alice");
  EXPECT_EQ(what<Join>(R"({"type":"member","channel":"c","member":"bob")" + tail).user.text, "bob");
  EXPECT_EQ(what<WorkspaceJoin>(R"({"type":"member","workspace":"w","member":"bob","role":"admin")" + tail).role,
            core::Role::Admin);
  EXPECT_EQ(what<Leave>(R"({"type":"leave","channel":"c")" + tail).user.text, "alice");
  EXPECT_EQ(what<WorkspaceLeave>(R"({"type":"leave","workspace":"w","member":"bob")" + tail).user.text, "bob");
  EXPECT_EQ(what<Update>(R"({"type":"update","channel":"c","archived":true)" + tail).archived, true);
  EXPECT_EQ(what<Edit>(R"({"type":"edit","channel":"c","message":"m","text":"new")" + tail).text, "new");
  EXPECT_EQ(what<Retract>(R"({"type":"retract","channel":"c","message":"m")" + tail).message, "m");
  EXPECT_TRUE(what<Reaction>(R"({"type":"reaction","channel":"c","message":"m","emoji":"👍")" + tail).on);
  EXPECT_FALSE(what<Pin>(R"({"type":"pin","channel":"c","message":"m","on":false)" + tail).on);
  EXPECT_EQ(what<Read>(R"({"type":"read","channel":"c")" + tail).message, "");
}

TEST(JsonlLine, WhatIsWrongIsSaid) {
  EXPECT_EQ(wrong("{"), "not valid JSON");
  EXPECT_EQ(wrong("[]"), "must be a JSON object");
  EXPECT_EQ(wrong(R"({"type":"thing"})"), "type: must be one of those that are documented");
  EXPECT_EQ(wrong(R"({"type":"read","channel":"c","user":"a"})"), "at: is missing or wrong");
  EXPECT_EQ(wrong(R"({"type":"read","channel":"c","user":"a","at":"yesterday"})"), "at: must be a time as of RFC 3339");
  EXPECT_EQ(wrong(R"({"type":"read","channel":"c","at":"2020-01-01T00:00:00Z"})"), "user: is missing");
  EXPECT_EQ(wrong(R"({"type":"read","channel":"c","user":"a","at":"2020-01-01T00:00:00Z","x":1})"), "x: is unknown");
  EXPECT_EQ(wrong(R"({"type":"read","channel":"","user":"a","at":"2020-01-01T00:00:00Z"})"),
            "channel: must have 1 to 64 characters");
  EXPECT_EQ(wrong(R"({"type":"update","channel":"c","user":"a","at":"2020-01-01T00:00:00Z"})"),
            "name: or topic or archived is missing");
}

TEST(JsonlLine, TwoReactionsOfDifferentTimesAreTwo) {
  const std::string head = R"({"type":"reaction","channel":"c","message":"m","user":"a","emoji":"x","at":"2020-01-01T00:00:0)";
  const auto first = read_jsonl_line(head + R"(0Z"})");
  const auto later = read_jsonl_line(head + R"(1Z"})");
  ASSERT_TRUE(first && later);
  EXPECT_NE(first->mark, later->mark);
}

}  // namespace
}  // namespace parley::migrate
