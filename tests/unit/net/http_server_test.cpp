#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/net/test_server.hpp"

namespace parley::net {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

struct Answer {
  std::string head;
  std::string body;
};

Answer read_answer(TcpClient& client) {
  Answer answer{client.take_until("\r\n\r\n"), {}};
  const auto at = answer.head.find("Content-Length: ");
  if (at != std::string::npos) answer.body = client.take(std::stoul(answer.head.substr(at + 16)));
  return answer;
}

Answer ask(const TestServer& server, std::string_view request) {
  TcpClient client(server.address());
  client.send(request);
  return read_answer(client);
}

std::string get(std::string_view target, std::string_view more = "") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n" + std::string(more) + "\r\n";
}

TEST(HttpServer, AnswersARequest) {
  TestServer server;
  const auto answer = ask(server, get("/echo?x=%20"));
  EXPECT_THAT(answer.head, StartsWith("HTTP/1.1 200 OK\r\nServer: parley\r\nDate: "));
  EXPECT_THAT(answer.head, HasSubstr("X-Path: /echo\r\n"));
  EXPECT_EQ(answer.body, "GET /echo?x=%20\n");
}

TEST(HttpServer, KeepsTheConnectionAndAnswersPipelinedRequestsInOrder) {
  TestServer server;
  TcpClient client(server.address());
  for (int round = 0; round < 2; ++round) {
    client.send(get("/1") + "POST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc" + get("/3"));
    EXPECT_EQ(read_answer(client).body, "GET /1\n");
    EXPECT_EQ(read_answer(client).body, "POST /2\nabc");
    EXPECT_EQ(read_answer(client).body, "GET /3\n");
  }
}

TEST(HttpServer, ReadsARequestThatComesByteByByte) {
  TestServer server;
  TcpClient client(server.address());
  for (const char c : std::string("PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody")) client.send({&c, 1});
  EXPECT_EQ(read_answer(client).body, "PUT /x\nbody");
}

TEST(HttpServer, ReadsAChunkedBody) {
  TestServer server;
  TcpClient client(server.address());
  client.send("POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  client.send("2;ext=1\r\nde\r\n0\r\nTrailer: t\r\n\r\n" + get("/next"));
  EXPECT_EQ(read_answer(client).body, "POST /c\nabcde");
  EXPECT_EQ(read_answer(client).body, "GET /next\n");
}

// RFC 9110, 6.5.1: what a header says must have been said before the body, where proxies look for it.
TEST(HttpServer, DoesNotTakeTrailersForHeaders) {
  TestServer server;
  TcpClient client(server.address());
  client.send("POST /headers HTTP/1.1\r\nHost: x\r\nA: 1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n");
  client.send("Authorization: t\r\nA: 2\r\nConnection: upgrade, close\r\nUpgrade: websocket\r\n\r\n" + get("/next"));
  EXPECT_EQ(read_answer(client).body, "Host: x\nA: 1\nTransfer-Encoding: chunked\n");
  EXPECT_EQ(read_answer(client).body, "GET /next\n");
}

TEST(HttpServer, DoesNotUpgradeForTheSakeOfATrailer) {
  TestServer server;
  TcpClient client(server.address());
  client.send("GET /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nConnection: upgrade\r\n");
  client.send("Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  EXPECT_EQ(read_answer(client).body, "GET /echo\n");
}

TEST(HttpServer, AnswersHeadLikeGetWithoutTheBody) {
  TestServer server;
  TcpClient client(server.address());
  client.send("HEAD /h HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.take_until("\r\n\r\n"), HasSubstr("Content-Length: 7\r\n"));  // "GET /h\n"
  client.send(get("/after"));
  EXPECT_EQ(read_answer(client).body, "GET /after\n");
}

TEST(HttpServer, SaysNoLengthWithNoContent) {
  TestServer server;
  TcpClient client(server.address());
  client.send(get("/empty") + get("/after"));
  EXPECT_THAT(read_answer(client).head, testing::Not(HasSubstr("Content-Length")));
  EXPECT_EQ(read_answer(client).body, "GET /after\n");
}

TEST(HttpServer, ClosesWhenAskedTo) {
  TestServer server;
  TcpClient client(server.address());
  client.send(get("/x", "Connection: close\r\n"));
  EXPECT_THAT(read_answer(client).head, HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(client.ended());
}

TEST(HttpServer, ClosesAfterAnHttp10RequestUnlessAskedToKeep) {
  TestServer server;
  TcpClient client(server.address());
  client.send("GET /keep HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(read_answer(client).head, HasSubstr("Connection: keep-alive\r\n"));
  client.send("GET /x HTTP/1.0\r\n\r\n");
  EXPECT_EQ(read_answer(client).body, "GET /x\n");
  EXPECT_TRUE(client.ended());
}

TEST(HttpServer, AsksForTheBodyWhenThePeerWaitsForThat) {
  TestServer server;
  TcpClient client(server.address());
  client.send("POST /e HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.take_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ok");
  EXPECT_EQ(read_answer(client).body, "POST /e\nok");
}

// RFC 9110, 10.1.1: it knows of no answer before the last.
TEST(HttpServer, TellsAnHttp10PeerNothingBeforeItsAnswer) {
  TestServer server;
  TcpClient client(server.address());
  client.send("POST /e HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return server.server().connections() == 1; }));
  client.send("ok");
  EXPECT_THAT(client.take_all(), StartsWith("HTTP/1.1 200 "));
}

TEST(HttpServer, TakesATargetInAbsoluteForm) {
  TestServer server;
  const std::string more = " HTTP/1.1\r\nHost: elsewhere\r\n\r\n";
  EXPECT_EQ(ask(server, "GET http://x:81/a/b?c=d" + more).body, "GET /a/b?c=d\n");
  EXPECT_EQ(ask(server, "GET http://x:81/headers" + more).body, "Host: x:81\n");
  EXPECT_THAT(ask(server, "GET http:///a" + more).head, StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(ask(server, "GET http://x/ HTTP/1.1\r\n\r\n").head, StartsWith("HTTP/1.1 400 "));
}

TEST(HttpServer, RefusesATransferCodingThatItDoesNotKnow) {
  TestServer server;
  for (const std::string coding : {"gzip, chunked", "gzip\r\nTransfer-Encoding: chunked", "chunked;q=1"}) {
    const auto answer =
        ask(server, "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: " + coding + "\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    EXPECT_THAT(answer.head, StartsWith("HTTP/1.1 501 ")) << coding;
    EXPECT_THAT(answer.head, HasSubstr("Connection: close")) << coding;
  }
}

TEST(HttpServer, RefusesABodyThatIsTooLargeBeforeAskingForIt) {
  TestServer server({.max_body_bytes = 100});
  const auto answer = ask(server, "POST /e HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_THAT(answer.head, StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(answer.head, HasSubstr("application/problem+json"));
}

TEST(HttpServer, AnswersATooLargeBodyToAPeerThatKeepsSending) {
  TestServer server({.max_body_bytes = 100});
  TcpClient client(server.address());
  client.send("POST /e HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "1000\r\n" + std::string(0x1000, 'x') + "\r\n";
  for (int i = 0; i < 50; ++i) client.send(chunk);
  const auto answer = read_answer(client);
  EXPECT_THAT(answer.head, StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(answer.head, HasSubstr("Connection: close"));
}

TEST(HttpServer, RefusesAHeadThatIsTooLarge) {
  TestServer server({.max_header_bytes = 1000});
  EXPECT_THAT(ask(server, get("/x", "A: " + std::string(2000, 'a') + "\r\n")).head, StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(ask(server, get("/" + std::string(2000, 'a'))).head, StartsWith("HTTP/1.1 431 "));
}

TEST(HttpServer, RefusesWhatIsNotHttpOrCouldBeReadInTwoWays) {
  TestServer server;
  for (const std::string_view bad : {
           std::string_view("nonsense\r\n\r\n"),
           std::string_view("GET / HTTP/2.0\r\nHost: x\r\n\r\n"),
           std::string_view("GET / HTTP/1.1\r\n\r\n"),
           std::string_view("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
           std::string_view("GET / HTTP/1.1\r\nHost: x\r\nBad Name: 1\r\n\r\n"),
           std::string_view("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"),
           std::string_view("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1x\r\n\r\n"),
           std::string_view("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"),
           std::string_view("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
           std::string_view("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
       }) {
    TcpClient client(server.address());
    client.send(bad);
    EXPECT_THAT(client.take_all(), StartsWith("HTTP/1.1 400 ")) << bad;
  }
}

TEST(HttpServer, TakesWhatFollowsAContentLengthThatIsTooSmallForTheNextRequest) {
  TestServer server;
  TcpClient client(server.address());
  client.send("POST /s HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nabcdef\r\n\r\n");
  EXPECT_EQ(read_answer(client).body, "POST /s\nab");
  EXPECT_THAT(client.take_all(), StartsWith("HTTP/1.1 400 "));
}

TEST(HttpServer, ClosesWhenTheBodyIsShorterThanItsContentLength) {
  TestServer server({.body_timeout = 100ms});
  TcpClient waits(server.address());
  waits.send("POST /s HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab");
  TcpClient leaves(server.address());
  leaves.send("POST /s HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab");
  leaves.finish_sending();
  EXPECT_TRUE(waits.ended());
  EXPECT_TRUE(leaves.ended());
}

TEST(HttpServer, ClosesOnAHeadThatComesTooSlowlyHoweverMuchComes) {
  TestServer server({.max_header_bytes = 1 << 30, .header_timeout = 150ms});
  TcpClient client(server.address());
  client.send("GET / HTTP/1.1\r\n");
  const auto begin = std::chrono::steady_clock::now();
  const bool cut_off = eventually([&] { return !client.send("A: b\r\n"); });
  EXPECT_TRUE(cut_off);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 140ms);
}

TEST(HttpServer, ClosesAConnectionThatSaysNothing) {
  TestServer server({.header_timeout = 100ms});
  EXPECT_TRUE(TcpClient(server.address()).ended());
}

// Nothing is known of where it came from: what it asks for would count for nobody.
TEST(HttpServer, ServesNothingToAPeerThatResetItsConnectionBeforeItWasLookedAt) {
  TestServer server;
  server.on_shard([&] {
    TcpClient client(server.address());
    client.send(get("/x"));
    client.reset();
  });
  EXPECT_EQ(ask(server, get("/after")).body, "GET /after\n");
  EXPECT_TRUE(eventually([&] { return server.server().connections() == 0; }));
  EXPECT_EQ(server.handler().requests, 1);
}

TEST(HttpServer, ClosesAKeptConnectionWhenNoNextRequestComes) {
  TestServer server({.keep_alive_timeout = 100ms});
  TcpClient client(server.address());
  client.send(get("/x"));
  read_answer(client);
  EXPECT_TRUE(client.ended());
}

TEST(HttpServer, WritesALargeAnswerToASlowReaderWhole) {
  TestServer server;
  TcpClient client(server.address(), 8192);
  client.send(get("/big") + get("/after"));
  EXPECT_EQ(read_answer(client).body, std::string(8 << 20, 'b'));
  EXPECT_EQ(read_answer(client).body, "GET /after\n");
}

TEST(HttpServer, ClosesOnAPeerThatDoesNotTakeItsAnswer) {
  TestServer server({.write_timeout = 100ms});
  TcpClient client(server.address(), 8192);
  client.send(get("/big"));
  EXPECT_TRUE(eventually([&] { return server.server().connections() == 1; }));
  EXPECT_TRUE(eventually([&] { return server.server().connections() == 0; }));
}

TEST(HttpServer, AnswersAHandlersExceptionWith500AndLivesOn) {
  TestServer server;
  TcpClient client(server.address());
  client.send(get("/throw") + get("/after"));
  const auto answer = read_answer(client);
  EXPECT_THAT(answer.head, StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(answer.head, HasSubstr("application/problem+json"));
  EXPECT_EQ(read_answer(client).body, "GET /after\n");
}

TEST(HttpServer, TellsAConnectionTooManySoAndClosesIt) {
  TestServer server({.max_connections = 2});
  TcpClient one(server.address());
  TcpClient two(server.address());
  for (TcpClient* client : {&one, &two}) {
    client->send(get("/x"));
    read_answer(*client);
  }
  TcpClient three(server.address());
  EXPECT_THAT(three.take_all(), StartsWith("HTTP/1.1 429 "));
  three.close();
  one.close();
  EXPECT_TRUE(eventually([&] { return ask(server, get("/y")).body == "GET /y\n"; }));
}

TEST(HttpServer, AnswersRunningRequestsWhenItStops) {
  TestServer server;
  TcpClient idle(server.address());
  idle.send(get("/x"));
  read_answer(idle);
  TcpClient waits(server.address());
  waits.send(get("/wait"));
  ASSERT_TRUE(eventually([&] { return server.handler().waiting == 1; }));
  std::jthread stopping([&] { server.server().stop(kPatience); });
  EXPECT_TRUE(idle.ended());
  server.on_shard([&] { server.handler().release(); });
  const auto answer = read_answer(waits);
  EXPECT_EQ(answer.body, "GET /wait\n");
  EXPECT_THAT(answer.head, HasSubstr("Connection: close\r\n"));
  waits.close();
  stopping.join();
  EXPECT_EQ(server.server().connections(), 0U);
}

TEST(HttpServer, StopsAtItsDeadlineWhateverStillRuns) {
  TestServer server;
  TcpClient half(server.address());
  half.send("GET /x HTTP/1.1\r\n");
  TcpClient unanswered(server.address());
  unanswered.send(get("/wait"));
  ASSERT_TRUE(eventually([&] { return server.server().connections() == 2 && server.handler().waiting == 1; }));
  server.server().stop(50ms);
  EXPECT_TRUE(half.ended());
}

TEST(HttpServer, SaysWhyItCannotListen) {
  runtime::Shards shards(1);
  TestHandler handler;
  TestServer other;
  for (const std::string& listen :
       {other.address(), std::string("nowhere"), std::string("127.0.0.1:x"), std::string("1.2.3.4:80")}) {
    const auto server = Server::start(shards, listen, {}, {&handler});
    ASSERT_FALSE(server) << listen;
    EXPECT_THAT(server.error(), HasSubstr(listen));
  }
}

}  // namespace
}  // namespace parley::net
