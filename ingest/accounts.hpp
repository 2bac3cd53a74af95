// Accounts: for sites without an issuer of their own. An e-mail address and a password, in the log as a hash sealed with the
// user's key, get tokens that the site's secret signs.
//
// Operation: whoever asks is counted by e-mail address and by address, before a password is looked at. Who has no account is
// refused as one with another password is, in the same way and after the same work. Concurrency: any shard. Ownership: outlives
// the doors that it serves; what it is given must outlive it. Limits: those of the options; each process counts by itself.
#pragma once

#include <chrono>

#include "api/door.hpp"
#include "auth/password_pool.hpp"
#include "codec/account_input.hpp"
#include "ingest/writer.hpp"
#include "limit/attempts.hpp"
#include "net/client_address.hpp"
#include "service/read_model.hpp"

namespace parley::ingest {

struct AccountOptions {
  std::chrono::seconds token_ttl{3600};
  std::uint32_t attempts_per_email = 5;     // a minute; 0: there is no limit
  std::uint32_t attempts_per_address = 20;  // likewise
  auth::PasswordPoolOptions passwords;
  net::TrustedProxies proxies;                // that say for whom they ask
  std::chrono::milliseconds read_wait{2000};  // until a new account can be logged in to; then it is answered all the same
};

// One for each way in which a request ends.
struct AccountMetrics {
  AccountMetrics(runtime::Metrics& metrics, const char* what);
  runtime::Counter& done;
  runtime::Counter& refused;  // there is one already; or the password is wrong
  runtime::Counter& limited;  // too many attempts, or too many that wait
  runtime::Counter& failed;   // the log, the read models or the memory
};

class Accounts {
 public:
  Accounts(AccountOptions options, auth::VerifierOptions tokens, service::ReadModel& reads, LogIdentity identity,
           const runtime::Clock& clock, runtime::Metrics& metrics);
  // `writer` is that of the door's shard.
  void serve(api::Door& door, Writer& writer);

 private:
  using Response = boost::asio::awaitable<net::HttpResponse>;
  using Found = boost::asio::awaitable<service::pb::ReadResponse>;
  Response create(api::Call call, Writer* writer);
  Response create_token(api::Call call);
  // The answer to one who has tried too often.
  std::optional<net::HttpResponse> count(const api::Call& call, const core::UserId& user, AccountMetrics& metrics);
  net::HttpResponse failed(const api::Call& call, auth::PasswordFault fault, AccountMetrics& metrics) const;
  net::HttpResponse token_of(const core::UserId& user, const service::pb::AccountAnswer& account) const;
  // As of a place in the log, if one is given.
  Found look_up(core::UserId user, std::string position = {});

  AccountOptions options_;
  auth::VerifierOptions tokens_;
  service::ReadModel& reads_;
  LogIdentity identity_;
  const runtime::Clock& clock_;
  const runtime::SteadyClock steady_;
  limit::Attempts by_email_;
  limit::Attempts by_address_;
  AccountMetrics created_;
  AccountMetrics logged_in_;
  auth::PasswordPool passwords_;  // last: who waits for it uses all of these
};

// The same routes where there are no accounts.
void serve_no_accounts(api::Door& door);

}  // namespace parley::ingest
