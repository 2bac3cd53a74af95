#include "runtime/shards.hpp"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <string>

#include "runtime/scheduling.hpp"

namespace parley::runtime {
namespace {

void run_shard(boost::asio::io_context& context, std::size_t index) {
  pthread_setname_np(pthread_self(), ("shard-" + std::to_string(index)).c_str());
  schedule_promptly();
  context.run();
}

}  // namespace

Shards::Shards(std::size_t count) {
  for (std::size_t i = 0; i < std::max<std::size_t>(count, 1); ++i) {
    contexts_.push_back(std::make_unique<Loop>(1));  // 1: one thread runs it, so posts to itself need no wake-up
    guards_.emplace_back(contexts_.back()->get_executor());
  }
}

Shards::~Shards() { stop(); }

void Shards::start() {
  for (std::size_t i = threads_.size(); i < contexts_.size(); ++i) {
    threads_.emplace_back([this, i] { run_shard(*contexts_[i], i); });
  }
}

void Shards::stop() {
  for (auto& context : contexts_) context->stop();
  threads_.clear();
}

void Shards::drop() {
  for (auto& context : contexts_) context->shutdown();
}

std::size_t available_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) != 0) return std::max(1U, std::thread::hardware_concurrency());
  return static_cast<std::size_t>(std::max(1, CPU_COUNT(&set)));
}

}  // namespace parley::runtime
