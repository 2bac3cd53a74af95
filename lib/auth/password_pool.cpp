#include "auth/password_pool.hpp"

#include <sodium.h>

#include <boost/asio/post.hpp>
#include <chrono>

#include "runtime/random.hpp"

namespace parley::auth {
namespace {

// Of a password that nobody knows.
std::string hash_of_nobody(const PasswordCost& cost) {
  std::byte secret[32];
  runtime::fill_secret(secret);
  return hash_password({reinterpret_cast<const char*>(secret), sizeof secret}, cost).value_or("");
}

}  // namespace

PasswordPool::PasswordPool(PasswordPoolOptions options, runtime::Metrics& metrics)
    : options_(options),
      seconds_(metrics.histogram("parley_password_seconds", "Hashing or checking a password, without the waiting")),
      refused_(metrics.counter("parley_password_refused_total", "Passwords that were not looked at: too many waited")),
      nobodys_(hash_of_nobody(options.cost)),
      guard_(context_.get_executor()) {
  for (std::size_t i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { context_.run(); });
}

PasswordPool::~PasswordPool() {
  context_.stop();
  threads_.clear();  // joins
}

template <class Job>
bool PasswordPool::post(Job job) {
  if (waiting_.fetch_add(1, std::memory_order_relaxed) >= options_.queue) {
    waiting_.fetch_sub(1, std::memory_order_relaxed);
    refused_.add();
    return false;
  }
  boost::asio::post(context_, [this, job = std::move(job)]() mutable {
    const auto since = std::chrono::steady_clock::now();
    auto answer = job();
    seconds_.observe_us(static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - since).count()));
    waiting_.fetch_sub(1, std::memory_order_relaxed);
    answer();
  });
  return true;
}

void PasswordPool::hash(std::string password, Hashed done) {
  auto job = [this, done, password = std::move(password)]() mutable {
    auto hash = hash_password(password, options_.cost);
    sodium_memzero(password.data(), password.size());
    return [done = std::move(done), hash = std::move(hash)] {
      done(hash ? std::expected<std::string, PasswordFault>(*hash) : std::unexpected(PasswordFault::NoMemory));
    };
  };
  if (!post(std::move(job))) done(std::unexpected(PasswordFault::Busy));
}

void PasswordPool::check(std::string hash, std::string password, Checked done) {
  auto job = [this, done, hash = std::move(hash), password = std::move(password)]() mutable {
    const bool fits = fits_password(hash.empty() ? nobodys_ : hash, password) && !hash.empty();
    sodium_memzero(password.data(), password.size());
    return [done = std::move(done), fits] { done(fits); };
  };
  if (!post(std::move(job))) done(std::unexpected(PasswordFault::Busy));
}

}  // namespace parley::auth
