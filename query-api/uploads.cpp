#include "codec/row_proto.hpp"
#include "query-api/query_api.hpp"

namespace parley::query_api {

namespace asio = boost::asio;
using codec::Problem;

namespace {

net::HttpResponse not_configured(const api::Call& call) {
  return api::problem(Problem::NotConfigured, "this server has no place for uploads: no S3 bucket is configured",
                      call.trace_id());
}

pb::ReadRequest channel_request(const core::ChannelId& channel) {
  pb::ReadRequest request;
  request.mutable_get_channel()->set_channel(std::string(channel.bytes()));
  return request;
}

}  // namespace

// What is his own he may. Like every read it says how far it is, and waits for what it is asked to.
asio::awaitable<std::optional<net::HttpResponse>> QueryApi::may_not_upload(Asked& asked) {
  const auto& user = asked.call.caller.user;
  pb::ReadRequest request;
  request.mutable_get_user()->set_user(user.text);
  const auto response = co_await asked.reader.read(core::user_stream(user).slot(), std::move(request));
  if (!response) co_return response.error();
  co_return std::nullopt;
}

// The answer, if he may not.
asio::awaitable<std::optional<net::HttpResponse>> QueryApi::may_not_upload(Asked& asked, const core::ChannelId& channel) {
  const auto response = co_await asked.reader.read(channel.slot(), channel_request(channel));
  if (!response) co_return response.error();
  const auto trace_id = asked.call.trace_id();
  if (!response->channel().joined()) co_return api::problem(Problem::Forbidden, "you are not in the channel", trace_id);
  const auto head = codec::from_proto(channel, response->channel().row());
  if (!head) co_return asked.reader.damaged();
  if (head->archived) co_return api::problem(Problem::Forbidden, "the channel is archived", trace_id);
  co_return std::nullopt;
}

asio::awaitable<net::HttpResponse> QueryApi::create_upload(Asked asked) {
  if (uploads_ == nullptr) co_return not_configured(asked.call);
  if (auto none = codec::parse_no_query(asked.query); !none) co_return asked.refuse(none.error());
  const auto upload = uploads_->parse(asked.call.request.body);
  if (!upload) co_return asked.refuse(upload.error());
  auto refused = upload->channel ? co_await may_not_upload(asked, *upload->channel) : co_await may_not_upload(asked);
  if (refused) co_return std::move(*refused);
  auto created = asked.reader.ok(uploads_->put(*upload, asked.call.caller.user));
  created.status = 201;
  co_return created;
}

asio::awaitable<net::HttpResponse> QueryApi::upload(Asked asked) {
  if (uploads_ == nullptr) co_return not_configured(asked.call);
  if (auto none = codec::parse_no_query(asked.query); !none) co_return asked.refuse(none.error());
  const auto& params = asked.call.params;
  const auto key = UploadKey::parse(params[0], params[1], params[2]);
  if (!key) co_return asked.reader.not_found();
  const auto response = co_await asked.reader.read(key->channel.slot(), channel_request(key->channel));
  if (!response) co_return response.error();
  if (!response->channel().joined()) co_return asked.reader.not_found();
  co_return asked.reader.ok(uploads_->get(*key));
}

}  // namespace parley::query_api
