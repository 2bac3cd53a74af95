#include "codec/client_json.hpp"
#include "codec/json_writer.hpp"
#include "codec/row_proto.hpp"
#include "query-api/members_json.hpp"
#include "query-api/query_api.hpp"

namespace parley::query_api {

namespace asio = boost::asio;
using codec::JsonWriter;

namespace {

bool append_workspace_answer(std::string& out, const pb::WorkspaceAnswer& answer) {
  const auto id = core::WorkspaceId::from_bytes(answer.id());
  const auto head = id ? codec::from_proto(*id, answer.row()) : std::nullopt;
  if (!head) return false;
  codec::append_workspace(out, *head, static_cast<core::Role>(answer.role()));
  return true;
}

}  // namespace

asio::awaitable<net::HttpResponse> QueryApi::user(Asked asked) {
  if (auto none = codec::parse_no_query(asked.query); !none) co_return asked.refuse(none.error());
  const auto& call = asked.call;
  const auto who = call.route == api::Route::GetMe ? std::optional(call.caller.user) : core::UserId::parse(call.params[0]);
  if (!who) co_return asked.reader.not_found();
  pb::ReadRequest request;
  request.mutable_get_user()->set_user(who->text);
  const auto response = co_await asked.reader.read(core::user_stream(*who).slot(), std::move(request));
  if (!response) co_return response.error();
  const auto profile = codec::from_proto(response->user().row());
  if (!profile) co_return asked.reader.damaged();
  std::string body;
  codec::append_user(body, *who, *profile);
  co_return asked.reader.ok(std::move(body));
}

asio::awaitable<net::HttpResponse> QueryApi::workspaces(Asked asked) {
  if (auto none = codec::parse_no_query(asked.query); !none) co_return asked.refuse(none.error());
  pb::ReadRequest request;
  request.mutable_list_workspaces();
  const auto responses = co_await asked.reader.read_everywhere(std::move(request));
  if (!responses) co_return responses.error();
  std::string body;
  bool sound = true;
  JsonWriter json(body);
  json.begin_object().key("workspaces").begin_array();
  for (const auto& response : *responses)
    for (const auto& one : response.workspaces().workspaces())
      json.value([&](std::string& out) { sound = append_workspace_answer(out, one) && sound; });
  json.end_array().end_object();
  co_return sound ? asked.reader.ok(std::move(body)) : asked.reader.damaged();
}

asio::awaitable<net::HttpResponse> QueryApi::workspace(Asked asked) {
  if (auto none = codec::parse_no_query(asked.query); !none) co_return asked.refuse(none.error());
  const auto id = core::WorkspaceId::parse(asked.call.params[0]);
  if (!id) co_return asked.reader.not_found();
  pb::ReadRequest request;
  request.mutable_get_workspace()->set_workspace(std::string(id->bytes()));
  const auto response = co_await asked.reader.read(id->slot(), std::move(request));
  if (!response) co_return response.error();
  std::string body;
  if (!append_workspace_answer(body, response->workspace())) co_return asked.reader.damaged();
  co_return asked.reader.ok(std::move(body));
}

// For operators, whether they are in it or not.
asio::awaitable<net::HttpResponse> QueryApi::any_workspace(Asked asked) {
  if (auto none = codec::parse_no_query(asked.query); !none) co_return asked.refuse(none.error());
  const auto id = core::WorkspaceId::parse(asked.call.params[0]);
  if (!id) co_return asked.reader.not_found();
  pb::ReadRequest request;
  request.mutable_get_workspace()->set_workspace(std::string(id->bytes()));
  request.mutable_get_workspace()->set_operator_(true);
  const auto response = co_await asked.reader.read(id->slot(), std::move(request));
  if (!response) co_return response.error();
  const auto head = codec::from_proto(*id, response->workspace().row());
  if (!head) co_return asked.reader.damaged();
  std::string body;
  codec::append_workspace(body, *head);
  co_return asked.reader.ok(std::move(body));
}

asio::awaitable<net::HttpResponse> QueryApi::workspace_members(Asked asked) {
  const auto list = codec::parse_list(asked.query);
  if (!list) co_return asked.refuse(list.error());
  if (list->as_of) co_return asked.refuse(no_past());
  const auto id = core::WorkspaceId::parse(asked.call.params[0]);
  if (!id) co_return asked.reader.not_found();
  pb::ReadRequest request;
  auto& query = *request.mutable_list_workspace_members();
  query.set_workspace(std::string(id->bytes()));
  query.set_after(list->after);
  query.set_limit(list->limit);
  const auto response = co_await asked.reader.read(id->slot(), std::move(request));
  if (!response) co_return response.error();
  co_return asked.reader.ok(members_json(response->members()));
}

asio::awaitable<net::HttpResponse> QueryApi::workspace_channels(Asked asked) {
  if (auto none = codec::parse_no_query(asked.query); !none) co_return asked.refuse(none.error());
  const auto id = core::WorkspaceId::parse(asked.call.params[0]);
  if (!id) co_return asked.reader.not_found();
  pb::ReadRequest request;
  request.mutable_list_workspace_channels()->set_workspace(std::string(id->bytes()));
  const auto response = co_await asked.reader.read(id->slot(), std::move(request));
  if (!response) co_return response.error();
  std::string body;
  if (!append_channels(body, response->channels())) co_return asked.reader.damaged();
  co_return asked.reader.ok(std::move(body));
}

}  // namespace parley::query_api
