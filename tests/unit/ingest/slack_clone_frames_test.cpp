#include <gtest/gtest.h>

#include "ingest/dialects/slack_clone/frames.hpp"

namespace parley::ingest::dialects::slack_clone {
namespace {

Json message_with(Json metadata) {
  return {{"author", "kim@x.com"}, {"text", "hello"}, {"number", 1'692'441'630'571}, {"metadata", std::move(metadata)}};
}

Json with_frame(const Json& frame) { return message_with({{"slack_clone", {{"frame", frame}}}}); }

TEST(DirectFrame, IsAsItWasSent) {
  const Json sent = {
      {"more", {1, 2}}, {"message", "hello"}, {"receiver", "lee@x.com"}, {"action", "dmChat"}, {"sender", "kim@x.com"}};
  EXPECT_EQ(direct_frame(message_with(kept(sent)), "lee@x.com").dump(), sent.dump());
}

TEST(DirectFrame, NamesWhoPostedItWhateverIsKept) {
  const auto frame = direct_frame(
      with_frame(R"({"action":"dm_chat","sender":"boss@x.com","receiver":"all@x.com","message":null,"last":1})"), "lee@x.com");
  EXPECT_EQ(
      frame,
      Json({{"action", "dm_chat"}, {"sender", "kim@x.com"}, {"receiver", "lee@x.com"}, {"message", "hello"}, {"last", 1}}));
}

TEST(DirectFrame, IsMadeAnewOfWhatIsNoDirectMessage) {
  const auto made = direct_frame(message_with(Json::object()), "lee@x.com");
  EXPECT_EQ(made.dump(), R"({"action":"dm_chat","sender":"kim@x.com","receiver":"lee@x.com","message":"hello",)"
                         R"("createdAt":"1692441630571"})");
  for (const char* frame :
       {R"({"action":"channelChat","sender":"kim@x.com","receiver":"lee@x.com","message":null})",
        R"({"sender":"kim@x.com","channel_id":"c","workspace_id":"w","message":null})",
        R"({"action":"dm_chat","sender":5,"receiver":"lee@x.com","message":null})",
        R"({"action":"dm_chat","sender":"kim@x.com","message":null})",
        R"({"action":"dm_chat","sender":"kim@x.com","receiver":"lee@x.com"})", R"({"message":{"a":1}})", "5", "[", "[1]"})
    EXPECT_EQ(direct_frame(with_frame(frame), "lee@x.com"), made) << frame;
  for (const Json& ours : {Json(5), Json({{"frame", 5}}), Json::array(), Json(nullptr)})
    EXPECT_EQ(direct_frame(message_with({{"slack_clone", ours}}), "lee@x.com"), made) << ours;
}

}  // namespace
}  // namespace parley::ingest::dialects::slack_clone
