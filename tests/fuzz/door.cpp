// A whole request as the network hands it on, to the door: its path and method, Origin, token and ticket, trace. It is
// answered, whatever it is, and only who has a good token gets behind the door. The first line is method and target, the lines
// up to an empty one are headers, the rest is the body.
#include "api/door.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "codec/json_reader.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace parley::fuzz {
namespace {

namespace asio = boost::asio;

constexpr std::int64_t kNow = 1'767'225'600'000;
const auth::VerifierOptions kTokens{.secret = "the secret of this target, and of none"};

std::string token() { return auth::issue(kTokens, {.user = {"ann"}, .issued_at_ms = kNow, .expires_at_ms = kNow + 60'000}); }

std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

net::HttpRequest request_of(std::string_view text) {
  net::HttpRequest request{.remote = "192.0.2.1"};
  const auto first = take_line(text);
  const auto space = std::min(first.find(' '), first.size());
  request.method = first.substr(0, space);
  request.target = first.substr(std::min(space + 1, first.size()));
  for (auto line = take_line(text); !line.empty(); line = take_line(text)) {
    const auto colon = std::min(line.find(": "), line.size());
    request.headers.emplace_back(line.substr(0, colon), line.substr(std::min(colon + 2, line.size())));
  }
  request.body = text;
  return request;
}

// Every route is there, and answers what it was asked.
class House {
 public:
  House() {
    for (std::size_t route = 0; route < api::kRoutes; ++route)
      door_.answer(static_cast<api::Route>(route), [](api::Call call) -> asio::awaitable<net::HttpResponse> {
        must_hold(call.caller.user.text.empty() || call.caller.user.text == "ann", "whoever is let in is who the token names");
        for (const auto& param : call.params) must_hold(core::is_utf8(param), "what a path says is text");
        must_hold(call.trace_id().size() == 32, "a call has a trace");
        co_return net::HttpResponse{};
      });
    door_.admit(
        [](const net::HttpRequest&, auth::Identity who) -> net::Taken {
          must_hold(who.user.text == "ann", "a socket is of whom the token names");
          return net::Upgrade{};
        },
        [](std::string_view) -> std::optional<auth::Identity> { return std::nullopt; });
  }
  void ask(const net::HttpRequest& request) {
    int answers = 0;
    asio::co_spawn(context_, door_.upgrade(request), [&](const std::exception_ptr& thrown, const net::Taken& taken) {
      must_hold(!thrown, "nothing is thrown");
      if (!taken) see(taken.error());
      ++answers;
    });
    asio::co_spawn(context_, door_.handle(request), [&](const std::exception_ptr& thrown, const net::HttpResponse& response) {
      must_hold(!thrown, "nothing is thrown");
      see(response);
      ++answers;
    });
    context_.restart();
    context_.run();
    must_hold(answers == 2, "every request has an answer");
  }

 private:
  static void see(const net::HttpResponse& response) {
    must_hold(response.status >= 200 && response.status < 600, "an answer has a status");
    if (response.status < 400) return;
    must_hold(codec::read_json_object(response.body).has_value(), "a problem is JSON");
    for (const auto& [name, value] : response.headers)
      must_hold(value.find_first_of("\r\n") == std::string::npos, "a header is one line");
  }

  asio::io_context context_;
  runtime::Metrics metrics_;
  const runtime::ManualClock clock_{kNow};
  const auth::Verifier verifier_{kTokens};
  const std::atomic<bool> open_ = true;
  api::Door door_{{.allowed_origins = {"https://chat.example.org"}, .operators = {"root"}}, verifier_, clock_, metrics_, open_};
};

}  // namespace

std::vector<std::string> seeds() {
  const auto bearer = "Authorization: Bearer " + token() + "\n";
  const std::string channel = "5e884898-da28-8151-80e5-6f8dc6292773";
  return {"GET /v1/channels/" + channel + "/messages?limit=5 HTTP\n" + bearer + "\n",
          "PUT /v1/channels/" + channel + "/messages/7/reactions/%F0%9F%91%8D\n" + bearer +
              "Origin: https://chat.example.org\nIdempotency-Key: k\n\n{}",
          "POST /v1/dev/tokens\nHost: chat.example.org\nOrigin: null\n\n{\"user_id\":\"ann\"}",
          "POST /v1/dev/tokens\nHost: [::1]:80\nOrigin: http://[::1]:80\n\n{\"user_id\":\"ann\"}",
          "GET /v1/ws?ticket=abc&resume=1\nSec-WebSocket-Protocol: parley.v1.batch\nHost: a\nOrigin: http://a\n\n",
          "GET /v1/ws\n" + bearer + "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n\n",
          "OPTIONS /v1/inbox\nOrigin: https://chat.example.org\nAccess-Control-Request-Method: GET\n\n",
          "DELETE /v1/admin/users/a%40b\n" + bearer + "\n",
          "GET /healthz\n\n",
          "GET\n"};
}

}  // namespace parley::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static parley::fuzz::House house;
  house.ask(parley::fuzz::request_of(parley::fuzz::view(data, size)));
  return 0;
}
