// The deadlines of one shard's connections: arming one is a few stores, and no connection has a timer of its own.
//
// Concurrency: its shard's. Ownership: entries belong to their connections and leave the wheel when they are destroyed.
// Limits: a deadline is kept to within kTick, and never early.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>

namespace parley::net {

class TimerWheel {
 public:
  static constexpr std::chrono::milliseconds kTick{20};

  class Entry : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
   public:
    // Called once when the armed deadline has passed; may arm it again.
    virtual void on_deadline() = 0;

   protected:
    ~Entry() = default;

   private:
    friend class TimerWheel;
    std::uint64_t due_ = 0;    // in ticks; kNever: disarmed
    std::uint64_t visit_ = 0;  // when the wheel looks at it: at `due_` or earlier
  };

  explicit TimerWheel(boost::asio::io_context& context);

  // Turns until stop(); `owner` is what the wheel is a part of, and is kept alive while it turns.
  void start(std::shared_ptr<void> owner);
  void stop();

  // In place of the deadline that the entry had.
  void arm(Entry& entry, std::chrono::milliseconds after);
  void disarm(Entry& entry) { entry.due_ = kNever; }
  // Time as of the last tick.
  [[nodiscard]] std::chrono::milliseconds now() const { return kTick * now_; }

 private:
  using Slot = boost::intrusive::list<Entry, boost::intrusive::constant_time_size<false>>;
  static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();
  static constexpr std::size_t kSlots = 512;  // 10 s; what is due later is looked at once a turn

  void wait(std::shared_ptr<void> owner);
  void turn();
  void visit(Slot& slot);
  void link(Entry& entry);

  boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                    boost::asio::io_context::executor_type>
      timer_;
  std::chrono::steady_clock::time_point epoch_;
  std::uint64_t now_ = 0;
  bool stopped_ = false;
  std::array<Slot, kSlots> slots_;
};

}  // namespace parley::net
