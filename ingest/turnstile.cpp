#include "ingest/turnstile.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace parley::ingest {

namespace asio = boost::asio;

asio::awaitable<Turnstile::Pass> Turnstile::enter() {
  if (free_ > 0) {
    --free_;
    co_return Pass(*this);
  }
  asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
  waiting_.push_back(&timer);
  boost::system::error_code error;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
  co_return Pass(*this);  // the place of the one who left
}

void Turnstile::leave() {
  if (waiting_.empty()) {
    ++free_;
    return;
  }
  waiting_.front()->cancel();
  waiting_.pop_front();
}

}  // namespace parley::ingest
