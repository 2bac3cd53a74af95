// What goes to a gateway ↔ the Protobuf of schemas/parley/internal/v1/gateway.proto.
//
// Concurrency: pure functions, any thread.
#pragma once

#include <cstddef>

#include "parley/internal/v1/gateway.pb.h"
#include "service/gateway.hpp"

namespace parley::service {

namespace pb = parley::internal::v1;

// Adds `item` to the frame. A push that no client hears of (codec::is_client_change) is left out.
void append(const GatewayItem& item, pb::ToGateway& frame);

struct DecodedFrame {
  GatewayBatch batch;
  std::size_t unreadable = 0;  // items that this program can't read: left out
};
DecodedFrame decode(const pb::ToGateway& frame);

}  // namespace parley::service
