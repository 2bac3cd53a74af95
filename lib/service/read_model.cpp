#include "service/read_model.hpp"

#include <memory>

namespace parley::service {

namespace asio = boost::asio;

asio::awaitable<pb::ReadResponse> read(ReadModel& model, pb::ReadRequest request) {
  auto executor = co_await asio::this_coro::executor;
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(pb::ReadResponse)>(
      [&model, executor](auto handler, pb::ReadRequest wanted) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        model.read(std::move(wanted), [shared, executor](pb::ReadResponse response) {
          asio::post(executor, [shared, response = std::move(response)]() mutable { (*shared)(std::move(response)); });
        });
      },
      asio::use_awaitable, std::move(request));
}

}  // namespace parley::service
