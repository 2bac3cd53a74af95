// The writes of the public contract over HTTP: a request becomes a command, and its answer is the command's outcome.
//
// Concurrency: one shard. Ownership: the services must outlive it, and it the door that it serves.
#pragma once

#include "api/door.hpp"
#include "codec/client_input.hpp"
#include "ingest/writer.hpp"

namespace parley::ingest {

class HttpWrites {
 public:
  explicit HttpWrites(Writer& writer) : writer_(writer) {}
  // Adds the routes of writes to the door.
  void serve(api::Door& door);

 private:
  using Response = boost::asio::awaitable<net::HttpResponse>;
  Response write(api::Call call);

  Writer& writer_;
};

}  // namespace parley::ingest
