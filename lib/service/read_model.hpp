// The door from query-api (and get_history of ingest) to whoever holds the read models: a plain call in one process, gRPC
// between processes (grpc_read_model_client.hpp). Requests and answers are the Protobuf of schemas/parley/internal/v1.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <vector>

#include "parley/internal/v1/read_model.pb.h"

namespace parley::service {

namespace pb = parley::internal::v1;

class ReadModel {
 public:
  virtual ~ReadModel() = default;
  using Done = std::function<void(pb::ReadResponse)>;
  // Answers once, at once or later on a thread of its own, always, within the request's wait and the service's deadline; a
  // fault is READ_STATUS_UNAVAILABLE. Any thread; never blocks.
  virtual void read(pb::ReadRequest request, Done done) = 0;
  // What it holds now. Any thread; from memory (a remote one refreshes it by itself); no partitions: not known yet.
  virtual pb::DescribeResponse describe() = 0;
};

// read() for a coroutine: goes on on the coroutine's own executor.
boost::asio::awaitable<pb::ReadResponse> read(ReadModel& model, pb::ReadRequest request);
// Several at once, answered in their order.
boost::asio::awaitable<std::vector<pb::ReadResponse>> read_all(ReadModel& model, std::vector<pb::ReadRequest> requests);

}  // namespace parley::service
