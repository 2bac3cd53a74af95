#include "codec/json_writer.hpp"
#include "query-api/query_api.hpp"

namespace parley::query_api {

namespace asio = boost::asio;
using codec::JsonWriter;

namespace {

void write_time(JsonWriter& json, bool is_known, std::int64_t at_ms) { is_known ? json.time({at_ms}) : json.null(); }

}  // namespace

asio::awaitable<net::HttpResponse> QueryApi::deliveries(Asked asked) {
  const auto query = codec::parse_deliveries(asked.query);
  if (!query) co_return asked.refuse(query.error());
  const auto id = core::ChannelId::parse(asked.call.params[0]);
  if (!id) co_return asked.reader.not_found();
  pb::ReadRequest request;
  auto& list = *request.mutable_list_deliveries();
  list.set_channel(std::string(id->bytes()));
  if (query->before) list.set_before(query->before->value);
  if (query->after) list.set_after(query->after->value);
  list.set_limit(query->limit);
  const auto response = co_await asked.reader.read(id->slot(), std::move(request));
  if (!response) co_return response.error();
  std::string body;
  JsonWriter json(body);
  json.begin_object().key("deliveries").begin_array();
  for (const auto& entry : response->deliveries().deliveries()) {
    json.begin_object().key("seq").number(entry.seq()).key("delivered_at");
    write_time(json, entry.has_delivered_at_ms(), entry.delivered_at_ms());
    json.key("read_at");
    write_time(json, entry.has_read_at_ms(), entry.read_at_ms());
    json.end_object();
  }
  json.end_array().key("has_more").boolean(response->deliveries().has_more()).end_object();
  co_return asked.reader.ok(std::move(body));
}

}  // namespace parley::query_api
