#include "service/read_model.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <thread>
#include <vector>

namespace parley::service {
namespace {

namespace asio = boost::asio;

// Answers with the caller's name, on another thread, which it waits for at its end.
class Echo final : public ReadModel {
 public:
  void read(pb::ReadRequest request, Done done) override {
    threads_.emplace_back([request = std::move(request), done = std::move(done)] {
      pb::ReadResponse response;
      response.mutable_user()->set_user(request.caller());
      done(std::move(response));
    });
  }
  pb::DescribeResponse describe() override { return {}; }

 private:
  std::vector<std::jthread> threads_;
};

pb::ReadRequest as(const std::string& caller) {
  pb::ReadRequest request;
  request.set_caller(caller);
  return request;
}

TEST(ReadModel, ACoroutineGoesOnOnItsOwnExecutor) {
  asio::io_context context;
  Echo model;
  const auto coroutine = [](ReadModel& echo) -> asio::awaitable<std::pair<std::string, std::thread::id>> {
    const auto response = co_await read(echo, as("ann"));
    co_return std::pair{response.user().user(), std::this_thread::get_id()};
  };

  auto result = asio::co_spawn(context, coroutine(model), asio::use_future);
  context.run();

  EXPECT_EQ(result.get(), (std::pair<std::string, std::thread::id>{"ann", std::this_thread::get_id()}));
}

TEST(ReadModel, SeveralReadsAreAnsweredInTheirOrder) {
  asio::io_context context;
  Echo model;

  auto result = asio::co_spawn(context, read_all(model, {as("ann"), as("bob"), as("cyd")}), asio::use_future);
  context.run();

  std::vector<std::string> users;
  for (const auto& response : result.get()) users.push_back(response.user().user());
  EXPECT_EQ(users, (std::vector<std::string>{"ann", "bob", "cyd"}));
}

TEST(ReadModel, NoReadsAreAnsweredByNothing) {
  asio::io_context context;
  Echo model;
  auto result = asio::co_spawn(context, read_all(model, {}), asio::use_future);
  context.run();
  EXPECT_TRUE(result.get().empty());
}

}  // namespace
}  // namespace parley::service
