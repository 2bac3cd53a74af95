// The threads that reads wait on and are done on. With them goes what waits there: it is answered as it is destroyed.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <thread>
#include <vector>

namespace parley::projector {

struct ReadThreads {
  explicit ReadThreads(std::size_t count) : guard(context.get_executor()) {
    boost::asio::steady_timer{context};  // opens what timers need now: at the first read there may be no descriptor left
    for (std::size_t i = 0; i < count; ++i) threads.emplace_back([this] { context.run(); });
  }
  ~ReadThreads() { context.stop(); }
  ReadThreads(const ReadThreads&) = delete;
  ReadThreads& operator=(const ReadThreads&) = delete;

  boost::asio::io_context context;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard;
  std::vector<std::jthread> threads;
};

}  // namespace parley::projector
