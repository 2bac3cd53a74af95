// Lets so many through at once; others wait in their order.
//
// Concurrency: its shard. Ownership: it outlives those who pass. Limits: who waits is a coroutine of a bounded connection.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>

namespace parley::ingest {

class Turnstile {
 public:
  explicit Turnstile(std::size_t at_once) : free_(at_once) {}

  // Holds a place until it ends.
  class Pass {
   public:
    explicit Pass(Turnstile& turnstile) : turnstile_(&turnstile) {}
    Pass(Pass&& other) noexcept : turnstile_(std::exchange(other.turnstile_, nullptr)) {}
    Pass& operator=(Pass&&) = delete;
    ~Pass() {
      if (turnstile_ != nullptr) turnstile_->leave();
    }

   private:
    Turnstile* turnstile_;
  };
  boost::asio::awaitable<Pass> enter();

 private:
  void leave();

  std::size_t free_;
  std::deque<boost::asio::steady_timer*> waiting_;
};

}  // namespace parley::ingest
