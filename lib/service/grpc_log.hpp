// What gRPC itself has to say (a listener that can't bind, a broken peer) as lines of our log rather than text of its own on
// standard error.
//
// Concurrency: gRPC logs from any thread. Limits: for the whole process; main calls it once, behind set_up_log().
#pragma once

namespace parley::service {

void route_grpc_log();

}  // namespace parley::service
