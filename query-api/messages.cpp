#include "codec/client_json.hpp"
#include "codec/json_writer.hpp"
#include "codec/row_proto.hpp"
#include "query-api/members_json.hpp"
#include "query-api/query_api.hpp"
#include "service/history.hpp"

namespace parley::query_api {

namespace asio = boost::asio;
using codec::JsonWriter;

asio::awaitable<net::HttpResponse> QueryApi::messages(Asked asked) {
  const auto page = codec::parse_page(asked.query);
  if (!page) co_return asked.refuse(page.error());
  const auto id = core::ChannelId::parse(asked.call.params[0]);
  if (!id) co_return asked.reader.not_found();
  auto request = service::history_request(*id, *page);
  if (page->as_of)
    if (auto past = service::ask_as_of(request, *request.mutable_get_messages()->mutable_as_of(), *page->as_of, id->slot(),
                                       asked.reader.log());
        !past)
      co_return asked.refuse(past.error());
  const auto response = co_await asked.reader.read(id->slot(), std::move(request));
  if (!response) co_return response.error();
  std::string body;
  const service::History history(*id, *page, response->messages());
  if (!codec::append_history(body, history.page())) co_return asked.reader.damaged();
  co_return asked.reader.ok(std::move(body));
}

asio::awaitable<net::HttpResponse> QueryApi::message(Asked asked) {
  if (auto none = codec::parse_no_query(asked.query); !none) co_return asked.refuse(none.error());
  const auto id = core::ChannelId::parse(asked.call.params[0]);
  const auto seq = codec::parse_path_seq(asked.call.params[1]);
  if (!id || !seq) co_return asked.reader.not_found();
  pb::ReadRequest request;
  request.mutable_get_message()->set_channel(std::string(id->bytes()));
  request.mutable_get_message()->set_seq(seq->value);
  const auto response = co_await asked.reader.read(id->slot(), std::move(request));
  if (!response) co_return response.error();
  std::string body;
  if (!codec::append_message(body, *id, service::entry_of(response->messages().messages(0)))) co_return asked.reader.damaged();
  co_return asked.reader.ok(std::move(body));
}

asio::awaitable<net::HttpResponse> QueryApi::revisions(Asked asked) {
  if (auto none = codec::parse_no_query(asked.query); !none) co_return asked.refuse(none.error());
  const auto id = core::ChannelId::parse(asked.call.params[0]);
  const auto seq = codec::parse_path_seq(asked.call.params[1]);
  if (!id || !seq) co_return asked.reader.not_found();
  pb::ReadRequest request;
  request.mutable_list_revisions()->set_channel(std::string(id->bytes()));
  request.mutable_list_revisions()->set_seq(seq->value);
  const auto response = co_await asked.reader.read(id->slot(), std::move(request));
  if (!response) co_return response.error();
  std::string body;
  JsonWriter json(body);
  json.begin_object().key("revisions").begin_array();
  for (const auto& revision : response->revisions().revisions())
    json.begin_object().key("text").string(revision.text()).key("at").time({revision.at_ms()}).end_object();
  json.end_array().end_object();
  co_return asked.reader.ok(std::move(body));
}

asio::awaitable<net::HttpResponse> QueryApi::receipts(Asked asked) {
  if (auto none = codec::parse_no_query(asked.query); !none) co_return asked.refuse(none.error());
  const auto id = core::ChannelId::parse(asked.call.params[0]);
  if (!id) co_return asked.reader.not_found();
  pb::ReadRequest request;
  request.mutable_list_receipts()->set_channel(std::string(id->bytes()));
  const auto response = co_await asked.reader.read(id->slot(), std::move(request));
  if (!response) co_return response.error();
  std::string body;
  bool sound = true;
  JsonWriter json(body);
  json.begin_object().key("receipts").begin_array();
  for (const auto& entry : response->receipts().receipts()) {
    const auto member = codec::from_proto(entry.row());
    sound = sound && member.has_value();
    if (member) json.value([&](std::string& out) { codec::append_receipt(out, {entry.user()}, *member); });
  }
  json.end_array().end_object();
  co_return sound ? asked.reader.ok(std::move(body)) : asked.reader.damaged();
}

asio::awaitable<net::HttpResponse> QueryApi::events(Asked asked) {
  const auto query = codec::parse_events(asked.query);
  if (!query) co_return asked.refuse(query.error());
  const auto id = core::ChannelId::parse(asked.call.params[0]);
  if (!id) co_return asked.reader.not_found();
  pb::ReadRequest request;
  auto& list = *request.mutable_list_events();
  list.set_channel(std::string(id->bytes()));
  list.set_after(query->after.value);
  list.set_limit(query->limit);
  const auto response = co_await asked.reader.read(id->slot(), std::move(request));
  if (!response) co_return response.error();
  std::string body;
  bool sound = true;
  JsonWriter json(body);
  json.begin_object().key("events").begin_array();
  for (const auto& event : response->events().events())
    json.value([&](std::string& out) { sound = service::append_event(out, event, id->slot(), asked.reader.log()) && sound; });
  json.end_array().key("has_more").boolean(response->events().has_more());
  json.key("version").number(response->events().version()).end_object();
  co_return sound ? asked.reader.ok(std::move(body)) : asked.reader.damaged();
}

asio::awaitable<net::HttpResponse> QueryApi::command(Asked asked) {
  if (auto none = codec::parse_no_query(asked.query); !none) co_return asked.refuse(none.error());
  const auto id = core::CommandId::parse(asked.call.params[0]);
  if (!id) co_return asked.reader.not_found();
  pb::ReadRequest request;
  request.mutable_get_command()->set_command(std::string(id->bytes()));
  request.mutable_get_command()->set_operator_(asked.call.caller.is_operator);
  const auto response = co_await asked.reader.read(id->slot(), std::move(request));
  if (!response) co_return response.error();
  const auto row = codec::from_proto(response->command().outcome());
  if (!row) co_return asked.reader.damaged();
  std::string body;
  codec::append_command_status(body, *row, asked.reader.position_of(id->slot(), row->offset + 1));
  co_return asked.reader.ok(std::move(body));
}

}  // namespace parley::query_api
