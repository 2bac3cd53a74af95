#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/net/test_server.hpp"
#include "tests/unit/net/ws_client.hpp"

namespace parley::net {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

ServerLimits with(const WsLimits& websocket) {
  ServerLimits limits;
  limits.websocket = websocket;
  return limits;
}

std::string refusal(const TestServer& server, std::string_view request) {
  TcpClient client(server.address());
  client.send(request);
  client.finish_sending();
  return client.take_all();
}

std::string numbered(std::size_t number, std::size_t size) {
  std::string text = std::to_string(number) + ":";
  text.resize(std::max(size, text.size()), 'x');
  return text;
}

TEST(WebSocketHandshake, IsAnsweredAsTheStandardsExampleSays) {
  TestServer server;
  WsClient client(server.address(), "/");
  EXPECT_THAT(client.head(), HasSubstr("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
  EXPECT_THAT(client.head(), testing::Not(HasSubstr("Sec-WebSocket-Protocol")));
}

TEST(WebSocketHandshake, NamesTheSubprotocolThatWasTaken) {
  TestServer server;
  EXPECT_THAT(WsClient(server.address(), "/batch").head(), HasSubstr("Sec-WebSocket-Protocol: parley.v1.batch\r\n"));
}

TEST(WebSocketHandshake, IsRefusedBeforeAByteOfItIsSent) {
  TestServer server;
  EXPECT_THAT(refusal(server, handshake("/refused")), MatchesRegex("HTTP/1.1 401 Unauthorized\r\n(.|\n)*who are you\\?"));
  EXPECT_THAT(refusal(server, handshake("/throw")), StartsWith("HTTP/1.1 500 "));
}

TEST(WebSocketHandshake, IsRefusedWhenItIsMalformed) {
  TestServer server;
  const std::string start = "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
  EXPECT_THAT(refusal(server, start + "Sec-WebSocket-Version: 13\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(refusal(server, start + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n\r\n"),
              StartsWith("HTTP/1.1 400 "));
  const auto old = refusal(server, start + "Sec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  EXPECT_THAT(old, StartsWith("HTTP/1.1 426 "));
  EXPECT_THAT(old, HasSubstr("Sec-WebSocket-Version: 13\r\n"));
}

TEST(WebSocketHandshake, ThatStopsHalfwayIsClosed) {
  ServerLimits limits;
  limits.header_timeout = 100ms;
  TestServer server(limits);
  TcpClient client(server.address());
  client.send(handshake("/").substr(0, 60));
  EXPECT_TRUE(client.ended());
}

TEST(WebSocket, ReadsAndSendsTexts) {
  TestServer server;
  WsClient client(server.address(), "/");
  for (const std::string& text : {std::string("hello"), std::string(), std::string(60000, 'l'), std::string("grüße 👋")}) {
    client.send_text(text);
    EXPECT_EQ(client.read_text(), text);
  }
}

TEST(WebSocket, ReadsWhatCameTogetherWithTheHandshake) {
  TestServer server;
  WsClient client(server.address(), "/", client_frame(kText, "one") + client_frame(kText, "two"));
  EXPECT_EQ(client.read_text(), "one");
  EXPECT_EQ(client.read_text(), "two");
}

TEST(WebSocket, ReadsAMessageInFragmentsWithAPingBetween) {
  TestServer server;
  WsClient client(server.address(), "/");
  client.send(client_frame(kText, "in ", false) + client_frame(kPing, "p") + client_frame(0, "pie", false) +
              client_frame(0, "ces"));
  const auto pong = client.read_frame();
  ASSERT_TRUE(pong);
  EXPECT_EQ(pong->opcode, kPong);
  EXPECT_EQ(pong->payload, "p");
  EXPECT_EQ(client.read_text(), "in pieces");
}

TEST(WebSocket, SendsAFrameOfWhatWaitsForEachText) {
  TestServer server;
  WsClient client(server.address(), "/");
  client.send_text("burst 100 20");
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(client.read_text(), numbered(i, 20));
}

TEST(WebSocket, WithBatchSendsWhatWaitsInOneMessage) {
  TestServer server;
  WsClient client(server.address(), "/batch");
  client.send_text("burst 3 10");
  EXPECT_EQ(client.read_text(), numbered(0, 10) + "\n" + numbered(1, 10) + "\n" + numbered(2, 10));
}

TEST(WebSocket, WithBatchKeepsMessagesWithinTheirLimit) {
  TestServer server;
  WsClient client(server.address(), "/batch");
  client.send_text("burst 100 2000");
  std::string all;
  while (all.size() < 100 * 2001) {
    const std::string text = client.read_text();
    ASSERT_FALSE(text.empty());
    EXPECT_LE(text.size(), kMaxBatchBytes);
    EXPECT_GT(text.size(), 2000U);
    all += text + "\n";
  }
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(all.substr(i * 2001, 2001), numbered(i, 2000) + "\n");
}

TEST(WebSocket, SharesFramesWithAllThatWaitForThem) {
  TestServer server;
  std::vector<WsClient> clients;
  for (const auto* target : {"/", "/batch", "/", "/batch", "/"}) clients.emplace_back(server.address(), target);
  ASSERT_TRUE(eventually([&] { return server.handler().sessions == clients.size(); }));
  server.on_shard([&] {
    server.handler().publish(make_frame("first"));
    server.handler().publish(make_frame("second"));
  });
  for (WsClient& client : clients) {
    if (client.head().find("batch") != std::string::npos) {
      EXPECT_EQ(client.read_text(), "first\nsecond");
    } else {
      EXPECT_EQ(client.read_text(), "first");
      EXPECT_EQ(client.read_text(), "second");
    }
  }
}

TEST(WebSocket, KeepsFramesWholeAndInOrderWhenTheKernelTakesThemInPieces) {
  constexpr std::size_t kFrames = 4000;
  constexpr std::size_t kSize = 5000;
  TestServer server(with({.max_queued_bytes = 64 << 20}));
  WsClient client(server.address(), "/", "", 16384);
  client.send_text("burst " + std::to_string(kFrames) + " " + std::to_string(kSize));
  std::size_t pongs = 0;
  for (std::size_t next = 0; next < kFrames;) {
    if (next % 10 == 0) client.send(client_frame(kPing, "between"));
    const auto frame = client.read_frame();
    ASSERT_TRUE(frame);
    if (frame->opcode == kPong) {
      EXPECT_EQ(frame->payload, "between");
      ++pongs;
      continue;
    }
    ASSERT_EQ(frame->opcode, kText);
    ASSERT_EQ(frame->payload, numbered(next++, kSize));
  }
  if (pongs > 0) return;  // on a busy machine all of the burst may have gone out before them
  const auto frame = client.read_frame();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->opcode, kPong);
  EXPECT_EQ(frame->payload, "between");
}

TEST(WebSocket, TakesABurstBeyondItsQueueThatThePeerTakes) {
  TestServer server(with({.max_queued_bytes = 16 << 10}));
  WsClient client(server.address(), "/");
  client.send_text("burst 10 8000");
  for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(client.read_text(), numbered(i, 8000));
}

TEST(WebSocket, CutsOffASlowConsumerAndDisturbsNoOther) {
  TestServer server(with({.max_queued_bytes = 256 << 10, .close_timeout = 10s}));
  WsClient slow(server.address(), "/", "", 8192);
  WsClient quick(server.address(), "/");
  ASSERT_TRUE(eventually([&] { return server.handler().sessions == 2; }));
  constexpr std::size_t kMessages = 300;
  const std::string text(50000, 't');
  for (std::size_t i = 0; i < kMessages; ++i) {
    quick.send_text("all " + std::to_string(i) + ":" + text);
    ASSERT_EQ(quick.read_text(), std::to_string(i) + ":" + text);
  }
  std::size_t next = 0;  // what it got before it was cut off has no hole
  auto frame = slow.read_message();
  for (; frame && frame->opcode == kText; frame = slow.read_message())
    EXPECT_EQ(frame->payload, std::to_string(next++) + ":" + text);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->close_code(), 4408);
  EXPECT_EQ(frame->close_reason(), "slow consumer; resume");
  EXPECT_LT(next, kMessages);
  slow.send(client_frame(kClose, close_payload(4408)));
  EXPECT_TRUE(eventually([&] { return server.handler().last_closed == 4408; }));
  quick.send_text("still here");
  EXPECT_EQ(quick.read_text(), "still here");
}

TEST(WebSocket, SendsASingleFrameThatIsLargerThanTheQueuesLimit) {
  TestServer server(with({.max_queued_bytes = 1000}));
  WsClient client(server.address(), "/");
  client.send_text("burst 1 3000000");
  EXPECT_EQ(client.read_text(), numbered(0, 3000000));
}

TEST(WebSocket, ClosesASlowConsumerThatNeverReadsAtTheTimeout) {
  TestServer server(with({.max_queued_bytes = 64 << 10, .close_timeout = 100ms}));
  WsClient slow(server.address(), "/", "", 8192);
  slow.send_text("burst 2000 10000");
  EXPECT_TRUE(eventually([&] { return server.handler().last_closed == 4408; }));
  EXPECT_TRUE(eventually([&] { return server.server().connections() == 0; }));
}

TEST(WebSocket, ClosesOnABinaryMessageWith1003) {
  TestServer server;
  WsClient client(server.address(), "/");
  client.send(client_frame(kBinary, "b"));
  EXPECT_EQ(client.read_close(), 1003);
  EXPECT_TRUE(client.ended());
}

TEST(WebSocket, TakesABinaryMessageWhereThatIsAllowed) {
  TestServer server(with({.accept_binary = true}));
  WsClient client(server.address(), "/");
  client.send(client_frame(kBinary, "b"));
  EXPECT_EQ(client.read_text(), "b");
}

TEST(WebSocket, ClosesOnBadUtf8With1007) {
  TestServer server;
  WsClient client(server.address(), "/");
  client.send_text("\xc3\x28");
  EXPECT_EQ(client.read_close(), 1007);
  EXPECT_TRUE(client.ended());
  EXPECT_TRUE(eventually([&] { return server.handler().last_closed == 1007; }));
}

TEST(WebSocket, ClosesOnAMessageThatIsTooBigWith1009) {
  TestServer server(with({.max_message_bytes = 1000}));
  WsClient whole(server.address(), "/");
  whole.send_text(std::string(1001, 'a'));
  EXPECT_EQ(whole.read_close(), 1009);
  WsClient pieces(server.address(), "/");
  pieces.send(client_frame(kText, std::string(600, 'a'), false) + client_frame(0, std::string(600, 'b')));
  EXPECT_EQ(pieces.read_close(), 1009);
  EXPECT_TRUE(eventually([&] { return server.handler().last_closed == 1009; }));
}

TEST(WebSocket, ClosesOnABrokenFrameWith1002) {
  TestServer server;
  for (const std::string& broken : {client_frame(3, ""), client_frame(0, "x"), client_frame(kPing, std::string(126, 'p')),
                                    std::string("\x81\x01x"), client_frame(0x41, "x")}) {
    WsClient client(server.address(), "/");
    client.send(broken);
    EXPECT_EQ(client.read_close(), 1002);
    EXPECT_TRUE(client.ended());
  }
}

TEST(WebSocket, AnswersThePeersCloseWithTheSameCodeAndEnds) {
  TestServer server;
  WsClient client(server.address(), "/");
  client.send(client_frame(kClose, close_payload(4000)));
  EXPECT_EQ(client.read_close(), 4000);
  EXPECT_TRUE(client.ended());
  EXPECT_TRUE(eventually([&] { return server.handler().last_closed == 4000 && server.server().connections() == 0; }));
}

TEST(WebSocket, TellsItsSessionThatAConnectionBroke) {
  TestServer server;
  WsClient client(server.address(), "/");
  client.close();
  EXPECT_TRUE(eventually([&] { return server.handler().last_closed == 1006; }));
}

TEST(WebSocket, SendsWhatIsQueuedBeforeItCloses) {
  TestServer server;
  WsClient client(server.address(), "/");
  client.send(client_frame(kText, "burst 3 10") + client_frame(kText, "close 4401") + client_frame(kText, "too late"));
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(client.read_text(), numbered(i, 10));
  EXPECT_EQ(client.read_close(), 4401);
  EXPECT_TRUE(client.ended());
  EXPECT_TRUE(eventually([&] { return server.handler().last_closed == 4401; }));
}

TEST(WebSocket, ClosesWith1000WhenItsSessionLeaves) {
  TestServer server;
  WsClient client(server.address(), "/");
  client.send(client_frame(kText, "burst 3 10") + client_frame(kText, "leave"));
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(client.read_text(), numbered(i, 10));
  EXPECT_EQ(client.read_close(), 1000);
  EXPECT_TRUE(client.ended());
}

TEST(WebSocket, ClosesWith1011WhenItsSessionFails) {
  TestServer server;
  WsClient client(server.address(), "/");
  client.send_text("throw");
  EXPECT_EQ(client.read_close(), 1011);
  EXPECT_TRUE(eventually([&] { return server.handler().sessions == 0; }));
}

TEST(WebSocket, CutsOffAPeerThatDoesNotAnswerTheClose) {
  TestServer server(with({.close_timeout = 100ms}));
  WsClient client(server.address(), "/");
  client.send_text("close 4000");
  EXPECT_TRUE(eventually([&] { return server.server().connections() == 0; }));
  const auto frame = client.read_frame();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->close_code(), 4000);
}

TEST(WebSocket, PingsAndKeepsThoseThatAnswer) {
  TestServer server(with({.ping_interval = 60ms}));
  WsClient client(server.address(), "/");
  for (int i = 0; i < 5; ++i) {
    const auto ping = client.read_frame();
    ASSERT_TRUE(ping);
    ASSERT_EQ(ping->opcode, kPing);
    client.send(client_frame(kPong, ping->payload));
  }
  client.send_text("alive");
  EXPECT_EQ(client.read_text(), "alive");
}

TEST(WebSocket, IsGoneWhenTwoPingsStayUnanswered) {
  TestServer server(with({.ping_interval = 60ms}));
  WsClient client(server.address(), "/");
  int pings = 0;
  while (client.read_frame()) ++pings;
  EXPECT_EQ(pings, 2);
  EXPECT_TRUE(eventually([&] { return server.handler().last_closed == 1006; }));
}

TEST(WebSocket, ClosesAPeerThatSendsNothingOfItsOwnThoughItAnswersPings) {
  TestServer server(with({.ping_interval = 50ms, .idle_timeout = 200ms}));
  WsClient client(server.address(), "/");
  auto frame = client.read_frame();
  for (; frame && frame->opcode == kPing; frame = client.read_frame()) client.send(client_frame(kPong, frame->payload));
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->close_code(), 1001);
}

TEST(WebSocket, IsClosedWith1012AndADelayWhenTheServerStops) {
  TestServer server;
  WsClient client(server.address(), "/");
  std::jthread stopping([&] { server.server().stop(kPatience); });
  const auto frame = client.read_message();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->close_code(), 1012);
  EXPECT_THAT(frame->close_reason(), MatchesRegex("restarting; retry_ms=[1-9][0-9]+"));
  client.send(client_frame(kClose, close_payload(1012)));
  EXPECT_TRUE(client.ended());
  client.close();
  stopping.join();
  EXPECT_EQ(server.server().connections(), 0U);
}

}  // namespace
}  // namespace parley::net
