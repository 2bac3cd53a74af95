// The messages that a batch of the fold gives another text: posted, edited, retracted, gone with their channel. Whoever keeps
// an index of texts looks at their rows again; what they say by then is what counts, so looking twice does no harm.
//
// Operation: whatever writes a message's row with another text than before notes it here, in the same batch.
// Concurrency: the fold's thread. Limits: memory grows with the batch alone.
#pragma once

#include <unordered_map>

#include "codec/rows.hpp"

namespace parley::fold {

class Touched {
 public:
  void message(const core::ChannelId& channel, core::Seq seq) {
    auto& runs = of(channel).runs;
    if (!runs.empty() && seq.value == runs.back().first.value + runs.back().count)
      ++runs.back().count;
    else
      runs.push_back({seq, 1});
  }
  void dropped(const core::ChannelId& channel) { of(channel).dropped = true; }
  // What an index drops for this batch must not stay in its files either.
  void purge() { row_.purge = true; }

  [[nodiscard]] bool empty() const { return row_.channels.empty() && !row_.purge; }
  [[nodiscard]] const codec::TouchedRow& row() const { return row_; }
  void clear() {
    row_ = {};
    places_.clear();
  }

 private:
  codec::TouchedRow::Channel& of(const core::ChannelId& channel) {
    const auto [place, is_new] = places_.try_emplace(channel, row_.channels.size());
    if (is_new) row_.channels.push_back({channel, {}, false});
    return row_.channels[place->second];
  }

  codec::TouchedRow row_;
  std::unordered_map<core::ChannelId, std::size_t> places_;  // in row_.channels
};

}  // namespace parley::fold
