// What operators may do to this process's sockets. The door lets nobody else in (/v1/admin/…).
//
// Concurrency: any shard. Ownership: the hub must outlive it, and it the doors that it serves.
#pragma once

#include "api/door.hpp"
#include "ingest/hub.hpp"

namespace parley::ingest {

class OperatorCalls {
 public:
  explicit OperatorCalls(Hub& hub) : hub_(hub) {}
  void serve(api::Door& door);

 private:
  boost::asio::awaitable<net::HttpResponse> disconnect(api::Call call);

  Hub& hub_;
};

}  // namespace parley::ingest
