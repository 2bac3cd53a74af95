// Where passwords are hashed and checked: threads of its own, few, with few who wait for them, so that logging in can use up
// neither the processors nor the memory of the rest.
//
// Concurrency: any thread; never blocks. `done` is called once, on a thread of the pool, or at once when it is too busy.
// Ownership: whoever waits must be able to be called until the pool ends; who waits then is not called. Limits:
// `threads` times the cost's memory; `queue` that wait.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <expected>
#include <functional>
#include <thread>
#include <vector>

#include "auth/password.hpp"
#include "runtime/metrics.hpp"

namespace parley::auth {

struct PasswordPoolOptions {
  PasswordCost cost;
  std::size_t threads = 1;
  std::size_t queue = 32;  // that are not answered yet
};

enum class PasswordFault : std::uint8_t { Busy, NoMemory };

class PasswordPool {
 public:
  using Hashed = std::function<void(std::expected<std::string, PasswordFault>)>;
  using Checked = std::function<void(std::expected<bool, PasswordFault>)>;

  PasswordPool(PasswordPoolOptions options, runtime::Metrics& metrics);
  ~PasswordPool();
  PasswordPool(const PasswordPool&) = delete;
  PasswordPool& operator=(const PasswordPool&) = delete;

  void hash(std::string password, Hashed done);
  // No hash is nobody's: to find out takes as long as with any other, and no password fits.
  void check(std::string hash, std::string password, Checked done);

 private:
  // False: there is no room.
  template <class Job>
  bool post(Job job);

  PasswordPoolOptions options_;
  runtime::Histogram& seconds_;
  runtime::Counter& refused_;
  std::string nobodys_;  // hash
  std::atomic<std::size_t> waiting_{0};
  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
  std::vector<std::jthread> threads_;
};

}  // namespace parley::auth
