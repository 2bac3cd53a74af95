#include "query-api/documents.hpp"

#include "api/documents.hpp"

namespace parley::query_api {

namespace asio = boost::asio;

namespace {

// If-None-Match (RFC 9110, 13.1.2): `*`, or a list that has the tag. No tag of ours is a part of another one.
bool has_it_already(const net::HttpRequest& request, const api::Document& document) {
  const auto* known = request.header("If-None-Match");
  return known != nullptr && (*known == "*" || known->find(document.etag) != std::string::npos);
}

net::HttpResponse response_of(const net::HttpRequest& request, const api::Document& document) {
  const bool known = has_it_already(request, document);
  net::HttpResponse response{.status = known ? 304U : 200U,
                             .headers = {{"ETag", std::string(document.etag)}, {"Cache-Control", "no-cache"}},
                             .body = std::string(known ? std::string_view{} : document.body)};
  if (!known) response.headers.emplace_back("Content-Type", document.content_type);
  return response;
}

asio::awaitable<net::HttpResponse> answer(api::Call call, const api::Document& document) {
  co_return response_of(call.request, document);
}

// The page has styles of its own and nothing else: no script, no picture, no form, and in no frame.
asio::awaitable<net::HttpResponse> answer_page(api::Call call) {
  auto response = response_of(call.request, api::docs_page());
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
                                "frame-ancestors 'none'");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  co_return response;
}

}  // namespace

void serve_documents(api::Door& door) {
  door.answer(api::Route::OpenApi, [](api::Call call) { return answer(std::move(call), api::openapi()); });
  door.answer(api::Route::AsyncApi, [](api::Call call) { return answer(std::move(call), api::asyncapi()); });
  door.answer(api::Route::Docs, [](api::Call call) { return answer_page(std::move(call)); });
}

}  // namespace parley::query_api
