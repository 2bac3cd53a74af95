// The projector's own tables: the directions that the fold does not need (what is a user in, what has a workspace), what became
// of each command, and the records that could not be decoded.
//
// Concurrency: stateless; used by every worker at once.
#pragma once

#include "fold/partition_fold.hpp"

namespace parley::projector {

class ReadTables : public fold::Projection {
 public:
  void project(const fold::Step& step, const core::State& state, store::Batch& batch) override;
  void dead_letter(eventlog::Offset offset, std::string_view value, store::Batch& batch) override;
  void expire(core::TimeMs before, core::TimeMs now, std::int64_t window_ms, store::Batch& batch) override;
};

}  // namespace parley::projector
