// What a part adds to the fold's own tables, in the same batch.
//
// Concurrency: called on the fold threads, each partition's by one.
#pragma once

#include "codec/rows.hpp"
#include "core/apply.hpp"
#include "eventlog/event_log.hpp"
#include "store/store.hpp"

namespace parley::fold {

// A command and what became of it.
struct Step {
  eventlog::Offset offset = 0;
  core::Command command;
  core::Decision decision;
};

class Projection {
 public:
  virtual ~Projection() = default;
  // `state` is that after the step, and what is older than `window_ms` by its clock has expired: what is put must not be.
  virtual void project(const Step& step, const core::State& state, std::int64_t window_ms, store::Batch& batch) = 0;
  virtual void dead_letter(eventlog::Offset offset, std::string_view value, store::Batch& batch) = 0;
  // The log's clock went from `before` to `now`: drop what has outlived `window_ms` since `before`; what had until then is
  // gone.
  virtual void expire(core::TimeMs before, core::TimeMs now, std::int64_t window_ms, store::Batch& batch) = 0;
  // The batch, which goes up to `next`, gives these messages another text. Told last, and again if the store refuses the batch.
  virtual void touch(std::uint32_t partition, eventlog::Offset next, const codec::TouchedRow& touched, store::Batch& batch) {}

  // A user's words are erased. First each message of his, as it is from now on, without any: drop what was made of its words,
  // now or ever. Then the user himself: whatever else holds words of his. `now` is the store before this record. May be called
  // again for the same record, after a crash or an error.
  virtual store::Stored<void> forget(const core::Message& message, const store::Snapshot& now, store::Batch& batch) {
    return {};
  }
  virtual store::Stored<void> forget(const core::UserId& user, const store::Snapshot& now, store::Batch& batch) { return {}; }
};

}  // namespace parley::fold
