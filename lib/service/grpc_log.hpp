// What gRPC itself has to say (a listener that can't bind, a broken peer) as lines of our log rather than text of its own on
// standard error; and nothing of what Protobuf has to say (a line for each string of a record that is no UTF-8: such a record
// is counted and kept aside where it is read).
//
// Concurrency: gRPC logs from any thread. Limits: for the whole process; main calls it once, behind set_up_log().
#pragma once

namespace parley::service {

void route_grpc_log();

}  // namespace parley::service
