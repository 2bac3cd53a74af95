// What one socket may send: each frame is charged to its user and its address, and being refused is counted in its turn.
//
// Concurrency: its shard. Ownership: its session's; the limits must outlive it. While it lives it holds the socket's place
// among the connections of its user and address.
#pragma once

#include <expected>

#include "codec/client_frame.hpp"
#include "limit/limits.hpp"

namespace parley::ingest {

class Allowance {
 public:
  using Parsed = std::expected<codec::ClientFrame, codec::FrameError>;

  Allowance(limit::Limits& limits, limit::Caller caller, limit::Place place)
      : limits_(limits), caller_(std::move(caller)), place_(std::move(place)) {}

  std::optional<limit::Refusal> take(const Parsed& frame, std::size_t bytes);
  std::optional<limit::Refusal> take(limit::Asks what, std::size_t bytes) { return caller_.take(what, bytes); }
  // Has it been refused so often, and gone on, that it is to be closed? Asked once for each refusal.
  bool is_spent();

 private:
  limit::Limits& limits_;
  limit::Caller caller_;
  limit::Place place_;
  limit::Bucket refusals_;
};

}  // namespace parley::ingest
