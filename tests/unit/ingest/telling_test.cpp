#include "ingest/dialects/telling.hpp"

#include <gtest/gtest.h>

namespace parley::ingest::dialects {
namespace {

using Json = Telling::Json;

net::SharedFrame posted(std::string_view text) {
  const auto id = core::room_id("r").text();
  return net::make_frame(R"({"type":"message_posted","channel_id":")" + id + R"(","position":"p1-1-2-7","message":{"text":")" +
                         std::string(text) + "\"}}");
}

struct Making {
  int times = 0;
  Json operator()() { return Json{{"made", ++times}}; }
};

TEST(Telling, TellsWhatTheEventIs) {
  Telling telling;
  telling.is(posted("a"));
  EXPECT_EQ(telling.type(), "message_posted");
  EXPECT_EQ(telling.channel(), core::room_id("r"));
  EXPECT_EQ(telling.position(), (codec::Position{.epoch = 1, .partition = 2, .next = 7}));
  EXPECT_EQ(telling.event()["message"]["text"], "a");
}

TEST(Telling, MakesATextOnceForAllWhoGetTheEvent) {
  Telling telling;
  Making making;
  const auto event = posted("a");
  telling.is(event);
  EXPECT_EQ(telling.find("chat"), nullptr);
  const auto first = telling.once("chat", [&] { return making(); });
  telling.is(event);
  EXPECT_EQ(telling.once("chat", [&] { return making(); }), first) << "the very same bytes";
  EXPECT_EQ(*telling.find("chat"), first);
  EXPECT_NE(telling.once("another", [&] { return making(); }), first);
  EXPECT_EQ(making.times, 2);
}

TEST(Telling, KeepsNothingOfTheEventBefore) {
  Telling telling;
  Making making;
  telling.is(posted("a"));
  (void)telling.once("chat", [&] { return making(); });
  telling.set_delivered();
  telling.is(posted("b"));
  EXPECT_EQ(telling.find("chat"), nullptr);
  EXPECT_FALSE(telling.is_delivered());
  EXPECT_EQ(telling.once("chat", [&] { return making(); })->text(), R"({"made":2})");
}

TEST(Telling, HasNoPlaceOfAnEventThatIsNotOfTheLog) {
  Telling telling;
  telling.is(net::make_frame(R"({"type":"presence","user_id":"u","online":true})"));
  EXPECT_EQ(telling.channel(), core::ChannelId{});
  EXPECT_FALSE(telling.position().has_value());
}

}  // namespace
}  // namespace parley::ingest::dialects
