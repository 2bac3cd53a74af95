#include "ingest/tokens.hpp"

#include <algorithm>

#include "api/request_input.hpp"
#include "auth/base64url.hpp"
#include "codec/client_input.hpp"
#include "codec/json_writer.hpp"
#include "runtime/random.hpp"

namespace parley::ingest {

namespace asio = boost::asio;

namespace {
constexpr std::int64_t kTicketMs = 30'000;
constexpr std::uint64_t kDevTokenSeconds = 24 * 3600;
}  // namespace

void Tokens::serve(api::Door& door) {
  if (development_)
    door.answer(api::Route::CreateDevToken, [this](api::Call call) { return create_dev_token(std::move(call)); });
  door.answer(api::Route::CreateTicket, [this](api::Call call) { return create_ticket(std::move(call)); });
}

asio::awaitable<net::HttpResponse> Tokens::create_dev_token(api::Call call) {
  if (const auto none = api::no_query(call.request); !none) co_return api::problem(none.error(), call.trace_id());
  const auto asked = codec::parse_dev_token(call.request.body);
  if (!asked) co_return api::problem(asked.error(), call.trace_id());
  const auto now = clock_.now_ms() / 1000 * 1000;  // a token counts in seconds
  const auto expires = now + static_cast<std::int64_t>(asked->expires_in_s.value_or(kDevTokenSeconds)) * 1000;
  const auto token = auth::issue(
      options_, {.user = asked->user, .name = asked->name.value_or(""), .issued_at_ms = now, .expires_at_ms = expires});
  std::string body;
  codec::JsonWriter(body)
      .begin_object()
      .key("token")
      .string(token)
      .key("user_id")
      .string(asked->user.text)
      .key("expires_at")
      .time({expires})
      .end_object();
  co_return api::json(201, std::move(body));
}

// It ends with the token that it stands for.
asio::awaitable<net::HttpResponse> Tokens::create_ticket(api::Call call) {
  if (const auto none = api::no_query(call.request); !none) co_return api::problem(none.error(), call.trace_id());
  if (const auto none = codec::parse_no_body(call.request.body); !none) co_return api::problem(none.error(), call.trace_id());
  std::byte secret[24];
  runtime::fill_secret(secret);
  auto ticket = auth::base64url({reinterpret_cast<const char*>(secret), sizeof secret});
  const auto expires = std::min(clock_.now_ms() + kTicketMs, call.caller.expires_at_ms);
  std::string body;
  codec::JsonWriter(body).begin_object().key("ticket").string(ticket).key("expires_at").time({expires}).end_object();
  tickets_.put(std::move(ticket), std::move(call.caller), expires);
  co_return api::json(201, std::move(body));
}

std::optional<auth::Identity> Tokens::redeem(std::string_view ticket) {
  return tickets_.take(std::string(ticket), clock_.now_ms());
}

}  // namespace parley::ingest
