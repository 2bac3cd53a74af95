// The HTTP calls of several dialects at a door.
//
// Concurrency: its door's shard. Ownership: outlives its door's last request; the dialects are constants.
#pragma once

#include "api/foreign.hpp"
#include "dialect/dialect.hpp"
#include "dialect/options.hpp"

namespace parley::dialect {

class Calls final : public api::Foreign {
 public:
  Calls(std::vector<const Dialect*> dialects, Options options, api::Door& door, const runtime::Clock& clock)
      : dialects_(std::move(dialects)), options_(std::move(options)), door_(door), clock_(clock) {}

  [[nodiscard]] bool is_at(std::string_view path) const override { return !methods_at(path).empty(); }
  [[nodiscard]] std::vector<std::string> methods_at(std::string_view path) const override;
  [[nodiscard]] std::optional<std::string> token_of(const net::HttpRequest& request) const override;
  [[nodiscard]] bool allows_origin(const net::HttpRequest& request) const override;
  [[nodiscard]] net::HttpResponse preflight(const net::HttpRequest& request, const std::vector<std::string>& methods,
                                            bool is_listed) const override;
  boost::asio::awaitable<net::HttpResponse> handle(net::HttpRequest request, runtime::TraceContext trace,
                                                   api::Visit& visit) override;
  boost::asio::awaitable<net::Taken> upgrade(const net::HttpRequest& request, api::Visit& visit) override;

 private:
  struct Found {
    const Dialect* dialect;
    const Route* route;
  };
  [[nodiscard]] std::optional<Found> find(std::string_view method, std::string_view path) const;
  // Who is calling; none: somebody who has shown no token, where that is allowed. The error says what is wrong with the token.
  std::expected<std::optional<auth::Identity>, std::string> authenticate(const Found& found, const net::HttpRequest& request);
  // What is refused before its handler is asked, as the dialect says it. `native`: the refusal as the public contract has it.
  net::HttpResponse deny(const Found& found, const net::HttpRequest& request, const runtime::TraceContext& trace,
                         std::string_view why, net::HttpResponse native) const;

  std::vector<const Dialect*> dialects_;
  Options options_;
  api::Door& door_;
  const runtime::Clock& clock_;
};

}  // namespace parley::dialect
