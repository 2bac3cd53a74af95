#include "codec/client_json.hpp"
#include "query-api/query_api.hpp"

namespace parley::query_api {

namespace asio = boost::asio;

// Without its password: that is for ingest alone.
asio::awaitable<net::HttpResponse> QueryApi::account(Asked asked) {
  if (auto none = codec::parse_no_query(asked.query); !none) co_return asked.refuse(none.error());
  const auto user = core::UserId::parse(asked.call.params[0]);
  if (!user) co_return asked.reader.not_found();
  pb::ReadRequest request;
  request.mutable_get_account()->set_user(user->text);
  const auto response = co_await asked.reader.read(core::user_stream(*user).slot(), std::move(request));
  if (!response) co_return response.error();
  const auto& account = response->account();
  std::string body;
  codec::append_account(body, *user, {.name = account.name(), .role = account.row().role()}, {account.row().created_at_ms()});
  co_return asked.reader.ok(std::move(body));
}

}  // namespace parley::query_api
