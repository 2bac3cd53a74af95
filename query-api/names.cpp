#include "codec/client_input.hpp"
#include "codec/client_json.hpp"
#include "codec/row_proto.hpp"
#include "query-api/query_api.hpp"

namespace parley::query_api {

namespace asio = boost::asio;

asio::awaitable<net::HttpResponse> QueryApi::name(Asked asked) {
  if (auto none = codec::parse_no_query(asked.query); !none) co_return asked.refuse(none.error());
  const auto name = codec::parse_path_name(asked.call.params[0], asked.call.params[1]);
  if (!name) co_return asked.refuse(name.error());
  pb::ReadRequest request;
  request.mutable_get_name()->set_namespace_(name->space);
  request.mutable_get_name()->set_name(name->name);
  const auto response = co_await asked.reader.read(core::name_stream(name->space, name->name).slot(), std::move(request));
  if (!response) co_return response.error();
  std::string body;
  codec::append_name(body, *name, codec::from_proto(response->name().row()));
  co_return asked.reader.ok(std::move(body));
}

}  // namespace parley::query_api
