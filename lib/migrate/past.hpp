// Messages that were folded before: which seq did the one get that a record of the log posted?
//
// Concurrency: one thread. Ownership: the pipeline must outlive it.
#pragma once

#include <optional>

#include "fold/pipeline.hpp"

namespace parley::migrate {

class Past {
 public:
  explicit Past(const fold::Pipeline& pipeline) : pipeline_(pipeline) {}
  // Of the message that the record at this offset posted to the channel, which has messages up to `last`, the newest of which
  // may not be folded yet; none: it posted none there. Offsets rise with seqs, so a few of its messages are looked at.
  [[nodiscard]] std::optional<core::Seq> seq_of(const core::ChannelId& channel, eventlog::Offset offset, core::Seq last) const;

 private:
  const fold::Pipeline& pipeline_;
};

}  // namespace parley::migrate
