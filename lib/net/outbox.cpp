#include "net/outbox.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "net/outbound.hpp"
#include "net/ws_frame.hpp"

namespace parley::net {
namespace {

using std::chrono::microseconds;

constexpr microseconds kMaxGather{1000};  // for turns that bring more, before what waits must go
constexpr microseconds kLongFlush{500};   // from here on flushes are paced …
constexpr int kPace = 4;                  // … by this part of the last one's time …
constexpr microseconds kMaxPace{2000};    // … but never by more
constexpr std::size_t kKeptComposedBytes = 1 << 20;

}  // namespace

ShardOutbox::ShardOutbox(boost::asio::io_context& context) : context_(context), pace_(context) {}

void ShardOutbox::mark(Outbound& outbound) {
  dirty_.push_back(&outbound);
  outbound.mark_ = dirty_.size();
  schedule();
}

void ShardOutbox::unmark(Outbound& outbound) {
  if (outbound.mark_ != 0) dirty_[outbound.mark_ - 1] = nullptr;
}

void ShardOutbox::schedule() {
  if (scheduled_) return;
  scheduled_ = true;
  const auto now = Clock::now();
  const auto pause = std::min<Clock::duration>(last_duration_ / kPace, kMaxPace);
  latest_ = now + kMaxGather;
  if (last_duration_ < kLongFlush || now >= last_flush_ + pause) {
    post_turn();
    return;
  }
  pace_.expires_at(last_flush_ + pause);
  pace_.async_wait([self = shared_from_this()](const boost::system::error_code&) { self->on_turn(); });
}

void ShardOutbox::post_turn() {
  seen_activity_ = activity_;
  boost::asio::post(context_, [self = shared_from_this()] { self->on_turn(); });
}

void ShardOutbox::on_turn() {
  if (activity_ != seen_activity_ && Clock::now() < latest_) {
    post_turn();
    return;
  }
  scheduled_ = false;
  flush();
}

void ShardOutbox::flush() {
  if (dirty_.empty()) return;
  const auto begin = Clock::now();
  flushing_.swap(dirty_);
  for (Outbound* outbound : flushing_) {
    if (outbound == nullptr) continue;
    outbound->mark_ = 0;
    outbound->write_what_waits();
  }
  flushing_.clear();
  forget_composed();
  last_flush_ = Clock::now();
  last_duration_ = last_flush_ - begin;
}

std::shared_ptr<const std::string> ShardOutbox::compose(std::span<const SharedFrame> frames, bool batch) {
  const auto same = [](const Frame* a, const SharedFrame& b) { return a == b.get(); };
  if (composed_ && composed_batch_ == batch && std::ranges::equal(composed_of_, frames, same)) return composed_;
  if (!composed_ || composed_.use_count() > 1) composed_ = std::make_shared<std::string>();
  composed_->clear();
  append_messages(frames, batch, *composed_);
  composed_of_.clear();
  for (const auto& frame : frames) composed_of_.push_back(frame.get());
  composed_batch_ = batch;
  return composed_;
}

void ShardOutbox::forget_composed() {
  composed_of_.clear();
  if (composed_ && (composed_.use_count() > 1 || composed_->capacity() > kKeptComposedBytes)) composed_.reset();
}

}  // namespace parley::net
