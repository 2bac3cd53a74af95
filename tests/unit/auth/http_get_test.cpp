#include "auth/http_get.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>
#include <thread>

namespace parley::auth {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

// Answers every connection with the same bytes, once something has come; then closes, or keeps it open.
class OneAnswer {
 public:
  OneAnswer(std::string answer, bool closes = true) : answer_(std::move(answer)), closes_(closes) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listening_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listening_, 8);
    ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this] { serve(); });
  }
  ~OneAnswer() {
    ::shutdown(listening_, SHUT_RDWR);
    thread_.join();
    ::close(listening_);
    if (kept_ >= 0) ::close(kept_);
  }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/jwks"; }
  // What came last, once it was answered.
  [[nodiscard]] std::string asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  void serve() {
    for (int peer = 0; (peer = ::accept(listening_, nullptr, nullptr)) >= 0;) {
      char buffer[4096];
      const auto got = ::recv(peer, buffer, sizeof buffer, 0);
      {
        const std::lock_guard lock(mutex_);
        asked_.assign(buffer, static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
      }
      ::send(peer, answer_.data(), answer_.size(), MSG_NOSIGNAL);
      if (closes_)
        ::close(peer);
      else
        kept_ = peer;
    }
  }
  std::string answer_;
  bool closes_;
  int listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int kept_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::string asked_;
  std::jthread thread_;
};

std::string ok(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::expected<std::string, std::string> get(const OneAnswer& server, HttpGetOptions options = {}) {
  options.url = server.url();
  return http_get(options, {});
}

TEST(HttpGet, GivesTheBodyOfA200) {
  const OneAnswer server(ok("keys"));
  EXPECT_EQ(get(server), "keys");
  EXPECT_THAT(server.asked(), HasSubstr("GET /jwks HTTP/1.1\r\n"));
  EXPECT_THAT(server.asked(), HasSubstr("Accept: application/json\r\n"));
}

TEST(HttpGet, AnotherStatusIsAnErrorAndARedirectIsNotFollowed) {
  const OneAnswer elsewhere(ok("keys"));
  for (const auto* status : {"204 No Content", "301 Moved", "302 Found", "404 Not Found", "500 Oh", "503 Away"}) {
    const OneAnswer server(std::string("HTTP/1.1 ") + status + "\r\nContent-Length: 0\r\nLocation: " + elsewhere.url() +
                           "\r\n\r\n");
    const auto got = get(server);
    ASSERT_FALSE(got) << status;
    EXPECT_THAT(got.error(), HasSubstr(std::string(status).substr(0, 3)));
  }
  EXPECT_EQ(elsewhere.asked(), "");
}

TEST(HttpGet, ABodyThatIsTooLargeIsAnErrorHoweverItComes) {
  const std::string body(5000, 'x');
  EXPECT_EQ(get(OneAnswer(ok(body)), {.max_bytes = 5000})->size(), 5000U);
  for (const auto& answer : {ok(body), "HTTP/1.1 200 OK\r\n\r\n" + body,
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n" + body + "\r\n0\r\n\r\n"}) {
    const auto got = get(OneAnswer(answer), {.max_bytes = 4999});
    ASSERT_FALSE(got);
    EXPECT_THAT(got.error(), HasSubstr("more than 4999 bytes"));
  }
}

TEST(HttpGet, AnAnswerThatDoesNotComeOrDoesNotEndIsAnError) {
  for (const auto* answer : {"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nkeys"}) {
    const auto before = std::chrono::steady_clock::now();
    EXPECT_FALSE(get(OneAnswer(answer, false), {.timeout = milliseconds(100)})) << answer;
    EXPECT_LT(std::chrono::steady_clock::now() - before, milliseconds(5000));
    EXPECT_FALSE(get(OneAnswer(answer))) << "closed in the middle: " << answer;
  }
}

TEST(HttpGet, WhatIsNotHttpIsAnError) {
  EXPECT_FALSE(get(OneAnswer("SSH-2.0-OpenSSH_9.2\r\n")));
  for (const auto* url :
       {"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "", "http://", "http://127.0.0.1:1/\r\nX: y"})
    EXPECT_FALSE(http_get({.url = url}, {})) << url;
}

TEST(HttpGet, NobodyThereIsAnErrorThatSaysSo) {
  std::string url;
  {
    url = OneAnswer("").url();
  }
  const auto got = http_get({.url = url}, {});
  ASSERT_FALSE(got);
  EXPECT_THAT(got.error(), HasSubstr("127.0.0.1"));
}

TEST(HttpGet, AStopEndsIt) {
  const OneAnswer server("", false);
  std::stop_source stop;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(milliseconds(50));
    stop.request_stop();
  });
  const auto before = std::chrono::steady_clock::now();
  EXPECT_FALSE(http_get({.url = server.url(), .timeout = milliseconds(60'000)}, stop.get_token()));
  EXPECT_LT(std::chrono::steady_clock::now() - before, milliseconds(20'000));
}

}  // namespace
}  // namespace parley::auth
