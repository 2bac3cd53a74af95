#include "service/read_model.hpp"

#include <atomic>
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

namespace {

// The answers of one read_all() while they come in, on any thread.
struct Gathering {
  explicit Gathering(std::size_t count) : responses(count), missing(count) {}
  std::vector<pb::ReadResponse> responses;
  std::atomic<std::size_t> missing;
};

}  // namespace

asio::awaitable<std::vector<pb::ReadResponse>> read_all(ReadModel& model, std::vector<pb::ReadRequest> requests) {
  if (requests.empty()) co_return std::vector<pb::ReadResponse>{};
  auto executor = co_await asio::this_coro::executor;
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(std::vector<pb::ReadResponse>)>(
      [&model, executor](auto handler, std::vector<pb::ReadRequest> wanted) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        auto gathering = std::make_shared<Gathering>(wanted.size());
        for (std::size_t i = 0; i < wanted.size(); ++i)
          model.read(std::move(wanted[i]), [shared, executor, gathering, i](pb::ReadResponse response) {
            gathering->responses[i] = std::move(response);
            if (gathering->missing.fetch_sub(1) > 1) return;
            asio::post(executor, [shared, gathering] { (*shared)(std::move(gathering->responses)); });
          });
      },
      asio::use_awaitable, std::move(requests));
}

}  // namespace parley::service
