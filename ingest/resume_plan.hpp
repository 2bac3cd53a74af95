// What a client that comes back has missed, from what it says it saw and what it hears from now on.
//
// Concurrency: pure functions, any thread.
#pragma once

#include <vector>

#include "codec/client_frame.hpp"
#include "service/gateway.hpp"

namespace parley::ingest {

struct Missed {
  core::ChannelId channel;
  core::Version after;   // the last that it saw
  core::Version up_to;   // the last before what it hears live; 0: its user is not in the channel any more
  core::Version joined;  // when its user came in
};
struct ResumePlan {
  std::vector<std::vector<Missed>> missed;  // by partition
  std::vector<core::ChannelId> reset;       // to be fetched anew
};

// `live` is what its user is in and how far each channel had come when the connection began to hear of it. A gap of more than
// `max_gap` events is not resumed.
ResumePlan plan_resume(const std::vector<service::Membership>& live, const std::vector<codec::SeenChannel>& seen,
                       std::uint32_t partitions, std::uint64_t max_gap);

}  // namespace parley::ingest
