#include "net/timer_wheel.hpp"

#include <algorithm>

namespace parley::net {

TimerWheel::TimerWheel(boost::asio::io_context& context) : timer_(context), epoch_(std::chrono::steady_clock::now()) {}

void TimerWheel::start(std::shared_ptr<void> owner) { wait(std::move(owner)); }

void TimerWheel::stop() {
  stopped_ = true;
  timer_.cancel();
}

void TimerWheel::arm(Entry& entry, std::chrono::milliseconds after) {
  const auto ticks = static_cast<std::uint64_t>((after + kTick - std::chrono::milliseconds(1)) / kTick);
  entry.due_ = now_ + ticks + 1;                                // now_ may be almost a tick old
  if (entry.is_linked() && entry.visit_ <= entry.due_) return;  // it will be looked at in time
  if (entry.is_linked()) entry.unlink();
  link(entry);
}

void TimerWheel::link(Entry& entry) {
  entry.visit_ = std::min(entry.due_, now_ + kSlots - 1);
  slots_[entry.visit_ % kSlots].push_back(entry);
}

void TimerWheel::wait(std::shared_ptr<void> owner) {
  timer_.expires_after(kTick);
  timer_.async_wait([this, owner = std::move(owner)](const boost::system::error_code&) mutable {
    if (stopped_) return;
    turn();
    wait(std::move(owner));
  });
}

void TimerWheel::turn() {
  const auto passed = std::chrono::steady_clock::now() - epoch_;
  const auto now = static_cast<std::uint64_t>(passed / kTick);
  while (now_ < now) {
    ++now_;
    visit(slots_[now_ % kSlots]);
  }
}

void TimerWheel::visit(Slot& slot) {
  Slot visited;
  visited.swap(slot);
  while (!visited.empty()) {
    Entry& entry = visited.front();
    visited.pop_front();
    if (entry.due_ == kNever) continue;
    if (entry.due_ > now_) {
      link(entry);
    } else {
      entry.due_ = kNever;
      entry.on_deadline();
    }
  }
}

}  // namespace parley::net
