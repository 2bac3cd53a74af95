#include "api/key_wait.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

namespace parley::api {

namespace asio = boost::asio;

asio::awaitable<void> await_fetch(auth::KeyRing* keys, std::chrono::milliseconds longest) {
  const auto executor = co_await asio::this_coro::executor;
  const auto timer = std::make_shared<asio::steady_timer>(executor, longest);
  // Called on the ring's thread; the timer is touched on its own.
  const auto fetched = [executor, weak = std::weak_ptr(timer)] {
    asio::post(executor, [weak] {
      if (const auto waiting = weak.lock()) waiting->cancel();
    });
  };
  boost::system::error_code ignored;
  if (!keys->ask(longest, fetched)) co_return;
  co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

}  // namespace parley::api
