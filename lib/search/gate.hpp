// What every message that a search comes upon goes through: is it in one of many channels, and is there still time? Inside
// lib/search only.
//
// Operation: posting sources, which Xapian asks after all cheaper conditions and before it compares positions.
#pragma once

#include <xapian.h>

#include <chrono>
#include <string>
#include <unordered_set>

#include "core/ids.hpp"

namespace parley::search {

// Throws PastDeadline when it is asked too late, though not each time.
class Clock {
 public:
  explicit Clock(std::chrono::steady_clock::time_point deadline) : deadline_(deadline) {}
  void look();

 private:
  std::chrono::steady_clock::time_point deadline_;
  unsigned asked_ = 0;
};

// Lets any message pass. REQUIRES: beside a condition that only messages fulfil, since it counts through all numbers.
class Anything final : public Xapian::PostingSource {
 public:
  explicit Anything(Clock clock) : clock_(clock) {}

  [[nodiscard]] Xapian::doccount get_termfreq_min() const override { return 0; }
  [[nodiscard]] Xapian::doccount get_termfreq_est() const override { return documents_; }
  [[nodiscard]] Xapian::doccount get_termfreq_max() const override { return documents_; }
  void init(const Xapian::Database& db) override;
  void next(double min_weight) override;
  void skip_to(Xapian::docid to, double min_weight) override;
  [[nodiscard]] bool at_end() const override { return at_ > last_; }
  [[nodiscard]] Xapian::docid get_docid() const override { return at_; }

 private:
  Clock clock_;
  Xapian::doccount documents_ = 0;
  Xapian::docid at_ = 0;
  Xapian::docid last_ = 0;
};

// Lets those pass that are in one of the channels.
class OfChannels final : public Xapian::PostingSource {
 public:
  OfChannels(const std::vector<core::ChannelId>& channels, Clock clock);

  [[nodiscard]] Xapian::doccount get_termfreq_min() const override { return 0; }
  [[nodiscard]] Xapian::doccount get_termfreq_est() const override { return documents_; }
  [[nodiscard]] Xapian::doccount get_termfreq_max() const override { return documents_; }
  void init(const Xapian::Database& db) override;
  void next(double min_weight) override;
  void skip_to(Xapian::docid to, double min_weight) override;
  bool check(Xapian::docid to, double min_weight) override;
  [[nodiscard]] bool at_end() const override { return at_ == end_; }
  [[nodiscard]] Xapian::docid get_docid() const override { return at_.get_docid(); }

 private:
  void skip_others();

  Clock clock_;
  std::unordered_set<std::string> marks_;
  Xapian::doccount documents_ = 0;
  Xapian::Database db_;
  Xapian::ValueIterator at_;
  Xapian::ValueIterator end_;
  bool begun_ = false;
};

}  // namespace parley::search
