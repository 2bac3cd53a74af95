#include "ingest/accounts.hpp"

#include <algorithm>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "api/request_input.hpp"
#include "codec/json_writer.hpp"
#include "codec/position.hpp"
#include "ingest/settled.hpp"

namespace parley::ingest {

namespace asio = boost::asio;
namespace pb = service::pb;
using codec::Problem;

namespace {

runtime::Counter& counter(runtime::Metrics& metrics, const char* what, const char* result) {
  return metrics.counter("parley_account_requests_total",
                         "Requests to make an account, and to log in to one, by how they ended",
                         {{"what", what}, {"result", result}});
}

// What `ask` is told, on the coroutine's own executor.
template <class Told, class Ask>
asio::awaitable<Told> told(Ask ask) {
  auto executor = co_await asio::this_coro::executor;
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(Told)>(
      [executor](auto handler, Ask asked) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        asked([shared, executor](Told said) {
          asio::post(executor, [shared, said = std::move(said)]() mutable { (*shared)(std::move(said)); });
        });
      },
      asio::use_awaitable, std::move(ask));
}

net::HttpResponse too_many_attempts(limit::Time wait, const std::string& trace_id) {
  const auto seconds = std::max<std::int64_t>(std::chrono::ceil<std::chrono::seconds>(wait).count(), 1);
  auto response =
      api::problem(Problem::RateLimited, "too many attempts; try again in " + std::to_string(seconds) + " s", trace_id);
  for (auto& [name, value] : response.headers)
    if (name == "Retry-After") value = std::to_string(seconds);
  return response;
}

net::HttpResponse cant_be_read(const api::Call& call) {
  return api::problem(Problem::NotCaughtUp, "the read models can't be reached", call.trace_id());
}

}  // namespace

AccountMetrics::AccountMetrics(runtime::Metrics& metrics, const char* what)
    : done(counter(metrics, what, "done")),
      refused(counter(metrics, what, "refused")),
      limited(counter(metrics, what, "limited")),
      failed(counter(metrics, what, "failed")) {}

Accounts::Accounts(AccountOptions options, auth::VerifierOptions tokens, service::ReadModel& reads, LogIdentity identity,
                   const runtime::Clock& clock, runtime::Metrics& metrics)
    : options_(std::move(options)),
      tokens_(std::move(tokens)),
      reads_(reads),
      identity_(identity),
      clock_(clock),
      by_email_(options_.attempts_per_email, steady_),
      by_address_(options_.attempts_per_address, steady_),
      created_(metrics, "create"),
      logged_in_(metrics, "token"),
      passwords_(options_.passwords, metrics) {}

void Accounts::serve(api::Door& door, Writer& writer) {
  door.answer(api::Route::CreateAccount, [this, writer = &writer](api::Call call) { return create(std::move(call), writer); });
  door.answer(api::Route::CreateAccountToken, [this](api::Call call) { return create_token(std::move(call)); });
}

// The address first: whoever has used up his own must not use up somebody else's.
std::optional<net::HttpResponse> Accounts::count(const api::Call& call, const core::UserId& user, AccountMetrics& metrics) {
  // Whoever calls from inside has looked at the address.
  auto wait = call.from_inside ? std::nullopt : by_address_.take(options_.proxies.client_of(call.request));
  if (!wait) wait = by_email_.take(user.text);
  if (!wait) return std::nullopt;
  metrics.limited.add();
  return too_many_attempts(*wait, call.trace_id());
}

net::HttpResponse Accounts::failed(const api::Call& call, auth::PasswordFault fault, AccountMetrics& metrics) const {
  if (fault == auth::PasswordFault::Busy) {
    metrics.limited.add();
    return api::problem(Problem::RateLimited, "too many passwords wait to be looked at; try again in 1 s", call.trace_id());
  }
  metrics.failed.add();
  return api::problem(Problem::Internal, "there is no memory for a password", call.trace_id());
}

Accounts::Found Accounts::look_up(core::UserId user, std::string position) {
  pb::ReadRequest request;
  request.set_partition(core::partition_of(core::user_stream(user).slot(), identity_.partitions));
  request.set_caller(user.text);
  request.mutable_get_account()->set_user(user.text);
  request.mutable_get_account()->set_with_password(true);
  if (const auto positions = codec::parse_positions(position); positions && !positions->empty()) {
    request.set_min_next_offset(positions->front().next);
    request.set_wait_ms(static_cast<std::uint32_t>(options_.read_wait.count()));
  }
  co_return co_await service::read(reads_, std::move(request));
}

// Looked up before it is hashed: that there is one already costs nothing then. Who else asks for it meanwhile, the log decides.
Accounts::Response Accounts::create(api::Call call, Writer* writer) {
  if (const auto none = api::no_query(call.request); !none) co_return api::problem(none.error(), call.trace_id());
  auto request = codec::parse_create_account(call.request.body);
  if (!request) co_return api::problem(request.error(), call.trace_id());
  const auto user = request->credentials.user;
  if (auto refused = count(call, user, created_)) co_return std::move(*refused);
  const auto found = co_await look_up(user);
  if (found.status() == pb::READ_STATUS_OK) {
    created_.refused.add();
    co_return api::problem(Problem::Conflict, "there is an account with this e-mail address", call.trace_id());
  }
  if (found.status() != pb::READ_STATUS_NOT_FOUND) {
    created_.failed.add();
    co_return cant_be_read(call);
  }
  auto hash = co_await told<std::expected<std::string, auth::PasswordFault>>(
      [this, password = std::move(request->credentials.password)](auto done) { passwords_.hash(password, std::move(done)); });
  if (!hash) co_return failed(call, hash.error(), created_);
  core::CreateAccount create{std::move(request->name), std::move(request->role), std::move(*hash)};
  auto command = writer->command(user, {}, std::move(create), call.trace.traceparent());
  const auto [sent, how] = co_await settled(writer, std::move(command));
  if (how.how != Settled::How::Decided) {
    created_.failed.add();
  } else if (how.outcome.status != core::Status::Accepted) {
    created_.refused.add();
  } else {
    created_.done.add();
    co_await look_up(user, how.position);  // so that he can log in now
  }
  co_return response_of(sent, how, call.trace_id());
}

Accounts::Response Accounts::create_token(api::Call call) {
  if (const auto none = api::no_query(call.request); !none) co_return api::problem(none.error(), call.trace_id());
  auto credentials = codec::parse_credentials(call.request.body);
  if (!credentials) co_return api::problem(credentials.error(), call.trace_id());
  if (auto refused = count(call, credentials->user, logged_in_)) co_return std::move(*refused);
  const auto found = co_await look_up(credentials->user);
  if (found.status() != pb::READ_STATUS_OK && found.status() != pb::READ_STATUS_NOT_FOUND) {
    logged_in_.failed.add();
    co_return cant_be_read(call);
  }
  const auto fits = co_await told<std::expected<bool, auth::PasswordFault>>(
      [this, hash = found.account().row().password_hash(), password = std::move(credentials->password)](auto done) {
        passwords_.check(hash, password, std::move(done));
      });
  if (!fits) co_return failed(call, fits.error(), logged_in_);
  if (!*fits) {
    logged_in_.refused.add();
    co_return api::problem(Problem::Unauthenticated, "the e-mail address or the password is wrong", call.trace_id());
  }
  logged_in_.done.add();
  co_return token_of(credentials->user, found.account());
}

net::HttpResponse Accounts::token_of(const core::UserId& user, const pb::AccountAnswer& account) const {
  const auto now = clock_.now_ms() / 1000 * 1000;  // a token counts in seconds
  const auto expires = now + std::chrono::milliseconds(options_.token_ttl).count();
  const auto token = auth::issue(
      tokens_,
      {.user = user, .name = account.name(), .issued_at_ms = now, .expires_at_ms = expires, .role = account.row().role()});
  std::string body;
  codec::JsonWriter(body)
      .begin_object()
      .key("token")
      .string(token)
      .key("user_id")
      .string(user.text)
      .key("expires_at")
      .time({expires})
      .end_object();
  return api::json(201, std::move(body));
}

void serve_no_accounts(api::Door& door) {
  for (const auto route : {api::Route::CreateAccount, api::Route::CreateAccountToken})
    door.answer(route, [](api::Call call) -> asio::awaitable<net::HttpResponse> {
      co_return api::problem(Problem::NotConfigured, "this server has no accounts: they are switched off", call.trace_id());
    });
}

}  // namespace parley::ingest
