#include "ingest/recent_frames.hpp"

namespace parley::ingest {

RecentFrames::Run& RecentFrames::run_of(const core::ChannelId& channel) {
  const auto [it, fresh] = runs_.try_emplace(channel);
  if (fresh)
    it->second.used = order_.insert(order_.end(), channel);
  else
    order_.splice(order_.end(), order_, it->second.used);
  return it->second;
}

void RecentFrames::add(const core::ChannelId& channel, core::Version version, net::SharedFrame frame) {
  if (const auto it = runs_.find(channel); it != runs_.end() && it->second.end() != version.value) {
    if (version.value < it->second.end()) return;
    forget(channel);
  }
  auto& run = run_of(channel);
  if (run.frames.empty()) run.first = version;
  bytes_ += frame->text().size();
  run.frames.push_back(std::move(frame));
  shrink();
}

void RecentFrames::add_earlier(const core::ChannelId& channel, core::Version first,
                               const std::vector<net::SharedFrame>& frames) {
  if (frames.empty()) return;
  auto& run = run_of(channel);
  const auto end = first.value + frames.size();
  if (run.frames.empty()) run.first = {end};
  if (end >= run.first.value)
    for (auto version = run.first.value; version-- > first.value;) {
      const auto& frame = frames[version - first.value];
      bytes_ += frame->text().size();
      run.frames.push_front(frame);
      run.first = {version};
    }
  shrink();
}

void RecentFrames::forget_all() {
  ++times_forgotten_;
  ++times_emptied_;
  runs_.clear();
  order_.clear();
  bytes_ = 0;
}

void RecentFrames::forget(const core::ChannelId& channel) {
  ++times_forgotten_;
  const auto it = runs_.find(channel);
  if (it == runs_.end()) return;
  for (const auto& frame : it->second.frames) bytes_ -= frame->text().size();
  order_.erase(it->second.used);
  runs_.erase(it);
}

std::vector<net::SharedFrame> RecentFrames::between(const core::ChannelId& channel, core::Version after,
                                                    core::Version up_to) const {
  const auto it = runs_.find(channel);
  if (it == runs_.end()) return {};
  const auto& run = it->second;
  if (after.value + 1 < run.first.value || up_to.value >= run.end()) return {};
  const auto from = run.frames.begin() + static_cast<std::ptrdiff_t>(after.value + 1 - run.first.value);
  return {from, from + static_cast<std::ptrdiff_t>(up_to.value - after.value)};
}

// The oldest of the channel in which nothing happened for the longest time.
void RecentFrames::shrink() {
  while (bytes_ > max_bytes_) {
    auto& run = runs_.find(order_.front())->second;
    bytes_ -= run.frames.front()->text().size();
    run.frames.pop_front();
    run.first = run.first.next();
    if (run.frames.empty()) forget(core::ChannelId(order_.front()));
  }
}

}  // namespace parley::ingest
