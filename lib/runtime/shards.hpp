// Shard = one thread and one io_context. What crosses from one to another is posted as an immutable value.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <thread>
#include <vector>

namespace parley::runtime {

class Shards {
 public:
  explicit Shards(std::size_t count);
  ~Shards();  // stops
  Shards(const Shards&) = delete;
  Shards& operator=(const Shards&) = delete;

  [[nodiscard]] std::size_t size() const { return contexts_.size(); }
  boost::asio::io_context& operator[](std::size_t shard) { return *contexts_[shard]; }
  void start();
  void stop();  // ends the loops, whatever waits in them, and joins; idempotent
  // After stop(): destroys what still waits in the loops, coroutines above all, while all that they use is there.
  void drop();

 private:
  struct Loop : boost::asio::io_context {
    using io_context::io_context;
    using io_context::shutdown;
  };
  using Guard = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;
  std::vector<std::unique_ptr<Loop>> contexts_;
  std::vector<Guard> guards_;
  std::vector<std::jthread> threads_;
};

// The processors that this process may run on (its affinity, not the machine's size).
std::size_t available_cpus();

}  // namespace parley::runtime
