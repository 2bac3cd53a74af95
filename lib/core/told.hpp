// Whom a change is told as himself, whatever channels he is in: of his cursors and what he hides, of coming and going in
// workspaces. All other changes that clients hear of are for those who are in the change's channel.
#pragma once

#include "core/change.hpp"

namespace parley::core {

// Calls `tell` with each of them. False: it is for its channel.
template <class Tell>
bool for_each_told(const Change& change, const Tell& tell) {
  if (const auto* cursor = std::get_if<CursorMoved>(&change.body)) {
    tell(cursor->user);
    if (cursor->author) tell(*cursor->author);
  } else if (is_for_actor(change.body)) {
    tell(change.actor);
  } else if (const auto* joined = std::get_if<WorkspaceMemberJoined>(&change.body)) {
    tell(joined->user);
  } else if (const auto* left = std::get_if<WorkspaceMemberLeft>(&change.body)) {
    tell(left->user);
  } else {
    return false;
  }
  return true;
}

}  // namespace parley::core
