// The WebSockets of the dialects at a door: finds out which one a handshake means, and who is calling.
//
// A handshake is looked at by the dialects in turn; the last one takes what nobody else does. Concurrency: its door's shard.
// Ownership: outlives its door's last request and every Talk; the speeches are constants.
#pragma once

#include "api/foreign.hpp"
#include "dialect/options.hpp"
#include "ingest/dialects/talk.hpp"

namespace parley::ingest::dialects {

class Sockets final : public api::Foreign {
 public:
  // The place of a socket of this user and what it may send, or why it may not.
  using Allow =
      std::function<std::expected<std::unique_ptr<Allowance>, limit::Refusal>(const net::HttpRequest&, const core::UserId&)>;
  Sockets(std::vector<const Speech*> speeches, dialect::Options options, SessionServices& services, Allow allow)
      : speeches_(std::move(speeches)), options_(std::move(options)), commons_{services, {}}, allow_(std::move(allow)) {}

  [[nodiscard]] bool is_at(std::string_view path) const override;
  [[nodiscard]] std::vector<std::string> methods_at(std::string_view path) const override { return {}; }
  [[nodiscard]] std::optional<std::string> token_of(const net::HttpRequest& request) const override;
  [[nodiscard]] bool allows_origin(const net::HttpRequest& request) const override;
  [[nodiscard]] net::HttpResponse preflight(const net::HttpRequest& request, const std::vector<std::string>& methods,
                                            bool is_listed) const override;
  boost::asio::awaitable<net::HttpResponse> handle(net::HttpRequest request, runtime::TraceContext trace,
                                                   api::Visit& visit) override;
  boost::asio::awaitable<net::Taken> upgrade(const net::HttpRequest& request, api::Visit& visit) override;

 private:
  [[nodiscard]] const Speech* meant(const Handshake& handshake) const;
  // A socket that is told why it is refused once it is open.
  static net::Taken turn_away(std::string why, api::Visit& visit, const std::string& trace_id);

  std::vector<const Speech*> speeches_;
  dialect::Options options_;
  Commons commons_;
  Allow allow_;
};

}  // namespace parley::ingest::dialects
