// The accepted changes of channels, kept so that they can be told again: whole or as somebody saw it, from a version on, or as
// it was at some time. Posts need no row of their own: versions and seqs are dense, so a post is found by counting from the
// next row, and what it said is in its message's row or among its revisions.
//
// Concurrency: stateless; used by every worker at once.
#pragma once

#include "fold/partition_fold.hpp"

namespace parley::projector {

// `state` is that after the step.
void keep_events(const fold::Step& step, const core::State& state, store::Batch& batch);

}  // namespace parley::projector
