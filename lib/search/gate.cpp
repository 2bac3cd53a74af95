#include "search/gate.hpp"

#include "search/query.hpp"
#include "search/terms.hpp"

namespace parley::search {

void Clock::look() {
  constexpr unsigned kBetweenLooks = 256;
  if (++asked_ % kBetweenLooks == 0 && std::chrono::steady_clock::now() >= deadline_) throw PastDeadline{};
}

void Anything::init(const Xapian::Database& db) {
  documents_ = db.get_doccount();
  last_ = db.get_lastdocid();
  at_ = 0;
}

void Anything::next(double) {
  clock_.look();
  ++at_;
}

void Anything::skip_to(Xapian::docid to, double) {
  clock_.look();
  at_ = std::max(at_, to);
}

OfChannels::OfChannels(const std::vector<core::ChannelId>& channels, Clock clock) : clock_(clock) {
  marks_.reserve(channels.size());
  for (const auto& channel : channels) marks_.insert(channel_mark(channel));
}

void OfChannels::init(const Xapian::Database& db) {
  db_ = db;
  documents_ = db.get_doccount();
  at_ = db_.valuestream_begin(kChannelMark);
  end_ = db_.valuestream_end(kChannelMark);
  begun_ = false;
}

void OfChannels::skip_others() {
  for (; at_ != end_ && !marks_.contains(*at_); ++at_) clock_.look();
}

void OfChannels::next(double) {
  clock_.look();
  if (std::exchange(begun_, true) && at_ != end_) ++at_;
  skip_others();
}

void OfChannels::skip_to(Xapian::docid to, double) {
  clock_.look();
  begun_ = true;
  if (at_ != end_) at_.skip_to(to);
  skip_others();
}

// Without looking for the next one that fits.
bool OfChannels::check(Xapian::docid to, double) {
  clock_.look();
  begun_ = true;
  if (at_ != end_) at_.skip_to(to);
  return at_ == end_ || (at_.get_docid() == to && marks_.contains(*at_));
}

}  // namespace parley::search
