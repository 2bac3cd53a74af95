#include "ingest/operator_calls.hpp"

#include "api/request_input.hpp"
#include "codec/client_input.hpp"
#include "codec/json_writer.hpp"
#include "runtime/log.hpp"

namespace parley::ingest {

namespace asio = boost::asio;
using codec::Problem;

void OperatorCalls::serve(api::Door& door) {
  door.answer(api::Route::DisconnectUser, [this](api::Call call) { return disconnect(std::move(call)); });
}

asio::awaitable<net::HttpResponse> OperatorCalls::disconnect(api::Call call) {
  if (const auto none = api::no_query(call.request); !none) co_return api::problem(none.error(), call.trace_id());
  const auto user = core::UserId::parse(call.params[0]);
  if (!user) co_return api::problem(Problem::NotFound, "there is no such thing, or you may not see it", call.trace_id());
  if (const auto none = codec::parse_no_body(call.request.body); !none) co_return api::problem(none.error(), call.trace_id());

  const auto closed = co_await hub_.disconnect(*user);
  spdlog::info("operator {} disconnected {}: {} sockets", call.caller.user.text, user->text, closed);
  std::string body;
  codec::JsonWriter(body).begin_object().key("disconnected").number(closed).end_object();
  co_return api::json(200, std::move(body));
}

}  // namespace parley::ingest
