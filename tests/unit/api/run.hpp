// What somebody answers who may have to wait for it: waited for.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace parley::api {

template <class T>
T run(boost::asio::awaitable<T> work) {
  boost::asio::io_context context;
  T result{};
  boost::asio::co_spawn(context, std::move(work), [&](const std::exception_ptr& thrown, T given) {
    EXPECT_FALSE(thrown);
    result = std::move(given);
  });
  context.run();
  return result;
}

}  // namespace parley::api
