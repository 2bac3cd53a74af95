// What has a number: the number alone tells in which partition to look.
#include "codec/client_json.hpp"
#include "codec/json_writer.hpp"
#include "codec/row_proto.hpp"
#include "query-api/members_json.hpp"
#include "query-api/query_api.hpp"

namespace parley::query_api {

namespace asio = boost::asio;

namespace {

bool append_found(std::string& out, const pb::FoundChannelsAnswer& answer) {
  bool sound = true;
  codec::JsonWriter json(out);
  json.begin_object().key("channels").begin_array();
  for (const auto& one : answer.channels())
    json.value([&](std::string& to) { sound = append_channel_answer(to, one) && sound; });
  json.end_array().key("joinable").begin_array();
  for (const auto& id : answer.joinable()) {
    const auto channel = core::ChannelId::from_bytes(id);
    sound = sound && channel.has_value();
    if (channel) json.uuid(*channel);
  }
  json.end_array().end_object();
  return sound;
}

}  // namespace

asio::awaitable<net::HttpResponse> QueryApi::find_channels(Asked asked) {
  const auto number = codec::parse_number(asked.query);
  if (!number) co_return asked.refuse(number.error());
  pb::ReadRequest request;
  request.mutable_find_channels()->set_number(number->value);
  const auto response = co_await asked.reader.read(core::slot_of(*number), std::move(request));
  if (!response) co_return response.error();
  std::string body;
  if (!append_found(body, response->found_channels())) co_return asked.reader.damaged();
  co_return asked.reader.ok(std::move(body));
}

asio::awaitable<net::HttpResponse> QueryApi::find_users(Asked asked) {
  const auto number = codec::parse_number(asked.query);
  if (!number) co_return asked.refuse(number.error());
  pb::ReadRequest request;
  request.mutable_find_users()->set_number(number->value);
  const auto response = co_await asked.reader.read(core::slot_of(*number), std::move(request));
  if (!response) co_return response.error();
  std::string body;
  bool sound = true;
  codec::JsonWriter json(body);
  json.begin_object().key("users").begin_array();
  for (const auto& one : response->users().users()) {
    const auto profile = codec::from_proto(one.row());
    sound = sound && profile.has_value();
    if (profile) json.value([&](std::string& out) { codec::append_user(out, {one.user()}, *profile); });
  }
  json.end_array().end_object();
  co_return sound ? asked.reader.ok(std::move(body)) : asked.reader.damaged();
}

}  // namespace parley::query_api
