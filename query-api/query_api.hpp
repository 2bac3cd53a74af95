// The reads of the public contract over HTTP, from read models that are here or elsewhere. It holds no state of its own.
//
// Concurrency: a call runs on its shard; one QueryApi may serve several shards. Ownership: model and desk must outlive it,
// and it the doors that it serves.
#pragma once

#include <atomic>
#include <memory>

#include "dialect/calls.hpp"
#include "query-api/reader.hpp"
#include "query-api/upload_desk.hpp"

namespace parley::query_api {

// A call with its query taken apart, and the reader that answers it.
struct Asked {
  api::Call call;
  std::vector<std::pair<std::string, std::string>> query;
  Reader reader;
  [[nodiscard]] net::HttpResponse refuse(const codec::InvalidInput& input) const {
    return api::problem(input, call.trace_id());
  }
};

class QueryApi {
 public:
  // No `uploads`: there is no place for them, and their routes say so.
  QueryApi(service::ReadModel& model, ReadOptions options, UploadDesk* uploads = nullptr)
      : model_(model), options_(options), uploads_(uploads) {}
  // Adds the routes of reads to a door.
  void serve(api::Door& door);
  // The same for those alone who translate another's calls at that door.
  void serve_inside(api::Door& door);
  // Adds the dialects' reads. REQUIRES: this outlives the door's last request.
  void serve_dialects(api::Door& door, const dialect::Options& options, const runtime::Clock& clock);

 private:
  using Response = boost::asio::awaitable<net::HttpResponse>;
  using Handler = Response (QueryApi::*)(Asked);
  struct Row {
    api::Route route;
    Handler handler;
  };
  static std::span<const Row> rows();
  Response run(Handler handler, api::Call call);
  LogShape shape();

  Response user(Asked asked);
  Response account(Asked asked);
  Response name(Asked asked);
  Response workspaces(Asked asked);
  Response workspace(Asked asked);
  Response any_workspace(Asked asked);
  Response workspace_members(Asked asked);
  Response workspace_channels(Asked asked);
  Response channel(Asked asked);
  Response channel_members(Asked asked);
  Response direct(Asked asked);
  Response inbox(Asked asked);
  Response messages(Asked asked);
  Response message(Asked asked);
  Response revisions(Asked asked);
  Response receipts(Asked asked);
  Response deliveries(Asked asked);
  Response command(Asked asked);
  Response commands(Asked asked);
  Response events(Asked asked);
  Response bans(Asked asked);
  Response create_upload(Asked asked);
  boost::asio::awaitable<std::optional<net::HttpResponse>> may_not_upload(Asked& asked);
  boost::asio::awaitable<std::optional<net::HttpResponse>> may_not_upload(Asked& asked, const core::ChannelId& channel);
  Response upload(Asked asked);
  Response search(Asked asked);
  Response find_channels(Asked asked);
  Response find_users(Asked asked);

  service::ReadModel& model_;
  ReadOptions options_;
  UploadDesk* uploads_;
  std::atomic<std::uint32_t> partitions_{0};
  std::atomic<std::uint64_t> epoch_{0};
  std::vector<std::unique_ptr<dialect::Calls>> dialects_;  // a door each
};

}  // namespace parley::query_api
