#include "query-api/query_api.hpp"

#include "api/request_input.hpp"
#include "query-api/dialects/dialects.hpp"
#include "query-api/documents.hpp"

namespace parley::query_api {

namespace asio = boost::asio;

std::span<const QueryApi::Row> QueryApi::rows() {
  using api::Route;
  static constexpr Row kRows[] = {
      {Route::GetMe, &QueryApi::user},
      {Route::GetUser, &QueryApi::user},
      {Route::GetAccount, &QueryApi::account},
      {Route::GetName, &QueryApi::name},
      {Route::ListWorkspaces, &QueryApi::workspaces},
      {Route::GetWorkspace, &QueryApi::workspace},
      {Route::GetAnyWorkspace, &QueryApi::any_workspace},
      {Route::ListWorkspaceMembers, &QueryApi::workspace_members},
      {Route::ListWorkspaceChannels, &QueryApi::workspace_channels},
      {Route::GetChannel, &QueryApi::channel},
      {Route::ListChannelMembers, &QueryApi::channel_members},
      {Route::GetDirect, &QueryApi::direct},
      {Route::GetInbox, &QueryApi::inbox},
      {Route::GetMessages, &QueryApi::messages},
      {Route::GetMessage, &QueryApi::message},
      {Route::GetRevisions, &QueryApi::revisions},
      {Route::GetEvents, &QueryApi::events},
      {Route::ListBans, &QueryApi::bans},
      {Route::GetReceipts, &QueryApi::receipts},
      {Route::ListDeliveries, &QueryApi::deliveries},
      {Route::GetCommand, &QueryApi::command},
      {Route::ListCommands, &QueryApi::commands},
      {Route::CreateUpload, &QueryApi::create_upload},
      {Route::GetUpload, &QueryApi::upload},
      {Route::Search, &QueryApi::search},
      {Route::FindChannels, &QueryApi::find_channels},
      {Route::FindUsers, &QueryApi::find_users},
  };
  return kRows;
}

void QueryApi::serve(api::Door& door) {
  for (const auto& [route, handler] : rows())
    door.answer(route, [this, handler](api::Call call) { return run(handler, std::move(call)); });
  serve_documents(door);
}

void QueryApi::serve_inside(api::Door& door) {
  for (const auto& [route, handler] : rows())
    door.answer_inside(route, [this, handler](api::Call call) { return run(handler, std::move(call)); });
}

void QueryApi::serve_dialects(api::Door& door, const dialect::Options& options, const runtime::Clock& clock) {
  door.add(*dialects_.emplace_back(std::make_unique<dialect::Calls>(dialects::reads(options), options, door, clock)));
}

// A log's shape never changes, so it is asked for until it is known.
LogShape QueryApi::shape() {
  if (partitions_.load(std::memory_order_acquire) == 0) {
    const auto described = model_.describe();
    if (described.partitions() == 0) return {};
    epoch_.store(described.epoch(), std::memory_order_relaxed);
    partitions_.store(described.partitions(), std::memory_order_release);
  }
  return {partitions_.load(std::memory_order_acquire), epoch_.load(std::memory_order_relaxed)};
}

asio::awaitable<net::HttpResponse> QueryApi::run(Handler handler, api::Call call) {
  auto reader = Reader::make(model_, shape(), options_, call);
  if (!reader) co_return std::move(reader.error());
  auto query = api::query_of(call.request);
  if (!query) co_return api::problem(query.error(), call.trace_id());
  co_return co_await (this->*handler)({std::move(call), std::move(*query), std::move(*reader)});
}

}  // namespace parley::query_api
