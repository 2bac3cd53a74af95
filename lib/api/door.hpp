// The door of a shard: finds the route, checks Origin and token, and hands the call to whoever answers that route. Ingest and
// query-api add their routes to it: in one process both to the same door, in the topology each to its own.
//
// Concurrency: one shard. Ownership: the handlers' owners must outlive it. Limits: at most kCachedTokens verified tokens are
// of kCachedBytes together are remembered, so that a signature is checked once a connection rather than once a request.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/answer.hpp"
#include "api/routes.hpp"
#include "auth/token.hpp"
#include "net/server.hpp"
#include "runtime/clock.hpp"
#include "runtime/metrics.hpp"
#include "runtime/trace.hpp"

namespace parley::api {

struct DoorOptions {
  std::vector<std::string> allowed_origins;  // besides the same origin: "https://chat.example.com", or "*"
  std::vector<std::string> operators;        // user ids, besides those whose token says so
  std::chrono::milliseconds key_wait{2000};  // for a key of the issuer's that is not known
};

// An authenticated request at its route.
struct Call {
  net::HttpRequest request;
  Route route;
  std::vector<std::string> params;
  auth::Identity caller;  // of routes that need a token
  runtime::TraceContext trace;
  bool from_inside = false;  // from whoever calls in somebody's name and tells no address of his
  [[nodiscard]] std::string trace_id() const { return trace.trace_id(); }
};

class Foreign;
class RateGate;
class Visit;

class Door : public net::Handler {
 public:
  using Answer = std::function<boost::asio::awaitable<net::HttpResponse>(Call)>;
  // Takes a WebSocket of this user, or refuses it.
  using Admit = std::function<net::Taken(const net::HttpRequest&, auth::Identity)>;
  // Whose ticket it is; used up by the asking.
  using Redeem = std::function<std::optional<auth::Identity>(std::string_view ticket)>;

  // While it is not `open`, what needs a token or the log is refused with not_caught_up. No `gate`: nothing is limited by rate.
  Door(DoorOptions options, const auth::Verifier& verifier, const runtime::Clock& clock, runtime::Metrics& metrics,
       const std::atomic<bool>& open, RateGate* gate = nullptr);

  void answer(Route route, Answer answer) { answers_[static_cast<std::size_t>(route)] = std::move(answer); }
  // For dispatch() alone.
  void answer_inside(Route route, Answer answer) { inside_[static_cast<std::size_t>(route)] = std::move(answer); }
  // Asked, in the order of adding, for what the public contract has nothing at. REQUIRES: they outlive the door's last request.
  void add(Foreign& foreign) { foreign_.push_back(&foreign); }
  void admit(Admit admit, Redeem redeem) {
    admit_ = std::move(admit);
    redeem_ = std::move(redeem);
  }

  boost::asio::awaitable<net::HttpResponse> handle(net::HttpRequest request) override;
  boost::asio::awaitable<net::Taken> upgrade(const net::HttpRequest& request) override;
  net::HttpResponse refuse(unsigned status, std::string_view detail) override;

  // The answer of the public contract to a call of somebody's who is known already: for those who translate another's calls.
  // Without a remote address in it, the call is from inside.
  boost::asio::awaitable<net::HttpResponse> dispatch(net::HttpRequest request, auth::Identity caller,
                                                     runtime::TraceContext trace);

  // The identity behind a token, operators marked; `user_claim` as in auth::Verifier. A refusal is counted.
  std::expected<auth::Identity, auth::TokenError> verify(const std::string& token, std::string_view user_claim = {});
  // Whether the page that sends it is of this server or of the list; what is sent by no page is.
  [[nodiscard]] bool origin_is_listed(const net::HttpRequest& request) const;
  // Waits, if the token's key is not known, for the issuer's keys to be fetched anew; verify() says whether it is known then.
  boost::asio::awaitable<void> await_key(std::string token);

 private:
  using Refused = std::unexpected<net::HttpResponse>;
  boost::asio::awaitable<net::Taken> take_socket(const net::HttpRequest& request);
  net::Taken take_own_socket(const net::HttpRequest& request, Visit& visit, const std::string& trace_id);
  std::expected<auth::Identity, net::HttpResponse> authenticate(const net::HttpRequest& request, const std::string& trace_id);
  std::expected<auth::Identity, net::HttpResponse> authenticate_socket(const net::HttpRequest& request,
                                                                       const std::string& trace_id);
  std::expected<auth::Identity, auth::TokenError> look_up(const std::string& token, std::string_view user_claim = {});
  boost::asio::awaitable<net::HttpResponse> ask(Foreign& foreign, net::HttpRequest request, runtime::TraceContext trace,
                                                Visit& visit);
  // Of several at the path the first that takes the method, else the first. Null: the public contract has something there, or
  // nobody has.
  [[nodiscard]] Foreign* foreign_at(const Routed& routed, const net::HttpRequest& request) const;
  [[nodiscard]] std::vector<std::string> foreign_methods(std::string_view path) const;
  // Whether the page that sends it may: one of any origin that is listed, or that is one of the other system's.
  [[nodiscard]] bool may_come(const net::HttpRequest& request, const Foreign* foreign) const;
  // Whether its page is of this machine or of the list: what is for anyone who reaches this machine is for no other page, even
  // if its name was pointed at this machine (DNS rebinding) and it is of the same origin therefore.
  [[nodiscard]] bool comes_from_here(const net::HttpRequest& request) const;
  [[nodiscard]] bool is_allowed(const std::string& origin) const;
  void forget_verified();
  [[nodiscard]] net::HttpResponse preflight(const net::HttpRequest& request) const;
  void count(unsigned status) { by_class_[std::min<std::size_t>(status / 100, 5)]->add(); }
  void add_cors(const std::string& origin, net::HttpResponse& response) const;

  static constexpr std::size_t kCachedTokens = 50'000;
  static constexpr std::size_t kCachedBytes = 16 << 20;
  DoorOptions options_;
  const auth::Verifier& verifier_;
  const runtime::Clock& clock_;
  const std::atomic<bool>& open_;
  RateGate* gate_;
  std::array<Answer, kRoutes> answers_;
  std::array<Answer, kRoutes> inside_;
  std::vector<Foreign*> foreign_;
  Admit admit_;
  Redeem redeem_;
  std::unordered_map<std::string, auth::Identity> verified_;
  std::size_t verified_bytes_ = 0;
  std::uint64_t verified_with_ = 0;  // the issuer's keys, by their generation
  std::array<runtime::Counter*, auth::kTokenErrors> refused_;
  std::array<runtime::Counter*, 6> by_class_;  // requests by hundreds of their status
};

}  // namespace parley::api
