// Changes as they travel between broadcaster and ingest (schemas/parley/internal/v1/gateway.proto).
//
// Concurrency: pure functions, any thread.
#pragma once

#include <optional>
#include <vector>

#include "core/change.hpp"
#include "parley/internal/v1/gateway.pb.h"

namespace parley::codec {

// Does any client hear of it as it is? Not of counted replies, of profiles, accounts and names, and of a workspace's own
// making, renaming and end; of the first and the last its members hear by member_changes().
bool is_client_change(const core::Change& change);

// What a workspace's making or end means to those in it: one WorkspaceMemberJoined or WorkspaceMemberLeft each. Of any other
// change: none.
std::vector<core::Change> member_changes(const core::Change& change);

// REQUIRES: is_client_change(change). Carried is what clients are told: of a member his role, of a cursor where it stands now;
// what only read models want of them (the other cursor, say) is left out.
void to_proto(const core::Change& change, parley::internal::v1::Change& out);
std::optional<core::Change> from_proto(const parley::internal::v1::Change& change);

}  // namespace parley::codec
